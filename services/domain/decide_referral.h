#pragma once

#include "absl/status/statusor.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/domain/decide.h"

// Decisions of the referral section: the competent body, today BKN.
namespace selaras::domain {

absl::StatusOr<Decision> DecideReceiveCase(const referral::v1::ReceiveCase& command,
                                           const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideVerifyCase(const referral::v1::VerifyCase& command,
                                          const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideRecommendSanction(const referral::v1::RecommendSanction& command,
                                                 const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideDismissCase(const referral::v1::DismissCase& command,
                                           const CaseFold& fold, const Call& call);
absl::StatusOr<Decision> DecideReturnCase(const referral::v1::ReturnCase& command,
                                          const CaseFold& fold, const Call& call);

}  // namespace selaras::domain
