#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/domain/ground.h"
#include "services/domain/local_date.h"
#include "services/reference/catalogue.h"

// Where an act stands in an election: before or from the penetapan, and in which stage.
namespace selaras::domain {

using reference::ElectionPhase;

struct ElectionPlace {
  std::string election;
  std::string contest;  // code of the list `contest`; empty if not recorded
  std::string region;
};

struct PhaseOverride {
  ElectionPhase phase = ElectionPhase::kBeforePenetapan;
  std::string reason;
};

struct PhaseFinding {
  ElectionPhase phase = ElectionPhase::kBeforePenetapan;
  // By the calendar; absent if no penetapan is on record and an officer said the phase.
  std::optional<ElectionPhase> computed;
  bool overridden = false;  // an officer said another phase than `computed`
  std::vector<Ground> grounds;
  std::vector<Notice> notices;
};

// The phase of an act. The day of the penetapan itself counts as after. Errors are those of
// Catalogue::Phase, and INVALID_ARGUMENT for an override without a reason.
// Notices: CONTEST_OPEN if the contest is not recorded and it would make a difference;
// PHASE_OVERRIDDEN.
absl::StatusOr<PhaseFinding> FindPhase(const ElectionPlace& place, LocalDate act,
                                       const std::optional<PhaseOverride>& override_or_none,
                                       const reference::Catalogue& catalogue);

struct PhaseFit {
  bool fits = true;
  // The code of the same act in the other phase; empty if there is none. It is a proposal.
  std::string counterpart;
  std::vector<Notice> notices;
};

// Whether a violation can have been committed in that phase. It never changes the code: a misfit
// is a notice PHASE_MISMATCH. Conflicts about the row are shown whether it fits or not.
// INVALID_ARGUMENT for an unknown violation.
absl::StatusOr<PhaseFit> CheckViolationPhase(absl::string_view violation, ElectionPhase phase,
                                             const reference::Catalogue& catalogue);

// Every day of an election is in exactly one of them: each begins with the first day of its row
// in elections.tsv and lasts until the next one. So the days from the registration to the
// campaign, the penetapan among them, are kRegistration.
enum class Stage {
  kBeforeRegistration,
  kRegistration,
  kCampaign,
  kQuietDays,
  kVotingAndCount,
  kAfter,
  kRevote,  // a day of a repeated vote (PSU), later than the count
};

// `before_registration`, `registration`, `campaign`, `quiet_days`, `voting_and_count`, `after`,
// `revote`.
absl::string_view NameOf(Stage stage);

struct StageFinding {
  Stage stage = Stage::kBeforeRegistration;
  // The row in whose days the act lies; nullptr between rows, before and after all.
  const reference::ElectionPeriod* period = nullptr;
  std::vector<Ground> grounds;
};

// INVALID_ARGUMENT if election or region are unknown, FAILED_PRECONDITION if a stage on which the
// answer depends is not on record there. Without a contest a repeated vote of any counts.
absl::StatusOr<StageFinding> FindStage(const ElectionPlace& place, LocalDate act,
                                       const reference::Catalogue& catalogue);

}  // namespace selaras::domain
