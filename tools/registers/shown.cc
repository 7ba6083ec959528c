#include "tools/registers/shown.h"

#include <algorithm>

#include "google/protobuf/util/time_util.h"

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

bool SamePlace(const event::v1::Position& a, const event::v1::Position& b) {
  return a.log() == b.log() && a.sequence() == b.sequence();
}

bool CorrectsTimeOf(const query::v1::TimelineStep& step, const event::v1::Position& corrected) {
  if (step.voided() || !step.fact().has_fact_corrected()) return false;
  const event::v1::FactCorrected& correction = step.fact().fact_corrected();
  const auto& paths = correction.fields().paths();
  return SamePlace(correction.position(), corrected) &&
         std::find(paths.begin(), paths.end(), "occurred_at") != paths.end();
}

}  // namespace

std::string TextOf(const event::v1::When& when) {
  if (when.has_instant()) return google::protobuf::util::TimeUtil::ToString(when.instant());
  return when.date();
}

const query::v1::TimelineStep* Shown::Step(FactKind kind) const {
  if (timeline_ == nullptr) return nullptr;
  const query::v1::TimelineStep* last = nullptr;
  for (const auto& step : timeline_->steps()) {
    if (step.fact().kind_case() == kind && !step.voided()) last = &step;
  }
  return last;
}

std::optional<std::string> Shown::DayOf(FactKind kind) const {
  if (timeline_ == nullptr) {
    if (FactBehind(case_.state()) != kind) return std::nullopt;
    return TextOf(case_.since());
  }
  const query::v1::TimelineStep* step = Step(kind);
  if (step == nullptr) return "";
  std::string day = TextOf(step->occurred_at());
  for (const auto& later : timeline_->steps()) {
    if (CorrectsTimeOf(later, step->position())) {
      day = TextOf(later.fact().fact_corrected().new_occurred_at());
    }
  }
  return day;
}

std::optional<std::string> Shown::Number(event::v1::ReferenceKind kind,
                                         absl::string_view expected) const {
  if (!personal_open()) return std::nullopt;
  std::string last;
  for (const event::v1::ExternalReference& reference : case_.references()) {
    if (reference.kind() != kind) continue;
    last = reference.raw();
    if (last == expected) break;
  }
  return last;
}

std::optional<std::string> Shown::NumberOf(FactKind fact, event::v1::ReferenceKind kind) const {
  if (timeline_ == nullptr) return std::nullopt;
  const query::v1::TimelineStep* step = Step(fact);
  if (step == nullptr) return "";
  if (step->personal_state() == query::v1::PERSONAL_STATE_PENDING) return std::nullopt;
  for (const event::v1::ExternalReference& reference : step->personal().references()) {
    if (reference.kind() == kind) return reference.raw();
  }
  return "";
}

}  // namespace selaras::registers
