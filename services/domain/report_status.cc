#include "services/domain/report_status.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "services/domain/decide.h"
#include "services/domain/fold.h"
#include "storage/base/check.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

// All codes, from the first step to the last; what stands from `kEnded` on is an end.
constexpr std::array<absl::string_view, 15> kOrder = {"received",     kWaitsForReporter,
                                                      "under_review", "traced",
                                                      "delegated",    "being_examined",
                                                      "concluded",    "returned",
                                                      "forwarded",    "handled_by_competent_body",
                                                      "not_accepted", "no_violation",
                                                      "ended",        "forwarded_elsewhere",
                                                      "decided"};
constexpr absl::string_view kFirstEnd = "not_accepted";

std::size_t RankOf(absl::string_view status) {
  const auto found = std::find(kOrder.begin(), kOrder.end(), status);
  SELARAS_CHECK(found != kOrder.end()) << "a status that has no place: " << status;
  return static_cast<std::size_t>(std::distance(kOrder.begin(), found));
}

bool IsEnd(const ReportStep& step) { return RankOf(step.status) >= RankOf(kFirstEnd); }

auto OrderOf(const ReportStep& step) { return std::tuple(RankOf(step.status), DayOf(step.since)); }

// Asked of the reporter; information for the study is asked of whomever.
bool IsAskedOfReporter(const event::v1::Fact& fact) {
  return fact.has_report_completion_requested() &&
         !fact.report_completion_requested().additional_information();
}

absl::string_view StatusAfter(const event::v1::Fact& fact) {
  switch (fact.kind_case()) {
    case F::kReportReceived:
      return "received";
    case F::kReportCompletionRequested:
      return IsAskedOfReporter(fact) ? kWaitsForReporter : "";
    case F::kReportCompleted:
    case F::kReportRegistered:
    case F::kReportAdopted:
      return "under_review";
    case F::kReportTraced:
      return "traced";
    default:
      return "";
  }
}

}  // namespace

absl::string_view ReportStatusOf(State state) {
  switch (state) {
    case State::kNamed:
      return "under_review";
    case State::kAccepted:
      return "being_examined";
    case State::kNotAccepted:
      return "not_accepted";
    case State::kNoViolation:
      return "no_violation";
    case State::kViolationFound:
      return "concluded";
    case State::kReferred:
      return "forwarded";
    case State::kReceived:
    case State::kVerified:
    case State::kRecommended:
    case State::kReceivedByPpk:
    case State::kSummoned:
    case State::kExamined:
    case State::kRespondentMoved:
      return "handled_by_competent_body";
    case State::kReturned:
      return "returned";
    case State::kDismissed:
    case State::kDecided:
    case State::kHandedOver:
    case State::kObjected:
    case State::kDeclined:
    case State::kObjectionDecided:
    case State::kRevoked:
    case State::kServed:
      return "decided";
    case State::kClosed:
    case State::kRespondentLeft:
      return "ended";
    case State::kHandedElsewhere:
      return "forwarded_elsewhere";
    case State::kDelegated:
      return "delegated";
    default:
      return "received";
  }
}

ReportStep ReportStepOf(const storage::v1::CaseFold& fold) {
  const Status status = StatusOf(fold);
  ReportStep step{std::string(ReportStatusOf(status.state)), {}};
  const storage::v1::EffectiveFact* since = status.since;
  if (status.state != State::kDismissed && step.status == ReportStatusOf(State::kDecided)) {
    for (const FactKind kind : {F::kSanctionDeclined, F::kSanctionDecided}) {
      const auto* decided = LastFact(fold, Section::kSanction, kind);
      if (decided != nullptr) since = decided;
    }
  }
  if (since != nullptr) step.since = since->occurred_at();
  return step;
}

ReportStep ReportStepOf(const storage::v1::SectionFold& facts) {
  ReportStep step{"received", {}};
  for (const auto& fact : facts.facts()) {
    const absl::string_view status = StatusAfter(fact.fact());
    if (!status.empty()) step = {std::string(status), fact.occurred_at()};
  }
  return step;
}

bool IsCompletionOpen(const storage::v1::SectionFold& facts) {
  bool open = false;
  for (const auto& fact : facts.facts()) {
    if (IsAskedOfReporter(fact.fact())) open = true;
    if (fact.fact().has_report_completed()) open = false;
  }
  return open;
}

const ReportStep& WholeOf(const std::vector<ReportStep>& steps) {
  SELARAS_CHECK(!steps.empty()) << "a report stands somewhere";
  const ReportStep* whole = nullptr;
  for (const ReportStep& step : steps) {
    if (IsEnd(step)) continue;
    const bool behind = whole == nullptr || RankOf(step.status) < RankOf(whole->status);
    const bool later =
        !behind && step.status == whole->status && DayOf(step.since) > DayOf(whole->since);
    if (behind || later) whole = &step;
  }
  if (whole != nullptr) return *whole;
  return *std::max_element(
      steps.begin(), steps.end(),
      [](const ReportStep& a, const ReportStep& b) { return OrderOf(a) < OrderOf(b); });
}

void SortSteps(std::vector<ReportStep>* steps) {
  std::sort(steps->begin(), steps->end(),
            [](const ReportStep& a, const ReportStep& b) { return OrderOf(a) < OrderOf(b); });
}

}  // namespace selaras::domain
