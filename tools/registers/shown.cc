#include "tools/registers/shown.h"

#include <algorithm>

#include "services/domain/decide.h"
#include "services/domain/references.h"
#include "tools/registers/effective.h"

namespace selaras::registers {
namespace {

using event::v1::Fact;

// The fact that leads to a state; its day is the state's `since`.
Fact::KindCase FactBehind(query::v1::CaseState state) {
  switch (state) {
    case query::v1::CASE_STATE_NAMED:
      return Fact::kRespondentNamed;
    case query::v1::CASE_STATE_ACCEPTED:
    case query::v1::CASE_STATE_NOT_ACCEPTED:
      return Fact::kCaseReviewed;
    case query::v1::CASE_STATE_NO_VIOLATION:
    case query::v1::CASE_STATE_VIOLATION_FOUND:
      return Fact::kCaseConcluded;
    case query::v1::CASE_STATE_REFERRED:
      return Fact::kCaseReferred;
    case query::v1::CASE_STATE_RECEIVED:
      return Fact::kCaseReceived;
    case query::v1::CASE_STATE_VERIFIED:
      return Fact::kCaseVerified;
    case query::v1::CASE_STATE_DISMISSED:
      return Fact::kCaseDismissed;
    case query::v1::CASE_STATE_RETURNED:
      return Fact::kCaseReturned;
    case query::v1::CASE_STATE_RECOMMENDED:
      return Fact::kSanctionRecommended;
    case query::v1::CASE_STATE_RECEIVED_BY_PPK:
      return Fact::kRecommendationReceived;
    case query::v1::CASE_STATE_SUMMONED:
      return Fact::kRespondentSummoned;
    case query::v1::CASE_STATE_EXAMINED:
      return Fact::kRespondentExamined;
    case query::v1::CASE_STATE_DECIDED:
      return Fact::kSanctionDecided;
    case query::v1::CASE_STATE_HANDED_OVER:
      return Fact::kDecisionHandedOver;
    case query::v1::CASE_STATE_OBJECTED:
      return Fact::kObjectionFiled;
    default:
      return Fact::KIND_NOT_SET;
  }
}

}  // namespace

Shown::Shown(const query::v1::Case& recorded, const query::v1::GetTimelineResponse* timeline)
    : case_(recorded),
      has_timeline_(timeline != nullptr),
      steps_(timeline == nullptr ? std::vector<query::v1::TimelineStep>()
                                 : EffectiveSteps(timeline->steps())) {}

const query::v1::TimelineStep* Shown::Step(FactKind kind) const { return LastOf({kind}); }

const query::v1::TimelineStep* Shown::LastOf(std::initializer_list<FactKind> kinds) const {
  const query::v1::TimelineStep* last = nullptr;
  for (const query::v1::TimelineStep& step : steps_) {
    if (std::find(kinds.begin(), kinds.end(), step.fact().kind_case()) != kinds.end()) {
      last = &step;
    }
  }
  return last;
}

std::optional<std::string> Shown::DayOf(FactKind kind) const {
  if (!has_timeline_) {
    if (FactBehind(case_.state()) != kind) return std::nullopt;
    return domain::DayOf(case_.since());
  }
  const query::v1::TimelineStep* step = Step(kind);
  return step == nullptr ? "" : domain::DayOf(step->occurred_at());
}

std::optional<std::string> Shown::Number(event::v1::ReferenceKind kind,
                                         absl::string_view expected) const {
  if (!personal_open()) return std::nullopt;
  const std::string key = domain::ReferenceKey(kind, expected);
  std::string last;
  std::optional<std::string> alike;
  for (const event::v1::ExternalReference& reference : case_.references()) {
    if (reference.kind() != kind) continue;
    last = reference.raw();
    if (last == expected) return last;
    if (domain::ReferenceKey(kind, last) == key) alike = last;
  }
  return alike ? alike : last;
}

std::optional<std::string> Shown::NumberOf(FactKind fact, event::v1::ReferenceKind kind) const {
  if (!has_timeline_) return std::nullopt;
  const query::v1::TimelineStep* step = Step(fact);
  if (step == nullptr) return "";
  if (step->personal_state() == query::v1::PERSONAL_STATE_PENDING) return std::nullopt;
  for (const event::v1::ExternalReference& reference : step->personal().references()) {
    if (reference.kind() == kind) return reference.raw();
  }
  return "";
}

}  // namespace selaras::registers
