#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/domain/deadline.h"
#include "services/domain/decide.h"

// What a watcher states about time limits (rule 10): pure, as every decision. A rung is one of a
// row, an anchor and an offset; what was stated once is read off the facts.
namespace selaras::domain {

// A report, or a case with what is known of its report.
struct WatchedSubject {
  std::string report_id;  // exactly one of the two is set
  std::string case_id;
  CaseFold fold;                                   // empty for a report
  std::vector<storage::v1::EffectiveFact> report;  // shared facts only: the private log is silent
  bool report_has_cases = false;

  DeadlineFacts facts() const { return {&fold, report}; }
};

// A limit that is owed to the end of time if nothing more happens.
struct OwedLimit {
  DeadlineStatus status;
  // Rungs that were not stated yet and are not of the past: in rising order of `at`.
  std::vector<Rung> unstated;
};

// The limits of the subject that have a due day and are owed. Those of a report stand with the
// report alone, unless only a case can meet them and there is one. Independent of the time.
std::vector<OwedLimit> OwedLimitsOf(const WatchedSubject& subject, const DeadlineRules& rules);

// Whether the authority has stated anything in the subject: a watcher's word opens nothing.
bool WritesIn(const WatchedSubject& subject, const std::string& authority);

// Whether an officer stated the fact, and not a watcher.
bool IsOfOfficer(FactKind kind);

// That the rung was reached, in the name of the caller's authority. `seen` is what the decision
// rests on of the duty-holder's log, if it has one. Refused (RULE) unless the authority watches
// the limit, which is owed, and writes in the subject, and the rung is unstated and reached.
//
// Goes where the anchor went: to all parties if that did, else it stays in the office. Who does not
// hold what a limit counts from learns nothing of it by its rung (rule 8).
absl::StatusOr<Decision> DecideRecordRung(const command::v1::RecordRung& command,
                                          const WatchedSubject& subject, const DeadlineRules& rules,
                                          const event::v1::SeenLog* seen, absl::Time now,
                                          const Call& call);

// That other reference data moved a due day; visible as a rung is. `changed_tables` says why.
// Refused (RULE) unless the authority watches the limit, which is owed and not of the past, and
// the day is another one by these rules.
absl::StatusOr<Decision> DecideRecordRecomputation(const command::v1::RecordRecomputation& command,
                                                   const WatchedSubject& subject,
                                                   const DeadlineRules& rules,
                                                   const std::vector<std::string>& changed_tables,
                                                   const Call& call);

}  // namespace selaras::domain
