#include "services/domain/break_glass.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/decide_reporter.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

// An emergency that cannot be described is none.
constexpr std::size_t kReasonBytesMin = 20;
constexpr std::uint32_t kMinutesMax = 240;

bool IsOpening(const storage::v1::SectionFold& kept, const event::v1::Position& position) {
  return std::any_of(kept.facts().begin(), kept.facts().end(), [&](const auto& fact) {
    return fact.fact().has_break_glass_opened() && Same(fact.position(), position);
  });
}

}  // namespace

absl::StatusOr<Decision> DecideBreakGlass(const command::v1::BreakGlass& command,
                                          const ReportState& report, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, PrivateDraft(report, {}, call));
  RETURN_IF_ERROR(CheckCode("reason", "break_glass_reason", command.reason(), call.catalogue));
  RETURN_IF_ERROR(CheckRequired("reason_text", command.reason_text(), kReasonBytesMax));
  if (command.reason_text().size() < kReasonBytesMin) {
    return BadField("reason_text", absl::StrCat("must say what happened in at least ",
                                                kReasonBytesMin, " characters"));
  }
  if (command.minutes() < 1 || command.minutes() > kMinutesMax) {
    return BadField("minutes", absl::StrCat("must be 1 to ", kMinutesMax));
  }
  if (call.header.officer().officer_id().empty()) {
    return BadField("officer.officer_id", "is required: somebody takes it");
  }
  auto& opened = *draft.fact.mutable_break_glass_opened();
  opened.set_by(command.by());
  opened.set_role(command.role());
  opened.set_reason(command.reason());
  opened.set_minutes(command.minutes());
  draft.personal.emplace().set_reason_text(command.reason_text());
  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideReviewBreakGlass(const command::v1::ReviewBreakGlass& command,
                                                const ReportState& report,
                                                const storage::v1::SectionFold& kept,
                                                const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, PrivateDraft(report, {}, call));
  if (!IsOpening(kept, command.opening())) {
    return Refusal(absl::StatusCode::kNotFound, "BREAK_GLASS_NOT_FOUND",
                   "the opening is none of this report; ListBreakGlass names them");
  }
  if (call.header.officer().officer_id().empty()) {
    return BadField("officer.officer_id", "is required: somebody answers for the review");
  }
  RETURN_IF_ERROR(CheckText("remark", command.remark(), kReasonBytesMax));
  if (!command.justified() && command.remark().empty()) {
    return BadField("remark", "is required if it was not justified");
  }
  auto& reviewed = *draft.fact.mutable_break_glass_reviewed();
  *reviewed.mutable_opening() = command.opening();
  reviewed.set_justified(command.justified());
  if (!command.remark().empty()) draft.personal.emplace().set_reason_text(command.remark());
  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
