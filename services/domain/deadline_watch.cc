#include "services/domain/deadline_watch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using storage::v1::EffectiveFact;

template <typename Visit>
void ForEachFact(const WatchedSubject& subject, Visit visit) {
  for (const EffectiveFact& fact : subject.report) visit(fact);
  for (const auto& segment : subject.fold.segments()) {
    for (const EffectiveFact& fact : segment.facts()) visit(fact);
  }
}

const EffectiveFact* FindFact(const WatchedSubject& subject, const event::v1::Position& position) {
  const EffectiveFact* found = nullptr;
  ForEachFact(subject, [&](const EffectiveFact& fact) {
    if (Same(fact.position(), position)) found = &fact;
  });
  return found;
}

bool WasStated(const WatchedSubject& subject, const DeadlineStatus& status, const Rung& rung) {
  bool stated = false;
  ForEachFact(subject, [&](const EffectiveFact& fact) {
    const auto& reached = fact.fact().deadline_rung_reached();
    stated = stated ||
             (fact.fact().has_deadline_rung_reached() && reached.deadline() == status.rule->id &&
              reached.rung() == rung.offset && Same(reached.anchor(), status.anchor));
  });
  return stated;
}

// Whether it is this subject in which the limit is watched.
bool StandsHere(const WatchedSubject& subject, const DeadlineStatus& status) {
  if (!subject.case_id.empty()) return !status.of_report;
  return status.of_report || !subject.report_has_cases;
}

absl::StatusOr<OwedLimit> FindOwed(const WatchedSubject& subject, const DeadlineRules& rules,
                                   const std::string& deadline, const event::v1::Position& anchor,
                                   const Call& call) {
  for (OwedLimit& limit : OwedLimitsOf(subject, rules)) {
    if (limit.status.rule->id != deadline || !Same(limit.status.anchor, anchor)) continue;
    if (limit.status.watcher != call.header.authority() ||
        !WritesIn(subject, call.header.authority())) {
      return RuleForbids("watcher", absl::StrCat(call.header.authority(), " does not watch it"));
    }
    return std::move(limit);
  }
  return RuleForbids("owed", absl::StrCat(deadline, " is not owed from there"));
}

Draft DraftOf(const WatchedSubject& subject, const DeadlineStatus& status) {
  Draft draft;
  draft.report_id = subject.report_id;
  draft.case_id = subject.case_id;
  const EffectiveFact* anchor = FindFact(subject, status.anchor);
  if (anchor != nullptr) {
    if (anchor->party_number() > 0) draft.visibility = Visibility::kParty;
    draft.citations.push_back(Cite(*anchor));
  }
  return draft;
}

Decision DecisionOf(const WatchedSubject& subject, Draft draft) {
  return {.report_id = subject.report_id, .case_id = subject.case_id, .drafts = {std::move(draft)}};
}

}  // namespace

bool WritesIn(const WatchedSubject& subject, const std::string& authority) {
  if (subject.case_id.empty()) {
    return !subject.report.empty() && subject.report.front().author() == authority;
  }
  return std::any_of(subject.fold.segments().begin(), subject.fold.segments().end(),
                     [&](const auto& segment) {
                       return segment.writer() == authority && !segment.facts().empty();
                     });
}

bool IsOfOfficer(FactKind kind) {
  return kind != F::kDeadlineRungReached && kind != F::kDeadlineRecomputed;
}

std::vector<OwedLimit> OwedLimitsOf(const WatchedSubject& subject, const DeadlineRules& rules) {
  std::vector<OwedLimit> owed;
  // At the end of time everything that may ever be reached is.
  for (DeadlineStatus& status : rules.Of(subject.facts(), absl::InfiniteFuture())) {
    if (status.state != DeadlineState::kOverdue || !status.due || !StandsHere(subject, status)) {
      continue;
    }
    OwedLimit limit;
    for (const Rung& rung : status.rungs) {
      if (rung.may_fire && !WasStated(subject, status, rung)) limit.unstated.push_back(rung);
    }
    std::sort(limit.unstated.begin(), limit.unstated.end(),
              [](const Rung& a, const Rung& b) { return a.at < b.at; });
    limit.status = std::move(status);
    owed.push_back(std::move(limit));
  }
  return owed;
}

absl::StatusOr<Decision> DecideRecordRung(const command::v1::RecordRung& command,
                                          const WatchedSubject& subject, const DeadlineRules& rules,
                                          const event::v1::SeenLog* seen, absl::Time now,
                                          const Call& call) {
  ASSIGN_OR_RETURN(const OwedLimit limit,
                   FindOwed(subject, rules, command.deadline(), command.anchor(), call));
  const DeadlineStatus& status = limit.status;
  const auto rung = std::find_if(limit.unstated.begin(), limit.unstated.end(),
                                 [&](const Rung& each) { return each.offset == command.rung(); });
  if (rung == limit.unstated.end()) return RuleForbids("rung", "it has no such rung to be stated");
  if (rung->at > now) return RuleForbids("rung", "it is not reached yet");
  Draft draft = DraftOf(subject, status);
  event::v1::When& when = draft.occurred_at.emplace();
  when.set_date(rung->day.ToIso());
  when.set_zone(std::string(reference::NameOf(status.zone)));
  auto* reached = draft.fact.mutable_deadline_rung_reached();
  reached->set_deadline(status.rule->id);
  reached->set_rung(rung->offset);
  reached->set_due_on(status.due->day.ToIso());
  *reached->mutable_anchor() = status.anchor;
  if (status.anchor_day) reached->set_anchor_on(status.anchor_day->ToIso());
  reached->set_duty(status.duty);
  reached->set_self_watched(status.self_watched);
  if (seen != nullptr) *reached->mutable_seen() = *seen;
  for (const int year : status.due->incomplete_years) reached->add_incomplete_years(year);
  return DecisionOf(subject, std::move(draft));
}

absl::StatusOr<Decision> DecideRecordRecomputation(const command::v1::RecordRecomputation& command,
                                                   const WatchedSubject& subject,
                                                   const DeadlineRules& rules,
                                                   const std::vector<std::string>& changed_tables,
                                                   const Call& call) {
  ASSIGN_OR_RETURN(const OwedLimit limit,
                   FindOwed(subject, rules, command.deadline(), command.anchor(), call));
  const std::string due_on = limit.status.due->day.ToIso();
  if (limit.status.past_when_recorded) return RuleForbids("owed", "it was past when recorded");
  if (due_on == command.previous_due_on()) return RuleForbids("due", "the day has not moved");
  Draft draft = DraftOf(subject, limit.status);
  auto* recomputed = draft.fact.mutable_deadline_recomputed();
  recomputed->set_deadline(command.deadline());
  *recomputed->mutable_anchor() = command.anchor();
  recomputed->set_previous_due_on(command.previous_due_on());
  recomputed->set_due_on(due_on);
  recomputed->set_previous_catalogue(command.previous_catalogue());
  for (const std::string& table : changed_tables) recomputed->add_changed_tables(table);
  return DecisionOf(subject, std::move(draft));
}

}  // namespace selaras::domain
