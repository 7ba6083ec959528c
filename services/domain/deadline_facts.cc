#include "services/domain/deadline_facts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using reference::DeadlineCondition;
using reference::DeadlineRole;
using storage::v1::EffectiveFact;

constexpr absl::string_view kInformationRequested = "information_requested";

// The recommendation that a PPK's receipt cites; nullptr if it is not among the facts.
const EffectiveFact* RecommendationOf(const EffectiveFact& receipt, const FactList& facts) {
  for (const auto& citation : receipt.citations()) {
    for (const EffectiveFact* fact : facts) {
      if (fact->fact().has_sanction_recommended() &&
          fact->position().log() == citation.position().log() &&
          fact->position().sequence() == citation.position().sequence()) {
        return fact;
      }
    }
  }
  return nullptr;
}

}  // namespace

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp stamp;
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  stamp.set_seconds(seconds);
  stamp.set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return stamp;
}

CaseFacts::CaseFacts(const DeadlineFacts& given, const reference::Catalogue& catalogue)
    : fold_(given.fold == nullptr ? CaseFold::default_instance() : *given.fold),
      catalogue_(catalogue) {
  for (const EffectiveFact& fact : given.report) all_.push_back(&fact);
  for (const auto& segment : fold_.segments()) {
    for (const EffectiveFact& fact : segment.facts()) all_.push_back(&fact);
  }
  for (const EffectiveFact* fact : all_) kinds_.insert(fact->fact().kind_case());
  FileUnderRecommendations();
}

// At the body that recommends, what it states from there on; at a PPK, what it states from the
// receipt on.
void CaseFacts::FileUnderRecommendations() {
  for (const auto& segment : fold_.segments()) {
    const EffectiveFact* under = nullptr;
    for (const EffectiveFact& fact : segment.facts()) {
      if (fact.fact().has_sanction_recommended()) under = &fact;
      if (fact.fact().has_recommendation_received()) under = RecommendationOf(fact, all_);
      if (under == nullptr) continue;
      under_[&fact] = under;
      if (fact.fact().has_respondent_moved()) given_back_.push_back(under);
    }
  }
  for (const EffectiveFact* fact : all_) groups_[Under(*fact)].push_back(fact);
  current_ = LastFact(fold_, Section::kReferral, F::kSanctionRecommended);
}

const EffectiveFact* CaseFacts::Under(const EffectiveFact& fact) const {
  const auto found = under_.find(&fact);
  return found == under_.end() ? nullptr : found->second;
}

bool CaseFacts::IsOver(const EffectiveFact& fact) const {
  const EffectiveFact* under = Under(fact);
  if (under == nullptr) return false;
  return (current_ != nullptr && under != current_) ||
         std::find(given_back_.begin(), given_back_.end(), under) != given_back_.end();
}

FactList CaseFacts::Of(const std::vector<std::string>& moments) const {
  FactList found;
  for (const std::string& moment : moments) {
    if (!kinds_.contains(KindOf(moment))) continue;  // most never happened
    // Of each recommendation apart: the first summons of a PPK is no second one of the PPK before.
    for (const auto& [under, group] : groups_) {
      for (const EffectiveFact* fact : FactsOf(moment, group)) found.push_back(fact);
    }
  }
  if (found.empty()) return found;
  // Several words may stand for one fact, and the order of the facts is kept.
  FactList ordered;
  for (const EffectiveFact* fact : all_) {
    if (std::find(found.begin(), found.end(), fact) != found.end()) ordered.push_back(fact);
  }
  return ordered;
}

const EffectiveFact* CaseFacts::FirstAfter(const EffectiveFact& anchor,
                                           const std::vector<std::string>& moments) const {
  const EffectiveFact* under = Under(anchor);
  for (const EffectiveFact* fact : Of(moments)) {
    const EffectiveFact* other = Under(*fact);
    if (under != nullptr && other != nullptr && other != under) continue;
    const bool same_log = fact->position().log() == anchor.position().log();
    if (fact != &anchor &&
        (!same_log || fact->position().sequence() > anchor.position().sequence())) {
      return fact;
    }
  }
  return nullptr;
}

reference::TimeZone CaseFacts::ZoneOf(const EffectiveFact& fact) const {
  if (const auto zone = reference::ParseTimeZone(fact.occurred_at().zone())) return *zone;
  const reference::Authority* author = catalogue_.FindAuthority(fact.author());
  return catalogue_.ZoneOf(author == nullptr ? "" : author->region);
}

std::optional<DeadlineAnchor> CaseFacts::AnchorOf(const EffectiveFact& fact) const {
  DeadlineAnchor anchor;
  anchor.zone = ZoneOf(fact);
  std::optional<LocalDate> day;
  if (fact.fact().kind_case() == F::kReportDetailsRecorded) {
    day = LocalDate::ParseIso(fact.fact().report_details_recorded().known_on());
  } else if (fact.fact().delivery_step_recorded().step() == kDeliveryScheduled) {
    day = LocalDate::ParseIso(fact.fact().delivery_step_recorded().scheduled_on());
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

std::optional<reference::ElectionRegime> CaseFacts::Regime() const {
  for (const EffectiveFact* fact : all_) {
    const std::string code = absl::StrCat(
        fact->fact().report_received().election(), fact->fact().respondent_named().election(),
        fact->fact().case_referred().election(), fact->fact().legacy_case_opened().election());
    if (code.empty()) continue;
    const auto regime = catalogue_.Regime(code);
    if (!regime.ok()) return std::nullopt;
    return *regime;
  }
  return std::nullopt;
}

std::string CaseFacts::WhyNot(DeadlineCondition condition, const EffectiveFact& anchor) const {
  const auto asked = [this] { return !Of({std::string(kInformationRequested)}).empty(); };
  switch (condition) {
    case DeadlineCondition::kNone:
      return {};
    case DeadlineCondition::kMoreInformation:
      return asked() ? "" : "no more information was asked for";
    case DeadlineCondition::kNoMoreInformation:
      return asked() ? "more information was asked for" : "";
    case DeadlineCondition::kObjectionRoute:
      return WhyNotRoute(reference::AppealRoute::kObjection, anchor);
    case DeadlineCondition::kAppealRoute:
      return WhyNotRoute(reference::AppealRoute::kAppeal, anchor);
  }
  return "a condition that this version does not know";
}

std::string CaseFacts::WhyNotRoute(reference::AppealRoute route,
                                   const EffectiveFact& anchor) const {
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

// Who has the section; of several that wrote in it the first if custody reached none of them.
std::string CaseFacts::WriterOf(Section section) const {
  const auto& standing = SectionIn(fold_, section);
  if (!standing.facts().empty()) return standing.writer();
  for (const auto& segment : fold_.segments()) {
    if (static_cast<Section>(segment.section()) == section) return segment.writer();
  }
  return {};
}

std::string CaseFacts::AuthorityOf(DeadlineRole role, const EffectiveFact& anchor) const {
  switch (role) {
    case DeadlineRole::kIntake:
      if (std::string writer = WriterOf(Section::kIntake); !writer.empty()) return writer;
      return all_.empty() ? "" : all_.front()->author();
    case DeadlineRole::kReferral: {
      if (std::string writer = WriterOf(Section::kReferral); !writer.empty()) return writer;
      const EffectiveFact* sent = LastFact(fold_, Section::kIntake, F::kCaseReferred);
      return sent == nullptr ? "" : sent->fact().case_referred().to();
    }
    case DeadlineRole::kSanction: {
      const EffectiveFact* sent = Under(anchor);
      if (sent == nullptr) sent = current_;
      return sent == nullptr ? WriterOf(Section::kSanction)
                             : sent->fact().sanction_recommended().to();
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

}  // namespace selaras::domain
