#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"

#include "services/domain/marks.h"
#include "services/domain/phase.h"

// Where an act stands in an election, as facts record it: phase and stage.
namespace selaras::domain {

// What an officer says about the phase. All empty: as the calendar has it.
struct PhaseSaid {
  event::v1::ElectionPhase phase = event::v1::ELECTION_PHASE_UNSPECIFIED;
  std::string reason;       // code of the list `phase_override`
  std::string reason_text;  // in words
};

struct Placement {
  event::v1::ElectionPhase phase = event::v1::ELECTION_PHASE_UNSPECIFIED;
  event::v1::ElectionPhase calendar_phase = event::v1::ELECTION_PHASE_UNSPECIFIED;
  std::string stage;           // word of NameOf(Stage); empty if it cannot be told
  std::string phase_override;  // only where the phase differs from the calendar's
  Marks marks;
};

// Of the act of a day (`YYYY-MM-DD`, empty if not recorded) with these violations. What cannot be
// told stays open and is marked. INVALID_ARGUMENT for a phase without its reason or the reverse, a
// reason that needs words without them, and an unknown contest or violation.
absl::StatusOr<Placement> PlaceAct(const ElectionPlace& place, absl::string_view act_day,
                                   std::span<const std::string> violations, const PhaseSaid& said,
                                   const reference::Catalogue& catalogue);

// Marks each violation that does not belong to the phase, or about which sources disagree.
void MarkViolations(std::span<const std::string> violations, event::v1::ElectionPhase phase,
                    const reference::Catalogue& catalogue, Marks* marks);

// Writes it into a RespondentNamed or LegacyCaseOpened.
template <typename Opening>
void WritePlacement(Placement placement, absl::string_view contest, Opening* fact) {
  fact->set_contest(std::string(contest));
  fact->set_phase(placement.phase);
  fact->set_calendar_phase(placement.calendar_phase);
  fact->set_stage(std::move(placement.stage));
  fact->set_phase_override(std::move(placement.phase_override));
  *fact->mutable_marks() = std::move(placement.marks);
}

}  // namespace selaras::domain
