#include "services/domain/facts.h"

#include <array>

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

struct Row {
  FactKind kind;
  Visibility visibility;
  absl::string_view command;
};

// One row per fact of proto/selaras/event/v1/fact.proto.
constexpr std::array kFacts = {
    Row{F::kReportReceived, Visibility::kOffice, "ReceiveReport"},
    Row{F::kReportDetailsRecorded, Visibility::kPrivate, ""},
    Row{F::kRespondentNamed, Visibility::kOffice, "NameRespondent"},
    Row{F::kCaseDetailsRecorded, Visibility::kPrivate, ""},
    Row{F::kRespondentIdentified, Visibility::kOffice, "IdentifyRespondent"},
    Row{F::kCaseReviewed, Visibility::kOffice, "ReviewCase"},
    Row{F::kCaseConcluded, Visibility::kOffice, "ConcludeCase"},
    Row{F::kCaseReferred, Visibility::kParty, "ReferCase"},
    Row{F::kCaseReceived, Visibility::kParty, "ReceiveCase"},
    Row{F::kCaseVerified, Visibility::kParty, "VerifyCase"},
    Row{F::kCaseDismissed, Visibility::kParty, "DismissCase"},
    Row{F::kCaseReturned, Visibility::kParty, "ReturnCase"},
    Row{F::kSanctionRecommended, Visibility::kParty, "RecommendSanction"},
    Row{F::kRecommendationReceived, Visibility::kParty, "ReceiveRecommendation"},
    Row{F::kRespondentSummoned, Visibility::kParty, "SummonRespondent"},
    Row{F::kRespondentExamined, Visibility::kParty, "ExamineRespondent"},
    Row{F::kBlockerRecorded, Visibility::kParty, "RecordBlocker"},
    Row{F::kSanctionDecided, Visibility::kParty, "DecideSanction"},
    Row{F::kDecisionHandedOver, Visibility::kParty, "HandOverDecision"},
    Row{F::kObjectionFiled, Visibility::kParty, "FileObjection"},
    Row{F::kFactCorrected, Visibility::kOffice, "CorrectFact"},
    Row{F::kFactVoided, Visibility::kOffice, "VoidFact"},
};

const Row* Find(FactKind kind) {
  for (const Row& row : kFacts) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

}  // namespace

absl::string_view SectionName(Section section) {
  switch (section) {
    case Section::kIntake:
      return "intake";
    case Section::kReferral:
      return "referral";
    case Section::kSanction:
      return "sanction";
    case Section::kNone:
      break;
  }
  return "";
}

Section SectionOf(FactKind kind) {
  const int number = static_cast<int>(kind);
  if (Find(kind) == nullptr) return Section::kNone;
  if (number < 40) return Section::kIntake;
  if (number < 60) return Section::kReferral;
  if (number < 80) return Section::kSanction;
  return Section::kNone;
}

Visibility VisibilityOf(FactKind kind) {
  const Row* row = Find(kind);
  return row == nullptr ? Visibility::kOffice : row->visibility;
}

absl::string_view FactName(FactKind kind) {
  const auto* field = F::descriptor()->FindFieldByNumber(static_cast<int>(kind));
  return field == nullptr ? absl::string_view("unknown") : absl::string_view(field->name());
}

absl::string_view CommandName(FactKind kind) {
  const Row* row = Find(kind);
  return row == nullptr ? absl::string_view() : row->command;
}

}  // namespace selaras::domain
