#include "services/domain/deadline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/deadline_facts.h"
#include "services/domain/deadline_moments.h"

namespace selaras::domain {
namespace {

using reference::DeadlineRole;
using reference::DeadlineUnit;
using storage::v1::EffectiveFact;

bool IsEffect(const reference::Deadline& rule) { return rule.met_by.empty(); }

// A day moved by so many units of the row.
std::optional<CountedDay> Move(LocalDate day, int n, DeadlineUnit unit, const Calendar& calendar) {
  if (unit == DeadlineUnit::kWorkingDays) return calendar.AddWorkingDays(day, n);
  const std::optional<LocalDate> moved = AddDays(day, n);
  if (!moved) return std::nullopt;
  return CountedDay{*moved, {}};
}

// One row on one anchor.
class Evaluation {
 public:
  Evaluation(const reference::Deadline& rule, const EffectiveFact& anchor, const CaseFacts& facts,
             const Calendar& calendar)
      : rule_(rule), anchor_(anchor), facts_(facts), calendar_(calendar) {
    status_.rule = &rule;
    status_.anchor = anchor.position();
    status_.zone = facts.ZoneOf(anchor);
    status_.duty = facts.AuthorityOf(rule.duty, anchor);
    status_.watcher = facts.AuthorityOf(rule.watcher, anchor);
    status_.self_watched = !status_.watcher.empty() && status_.watcher == status_.duty;
    const auto of_report = [](const std::string& moment) { return IsOfReport(moment); };
    status_.of_report = rule.on_due_of.empty() && !IsEffect(rule) &&
                        std::all_of(rule.on.begin(), rule.on.end(), of_report) &&
                        std::all_of(rule.met_by.begin(), rule.met_by.end(), of_report);
  }

  // `counted` is where counting starts: the anchor's own day unless another row's due day is it.
  DeadlineStatus Run(const std::optional<DeadlineAnchor>& counted, std::string why_not,
                     absl::Time as_of) {
    if (!counted) return NotApplicable("the day of its anchor is not recorded");
    status_.anchor_day = counted->day;
    status_.anchor_has_time = counted->instant.has_value();
    std::optional<Due> due = DueOf(rule_, *counted, calendar_);
    if (!due) return NotApplicable("the due day lies outside the calendar");
    due_ = *std::move(due);
    status_.due = due_;
    status_.past_when_recorded = due_.end <= TimeOf(anchor_.recorded_at());
    if (why_not.empty()) why_not = facts_.WhyNot(rule_.only_if, anchor_);
    if (!why_not.empty()) return NotApplicable(std::move(why_not));
    Judge(as_of);
    Climb(as_of);
    return std::move(status_);
  }

  // What stops the clock before it is due; nullptr if nothing does.
  const EffectiveFact* Suspended(const Due& due) const {
    const EffectiveFact* stop = facts_.FirstAfter(anchor_, rule_.suspended_by);
    if (stop == nullptr) return nullptr;
    const auto when = facts_.AnchorOf(*stop);
    // What takes effect has done so from the beginning of the day; what is owed may still be done
    // to its end.
    const bool too_late = when && (IsEffect(rule_) ? when->day >= due.day : when->day > due.day);
    return too_late ? nullptr : stop;
  }

 private:
  DeadlineStatus NotApplicable(std::string because) {
    status_.state = DeadlineState::kNotApplicable;
    status_.because = std::move(because);
    return std::move(status_);
  }

  void Judge(absl::Time as_of) {
    if (const EffectiveFact* met = facts_.FirstAfter(anchor_, rule_.met_by)) return Meet(*met);
    if (facts_.IsOver(anchor_)) {
      status_.state = DeadlineState::kNotApplicable;
      status_.because = "the PPK has the case no more";
      return;
    }
    if (const EffectiveFact* stop = Suspended(due_)) {
      status_.state = DeadlineState::kSuspended;
      status_.because =
          absl::StrCat("stopped by ", stop->position().log(), "@", stop->position().sequence());
      return;
    }
    if (!IsEffect(rule_)) {
      status_.state = as_of < due_.end ? DeadlineState::kOpen : DeadlineState::kOverdue;
    } else if (as_of >= StartOf(due_.day, status_.zone)) {
      status_.state = DeadlineState::kMet;
      status_.met = DeadlineMet{anchor_.position(), due_.day, false};
    }
  }

  void Meet(const EffectiveFact& fact) {
    DeadlineMet met;
    met.position = fact.position();
    met.recorded_late = TimeOf(fact.recorded_at()) >= due_.end;
    const auto when = facts_.AnchorOf(fact);
    bool in_time = true;  // also where it cannot be told
    if (when) {
      met.day = when->day;
      const absl::Time time = when->instant.value_or(StartOf(when->day, when->zone));
      in_time = rule_.unit == DeadlineUnit::kHours ? time <= due_.end : when->day <= due_.day;
    }
    status_.state = !in_time            ? DeadlineState::kMetLate
                    : met.recorded_late ? DeadlineState::kMetRecordedLate
                                        : DeadlineState::kMet;
    status_.met = std::move(met);
  }

  void Climb(absl::Time as_of) {
    const absl::Time recorded = TimeOf(anchor_.recorded_at());
    const bool owed =
        status_.state == DeadlineState::kOpen || status_.state == DeadlineState::kOverdue;
    for (const int offset : rule_.rungs) {
      std::optional<Rung> rung = RungOf(offset);
      if (!rung) continue;
      rung->reached = rung->at <= as_of;
      const auto next = AddDays(rung->day, 1);
      const absl::Time last =
          rule_.unit == DeadlineUnit::kHours || !next ? rung->at : StartOf(*next, status_.zone);
      rung->may_fire = rung->reached && owed && !status_.watcher.empty() &&
                       !status_.past_when_recorded && last > recorded;
      status_.rungs.push_back(*rung);
    }
  }

  std::optional<Rung> RungOf(int offset) const {
    Rung rung;
    rung.offset = offset;
    if (rule_.unit == DeadlineUnit::kHours) {
      rung.at = due_.end + absl::Hours(offset);
      const auto day = DayAt(rung.at, status_.zone);
      if (!day) return std::nullopt;
      rung.day = *day;
      return rung;
    }
    const auto moved = Move(due_.day, offset, rule_.unit, calendar_);
    // From the due day on it is the end of a day that counts, which is the next one's beginning.
    const auto day = moved ? AddDays(moved->day, offset < 0 ? 0 : 1) : std::nullopt;
    if (!day) return std::nullopt;
    rung.day = *day;
    rung.at = StartOf(*day, status_.zone);
    return rung;
  }

  const reference::Deadline& rule_;
  const EffectiveFact& anchor_;
  const CaseFacts& facts_;
  const Calendar& calendar_;
  DeadlineStatus status_;
  Due due_;
};

// Which rows are asked at all: those of another kind of election are not.
bool IsOfRegime(const reference::Deadline& rule,
                const std::optional<reference::ElectionRegime>& regime) {
  using reference::ElectionRegime;
  const bool of_elections = rule.regime == reference::NameOf(ElectionRegime::kPemilu) ||
                            rule.regime == reference::NameOf(ElectionRegime::kPemilihan);
  return !of_elections || (regime && rule.regime == reference::NameOf(*regime));
}

bool MetInTime(const DeadlineStatus& status) {
  return status.state == DeadlineState::kMet || status.state == DeadlineState::kMetRecordedLate;
}

}  // namespace

absl::string_view NameOf(DeadlineState state) {
  switch (state) {
    case DeadlineState::kOpen:
      return "open";
    case DeadlineState::kMet:
      return "met";
    case DeadlineState::kMetLate:
      return "met_late";
    case DeadlineState::kMetRecordedLate:
      return "met_recorded_late";
    case DeadlineState::kOverdue:
      return "overdue";
    case DeadlineState::kSuspended:
      return "suspended";
    case DeadlineState::kNotApplicable:
      return "not_applicable";
  }
  return "?";
}

std::optional<Due> DueOf(const reference::Deadline& rule, const DeadlineAnchor& anchor,
                         const Calendar& calendar) {
  if (rule.unit == DeadlineUnit::kHours) {
    const auto next = AddDays(anchor.day, 1);
    if (!next) return std::nullopt;
    const absl::Time start = anchor.instant.value_or(StartOf(*next, anchor.zone));
    const absl::Time end = start + absl::Hours(rule.count);
    // The last moment that is in time; midnight belongs to the day that it ends.
    const auto day = DayAt(anchor.instant ? end : end - absl::Nanoseconds(1), anchor.zone);
    if (!day) return std::nullopt;
    return Due{*day, end, {}};
  }
  const bool counts_itself = rule.count_from == reference::CountFrom::kSameDay;
  const auto from = AddDays(anchor.day, counts_itself ? -1 : 0);
  if (!from) return std::nullopt;
  const auto counted = Move(*from, rule.count, rule.unit, calendar);
  const auto next = counted ? AddDays(counted->day, 1) : std::nullopt;
  if (!next) return std::nullopt;
  return Due{counted->day, StartOf(*next, anchor.zone), counted->incomplete_years};
}

DeadlineRules::DeadlineRules(std::shared_ptr<const reference::Catalogue> catalogue)
    : catalogue_(std::move(catalogue)), calendar_(*catalogue_) {}

std::vector<DeadlineStatus> DeadlineRules::Of(const DeadlineFacts& given, absl::Time as_of) const {
  const CaseFacts facts(given, *catalogue_);
  const auto regime = facts.Regime();
  std::vector<const reference::Deadline*> rules;
  for (const reference::Deadline& rule : catalogue_->deadlines()) {
    if (IsOfRegime(rule, regime)) rules.push_back(&rule);
  }
  const std::string ppk = facts.AuthorityOf(DeadlineRole::kSanction, EffectiveFact());
  if (const auto* limit = catalogue_->FollowUpOf(ppk); limit != nullptr) rules.push_back(limit);

  // A row on another's due day comes after it in the table and has the same anchor.
  struct Found {
    DeadlineStatus status;
    const EffectiveFact* anchor;
  };
  std::vector<Found> found;
  const auto add = [&](const reference::Deadline& rule, const EffectiveFact& anchor,
                       const std::optional<DeadlineAnchor>& counted, std::string why_not) {
    if (counted && !IsValidOn(rule, counted->day)) return;
    found.push_back(
        {Evaluation(rule, anchor, facts, calendar_).Run(counted, std::move(why_not), as_of),
         &anchor});
  };
  for (const reference::Deadline* rule : rules) {
    if (rule->on_due_of.empty()) {
      for (const EffectiveFact* anchor : facts.Of(rule->on)) {
        add(*rule, *anchor, facts.AnchorOf(*anchor), "");
      }
      continue;
    }
    for (std::size_t i = 0, end = found.size(); i < end; ++i) {
      const DeadlineStatus& other = found[i].status;
      if (other.rule->id != rule->on_due_of || !other.due) continue;
      // Adding moves what was found: what is needed of it is taken first.
      const DeadlineAnchor counted{other.due->day, std::nullopt, other.zone};
      const std::string why_not =
          MetInTime(other) ? absl::StrCat(rule->on_due_of, " was met in time") : "";
      add(*rule, *found[i].anchor, counted, why_not);
    }
  }
  std::vector<DeadlineStatus> statuses;
  statuses.reserve(found.size());
  for (Found& each : found) statuses.push_back(std::move(each.status));
  return statuses;
}

InForce DeadlineRules::InForceOn(const CaseFold& fold) const {
  constexpr absl::string_view kHandedOver = "decision_handed_over";
  const CaseFacts facts({.fold = &fold, .report = {}}, *catalogue_);
  FactList anchors = facts.Of({std::string(kHandedOver)});
  // What a PPK decided that has the case no more did not last.
  std::erase_if(anchors, [&](const EffectiveFact* each) { return facts.IsOver(*each); });
  InForce result;
  if (anchors.empty()) return result;
  const EffectiveFact& anchor = *anchors.back();
  result.handed_over = anchor.position();
  const auto counted = facts.AnchorOf(anchor);
  for (const reference::Deadline& rule : catalogue_->deadlines()) {
    if (!IsEffect(rule) ||
        std::find(rule.on.begin(), rule.on.end(), kHandedOver) == rule.on.end() ||
        (counted && !IsValidOn(rule, counted->day))) {
      continue;
    }
    InForceReading reading;
    reading.rule = &rule;
    const Evaluation evaluation(rule, anchor, facts, calendar_);
    const auto due = counted ? DueOf(rule, *counted, calendar_) : std::nullopt;
    if (due) {
      reading.incomplete_years = due->incomplete_years;
      if (const EffectiveFact* stop = evaluation.Suspended(*due)) {
        reading.suspended = true;
        if (!result.suspended_by) result.suspended_by = stop->position();
      } else {
        reading.day = due->day;
      }
    }
    result.readings.push_back(std::move(reading));
  }
  if (!result.readings.empty()) result.day = result.readings.front().day;
  return result;
}

}  // namespace selaras::domain
