#include "services/domain/deadline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/deadline_moments.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using reference::DeadlineCondition;
using reference::DeadlineRole;
using reference::DeadlineUnit;
using storage::v1::EffectiveFact;

constexpr absl::string_view kInformationRequested = "information_requested";

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

bool IsEffect(const reference::Deadline& rule) { return rule.met_by.empty(); }

// A day moved by so many units of the row.
std::optional<CountedDay> Move(LocalDate day, int n, DeadlineUnit unit, const Calendar& calendar) {
  if (unit == DeadlineUnit::kWorkingDays) return calendar.AddWorkingDays(day, n);
  const std::optional<LocalDate> moved = AddDays(day, n);
  if (!moved) return std::nullopt;
  return CountedDay{*moved, {}};
}

// Everything about one case that rows are asked about.
class Facts {
 public:
  Facts(const DeadlineFacts& given, const reference::Catalogue& catalogue)
      : fold_(given.fold == nullptr ? CaseFold::default_instance() : *given.fold),
        catalogue_(catalogue) {
    for (const EffectiveFact& fact : given.report) all_.push_back(&fact);
    for (const auto* section : {&fold_.intake(), &fold_.referral(), &fold_.sanction()}) {
      for (const EffectiveFact& fact : section->facts()) all_.push_back(&fact);
    }
  }

  FactList Of(const std::vector<std::string>& moments) const {
    FactList found;
    for (const std::string& moment : moments) {
      for (const EffectiveFact* fact : FactsOf(moment, all_)) found.push_back(fact);
    }
    // Several words may stand for one fact, and the order of the facts is kept.
    FactList ordered;
    for (const EffectiveFact* fact : all_) {
      if (std::find(found.begin(), found.end(), fact) != found.end()) ordered.push_back(fact);
    }
    return ordered;
  }

  // The first of those that came after the anchor; nullptr if there is none.
  const EffectiveFact* FirstAfter(const EffectiveFact& anchor,
                                  const std::vector<std::string>& moments) const {
    for (const EffectiveFact* fact : Of(moments)) {
      const bool same_log = fact->position().log() == anchor.position().log();
      if (fact != &anchor &&
          (!same_log || fact->position().sequence() > anchor.position().sequence())) {
        return fact;
      }
    }
    return nullptr;
  }

  reference::TimeZone ZoneOf(const EffectiveFact& fact) const {
    if (const auto zone = reference::ParseTimeZone(fact.occurred_at().zone())) return *zone;
    const reference::Authority* author = catalogue_.FindAuthority(fact.author());
    return catalogue_.ZoneOf(author == nullptr ? "" : author->region);
  }

  // Nothing if no day was recorded.
  std::optional<DeadlineAnchor> AnchorOf(const EffectiveFact& fact) const {
    DeadlineAnchor anchor;
    anchor.zone = ZoneOf(fact);
    std::optional<LocalDate> day;
    if (fact.fact().kind_case() == F::kReportDetailsRecorded) {
      day = LocalDate::ParseIso(fact.fact().report_details_recorded().known_on());
    } else if (fact.occurred_at().has_date()) {
      day = LocalDate::ParseIso(fact.occurred_at().date());
    } else if (fact.occurred_at().has_instant()) {
      anchor.instant = TimeOf(fact.occurred_at().instant());
      day = DayAt(*anchor.instant, anchor.zone);
    }
    if (!day) return std::nullopt;
    anchor.day = *day;
    return anchor;
  }

  std::optional<reference::ElectionRegime> Regime() const {
    std::string code;
    for (const EffectiveFact* fact : all_) {
      if (!code.empty()) break;
      code = absl::StrCat(fact->fact().report_received().election(),
                          fact->fact().respondent_named().election(),
                          fact->fact().case_referred().election());
    }
    const auto regime = catalogue_.Regime(code);
    if (!regime.ok()) return std::nullopt;
    return *regime;
  }

  // Empty if it holds, otherwise why not.
  std::string WhyNot(DeadlineCondition condition, const EffectiveFact& anchor) const {
    switch (condition) {
      case DeadlineCondition::kNone:
        return {};
      case DeadlineCondition::kMoreInformation:
        return Of({std::string(kInformationRequested)}).empty()
                   ? "no more information was asked for"
                   : "";
      case DeadlineCondition::kNoMoreInformation:
        return Of({std::string(kInformationRequested)}).empty() ? ""
                                                                : "more information was asked for";
      case DeadlineCondition::kObjectionRoute:
      case DeadlineCondition::kAppealRoute:
        return WhyNotRoute(condition == DeadlineCondition::kAppealRoute
                               ? reference::AppealRoute::kAppeal
                               : reference::AppealRoute::kObjection,
                           anchor);
    }
    return "a condition that this version does not know";
  }

  std::string AuthorityOf(DeadlineRole role, const EffectiveFact& anchor) const {
    switch (role) {
      case DeadlineRole::kIntake:
        if (!fold_.intake().writer().empty()) return fold_.intake().writer();
        return all_.empty() ? "" : all_.front()->author();
      case DeadlineRole::kReferral: {
        if (!fold_.referral().facts().empty()) return fold_.referral().writer();
        const EffectiveFact* sent = LastFact(fold_.intake(), F::kCaseReferred);
        return sent == nullptr ? "" : sent->fact().case_referred().to();
      }
      case DeadlineRole::kSanction: {
        if (!fold_.sanction().facts().empty()) return fold_.sanction().writer();
        const EffectiveFact* sent = LastFact(fold_.referral(), F::kSanctionRecommended);
        return sent == nullptr ? "" : sent->fact().sanction_recommended().to();
      }
      case DeadlineRole::kAuthor:
        return anchor.author();
      case DeadlineRole::kReporter:
      case DeadlineRole::kRespondent:
      case DeadlineRole::kBpasn:
      case DeadlineRole::kNobody:
        break;
    }
    return {};
  }

 private:
  std::string WhyNotRoute(reference::AppealRoute route, const EffectiveFact& anchor) const {
    const reference::Sanction* imposed = nullptr;
    for (const EffectiveFact* fact : FactsOf("decided", all_)) {
      if (fact->position().log() == anchor.position().log() &&
          fact->position().sequence() < anchor.position().sequence()) {
        imposed = catalogue_.FindSanction(fact->fact().sanction_decided().sanction());
      }
    }
    if (imposed == nullptr) return "the sanction imposed is not known";
    if (imposed->appeal_route == route) return {};
    return absl::StrCat("the way against ", imposed->code, " is ",
                        reference::NameOf(imposed->appeal_route));
  }

  const CaseFold& fold_;
  const reference::Catalogue& catalogue_;
  FactList all_;
};

// One row on one anchor.
class Evaluation {
 public:
  Evaluation(const reference::Deadline& rule, const EffectiveFact& anchor, const Facts& facts,
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
    status_.due = DueOf(rule_, *counted, calendar_);
    if (!status_.due) return NotApplicable("the due day lies outside the calendar");
    status_.past_when_recorded = status_.due->end <= TimeOf(anchor_.recorded_at());
    if (why_not.empty()) why_not = facts_.WhyNot(rule_.only_if, anchor_);
    if (!why_not.empty()) return NotApplicable(std::move(why_not));
    Judge(as_of);
    Climb(as_of);
    return std::move(status_);
  }

  // What stops the clock; nullptr if nothing does. Needs a due day.
  const EffectiveFact* Suspended() const {
    const EffectiveFact* stop = facts_.FirstAfter(anchor_, rule_.suspended_by);
    if (stop == nullptr) return nullptr;
    const auto when = facts_.AnchorOf(*stop);
    // What takes effect has done so from the beginning of the day; what is owed may still be done
    // to its end.
    const bool too_late =
        when && (IsEffect(rule_) ? when->day >= status_.due->day : when->day > status_.due->day);
    return too_late ? nullptr : stop;
  }

  DeadlineStatus& status() { return status_; }

 private:
  DeadlineStatus NotApplicable(std::string because) {
    status_.state = DeadlineState::kNotApplicable;
    status_.because = std::move(because);
    return std::move(status_);
  }

  void Judge(absl::Time as_of) {
    if (const EffectiveFact* met = facts_.FirstAfter(anchor_, rule_.met_by)) return Meet(*met);
    if (const EffectiveFact* stop = Suspended()) {
      status_.state = DeadlineState::kSuspended;
      status_.because =
          absl::StrCat("stopped by ", stop->position().log(), "@", stop->position().sequence());
      return;
    }
    if (!IsEffect(rule_)) {
      status_.state = as_of < status_.due->end ? DeadlineState::kOpen : DeadlineState::kOverdue;
    } else if (as_of >= StartOf(status_.due->day, status_.zone)) {
      status_.state = DeadlineState::kMet;
      status_.met = DeadlineMet{anchor_.position(), status_.due->day, false};
    }
  }

  void Meet(const EffectiveFact& fact) {
    DeadlineMet met;
    met.position = fact.position();
    met.recorded_late = TimeOf(fact.recorded_at()) >= status_.due->end;
    const auto when = facts_.AnchorOf(fact);
    bool in_time = true;  // also where it cannot be told
    if (when) {
      met.day = when->day;
      const absl::Time time = when->instant.value_or(StartOf(when->day, when->zone));
      in_time = rule_.unit == DeadlineUnit::kHours ? time <= status_.due->end
                                                   : when->day <= status_.due->day;
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
      rung.at = status_.due->end + absl::Hours(offset);
      const auto day = DayAt(rung.at, status_.zone);
      if (!day) return std::nullopt;
      rung.day = *day;
      return rung;
    }
    const auto moved = Move(status_.due->day, offset, rule_.unit, calendar_);
    // From the due day on it is the end of a day that counts, which is the next one's beginning.
    const auto day = moved ? AddDays(moved->day, offset < 0 ? 0 : 1) : std::nullopt;
    if (!day) return std::nullopt;
    rung.day = *day;
    rung.at = StartOf(*day, status_.zone);
    return rung;
  }

  const reference::Deadline& rule_;
  const EffectiveFact& anchor_;
  const Facts& facts_;
  const Calendar& calendar_;
  DeadlineStatus status_;
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
  const Facts facts(given, *catalogue_);
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
        {Evaluation(rule, anchor, facts, calendar_).Run(counted, why_not, as_of), &anchor});
  };
  for (const reference::Deadline* rule : rules) {
    if (rule->on_due_of.empty()) {
      for (const EffectiveFact* anchor : facts.Of(rule->on)) {
        add(*rule, *anchor, facts.AnchorOf(*anchor), "");
      }
      continue;
    }
    for (std::size_t i = 0, end = found.size(); i < end; ++i) {
      const Found other = found[i];
      if (other.status.rule->id != rule->on_due_of || !other.status.due) continue;
      add(*rule, *other.anchor,
          DeadlineAnchor{other.status.due->day, std::nullopt, other.status.zone},
          MetInTime(other.status) ? absl::StrCat(rule->on_due_of, " was met in time") : "");
    }
  }
  std::vector<DeadlineStatus> statuses;
  statuses.reserve(found.size());
  for (Found& each : found) statuses.push_back(std::move(each.status));
  return statuses;
}

InForce DeadlineRules::InForceOn(const CaseFold& fold) const {
  constexpr absl::string_view kHandedOver = "decision_handed_over";
  const Facts facts({.fold = &fold, .report = {}}, *catalogue_);
  const FactList anchors = facts.Of({std::string(kHandedOver)});
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
    Evaluation evaluation(rule, anchor, facts, calendar_);
    auto due = counted ? DueOf(rule, *counted, calendar_) : std::nullopt;
    if (due) {
      reading.incomplete_years = due->incomplete_years;
      evaluation.status().due = due;
      if (const EffectiveFact* stop = evaluation.Suspended()) {
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
