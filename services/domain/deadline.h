#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/domain/calendar.h"
#include "services/domain/fold.h"
#include "services/reference/catalogue.h"

// Time limits, computed from facts and a catalogue and nothing else: no clock, nothing is written.
namespace selaras::domain {

enum class DeadlineState {
  kOpen,             // owed, not due yet; or takes effect later
  kMet,              // in time; or has taken effect
  kMetLate,          // after it was due
  kMetRecordedLate,  // in time by its date, or undated, but recorded after it was due
  kOverdue,
  kSuspended,      // the clock stands: see `because`
  kNotApplicable,  // the row says nothing about this case: see `because`
};

// `open`, `met_late`, …
absl::string_view NameOf(DeadlineState state);

// Where counting starts. `instant` is set if a time of day was recorded.
struct DeadlineAnchor {
  LocalDate day;
  std::optional<absl::Time> instant;
  reference::TimeZone zone = reference::TimeZone::kWib;
};

// The last day on which it can be done, or the day on which it takes effect.
struct Due {
  LocalDate day;
  absl::Time end;  // of that day at the office, or the hour: from then on it is too late
  std::vector<int> incomplete_years;
};

// Nothing outside the years 1 to 9999. Hours after an anchor without a time of day are counted
// from the end of its day, so that nobody is called late who may not be.
std::optional<Due> DueOf(const reference::Deadline& rule, const DeadlineAnchor& anchor,
                         const Calendar& calendar);

// A step before or after the due day on which the watcher speaks.
struct Rung {
  int offset = 0;  // as in the row
  LocalDate day;   // of `at`, at the office
  absl::Time at;   // it is reached from here on
  bool reached = false;
  // Reached, still owed, watched, and not in the past when the anchor was recorded. What was
  // written once is not known here: the request id of a rung sees to that.
  bool may_fire = false;
};

struct DeadlineMet {
  event::v1::Position position;  // of the anchor where something took effect by itself
  std::optional<LocalDate> day;  // nothing: not recorded
  bool recorded_late = false;    // recorded after the due day
};

struct DeadlineStatus {
  // Id, basis, mark, source, conflict. Lives as long as the catalogue.
  const reference::Deadline* rule = nullptr;
  event::v1::Position anchor;
  std::optional<LocalDate> anchor_day;  // nothing: not recorded, so nothing can be counted
  bool anchor_has_time = false;
  std::optional<Due> due;
  reference::TimeZone zone = reference::TimeZone::kWib;
  std::string duty;     // authority; empty if it is none (rule->duty says who) or not known yet
  std::string watcher;  // authority; empty: nobody
  bool self_watched = false;
  bool of_report = false;  // the same for every case of the report: anchored and met there
  DeadlineState state = DeadlineState::kOpen;
  std::string because;
  std::optional<DeadlineMet> met;
  bool past_when_recorded = false;  // due before its anchor was recorded: nothing fires
  std::vector<Rung> rungs;
};

// What there is to know. A node that holds no report hands in none; its rows are then not there.
struct DeadlineFacts {
  const CaseFold* fold = nullptr;                      // may be absent for a report without cases
  std::span<const storage::v1::EffectiveFact> report;  // shared and private ones, in log order
};

struct InForceReading {
  const reference::Deadline* rule = nullptr;
  std::optional<LocalDate> day;  // nothing: suspended, or the handing over has no day
  bool suspended = false;
  std::vector<int> incomplete_years;
};

// When a decision comes into force. Sources disagree, so there may be several readings;
// `day` is that of the first row in the table's order.
struct InForce {
  std::optional<event::v1::Position> handed_over;   // nothing: not handed over, no readings
  std::optional<event::v1::Position> suspended_by;  // the objection or appeal
  std::optional<LocalDate> day;
  std::vector<InForceReading> readings;
};

// The rules of one catalogue. Immutable: any thread may use it.
class DeadlineRules {
 public:
  explicit DeadlineRules(std::shared_ptr<const reference::Catalogue> catalogue);

  // One for each row of the election's regime and each fact that anchors it, in the order of the
  // table. A row whose anchor did not happen is left out, also because no fact states it yet.
  // What was met, was met by the first fact after the anchor in its log, or by one of another log.
  std::vector<DeadlineStatus> Of(const DeadlineFacts& facts, absl::Time as_of) const;

  InForce InForceOn(const CaseFold& fold) const;

  const Calendar& calendar() const { return calendar_; }
  // Whose digest names the version that every result rests on.
  const reference::Catalogue& catalogue() const { return *catalogue_; }

 private:
  std::shared_ptr<const reference::Catalogue> catalogue_;
  Calendar calendar_;
};

}  // namespace selaras::domain
