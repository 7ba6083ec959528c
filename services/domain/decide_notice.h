#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/intake/v1/intake.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

#include "services/domain/decide.h"

// Decisions about notices, see notice.h.
namespace selaras::domain {

// A PPK tells: opens the case `case_id`.
absl::StatusOr<Decision> DecideNoticeViolation(const sanction::v1::NoticeViolation& command,
                                               absl::string_view case_id, const Call& call);

// The office addressed takes notice of it.
absl::StatusOr<Decision> DecideReceiveNotice(const intake::v1::ReceiveNotice& command,
                                             const CaseFold& fold, const Call& call);

}  // namespace selaras::domain
