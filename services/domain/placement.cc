#include "services/domain/placement.h"

#include <optional>

#include "services/domain/refusal.h"
#include "services/domain/values.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using event::v1::ELECTION_PHASE_BEFORE_PENETAPAN;
using event::v1::ELECTION_PHASE_FROM_PENETAPAN;
using event::v1::ELECTION_PHASE_UNSPECIFIED;

event::v1::ElectionPhase ToEvent(ElectionPhase phase) {
  return phase == ElectionPhase::kBeforePenetapan ? ELECTION_PHASE_BEFORE_PENETAPAN
                                                  : ELECTION_PHASE_FROM_PENETAPAN;
}

// A phase of one's own comes with its reason, and neither alone.
absl::Status CheckSaid(const PhaseSaid& said, const reference::Catalogue& catalogue) {
  const bool given = said.phase != ELECTION_PHASE_UNSPECIFIED;
  if (given == said.reason.empty()) {
    return BadField(given ? "phase_override" : "phase", "phase and phase_override go together");
  }
  if (said.phase != ELECTION_PHASE_BEFORE_PENETAPAN &&
      said.phase != ELECTION_PHASE_FROM_PENETAPAN && given) {
    return BadField("phase", "is unknown");
  }
  return CheckReason("phase_override", "phase_override", said.reason, said.reason_text, catalogue);
}

}  // namespace

void MarkViolations(std::span<const std::string> violations, event::v1::ElectionPhase phase,
                    const reference::Catalogue& catalogue, Marks* marks) {
  for (const std::string& violation : violations) {
    if (phase == ELECTION_PHASE_UNSPECIFIED) {
      std::vector<Notice> notices;
      AddConflicts("violations", violation, catalogue, &notices);
      AddMarks(notices, marks);
      continue;
    }
    const auto fit = CheckViolationPhase(violation,
                                         phase == ELECTION_PHASE_BEFORE_PENETAPAN
                                             ? ElectionPhase::kBeforePenetapan
                                             : ElectionPhase::kFromPenetapan,
                                         catalogue);
    if (fit.ok()) AddMarks(fit->notices, marks);
  }
}

absl::StatusOr<Placement> PlaceAct(const ElectionPlace& place, absl::string_view act_day,
                                   std::span<const std::string> violations, const PhaseSaid& said,
                                   const reference::Catalogue& catalogue) {
  RETURN_IF_ERROR(CheckSaid(said, catalogue));
  if (!place.contest.empty()) {
    RETURN_IF_ERROR(CheckCode("contest", "contest", place.contest, catalogue));
  }
  Placement placement;
  const auto act = LocalDate::ParseIso(act_day);
  if (act) {
    const auto found = FindPhase(place, *act, std::nullopt, catalogue);
    if (found.ok()) {
      placement.calendar_phase = ToEvent(found->phase);
      AddMarks(found->notices, &placement.marks);
    }
    const auto stage = FindStage(place, *act, catalogue);
    if (stage.ok()) placement.stage = std::string(NameOf(stage->stage));
  }
  placement.phase = placement.calendar_phase;
  if (said.phase != ELECTION_PHASE_UNSPECIFIED && said.phase != placement.calendar_phase) {
    placement.phase = said.phase;
    placement.phase_override = said.reason;
    AddMark("PHASE_OVERRIDDEN", "phase_override", "", &placement.marks);
  }
  if (placement.phase == ELECTION_PHASE_UNSPECIFIED) {
    AddMark("PHASE_OPEN", "phase_by_penetapan", "", &placement.marks);
  }
  MarkViolations(violations, placement.phase, catalogue, &placement.marks);
  return placement;
}

}  // namespace selaras::domain
