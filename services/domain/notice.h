#pragma once

#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"

#include "services/domain/fold.h"

// Notices: cases that a PPK opens to tell an office of Bawaslu of an alleged violation. Nobody
// judges such a case; it ends with its receipt, and what the office makes of it is a report.
namespace selaras::domain {

// What the PPK told; nullptr if the case is none, or if it was taken back. A pointer into `fold`.
const event::v1::ViolationNoticed* NoticeOf(const CaseFold& fold);

// Whether the case is a notice, also one that was taken back.
bool IsNotice(const CaseFold& fold);

// Whether the office has received the notice; false for every other case.
bool HasReceivedNotice(const CaseFold& fold, absl::string_view office);

}  // namespace selaras::domain
