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
    Row{F::kReportCompletionRequested, Visibility::kOffice, "RequestCompletion"},
    Row{F::kReportCompleted, Visibility::kOffice, "CompleteReport"},
    Row{F::kReportTraced, Visibility::kOffice, "TraceReport"},
    Row{F::kReportRegistered, Visibility::kOffice, "RegisterReport"},
    Row{F::kReportAdopted, Visibility::kOffice, "AdoptReport"},
    Row{F::kTrackOpened, Visibility::kOffice, "OpenTrack"},
    Row{F::kTrackEnded, Visibility::kOffice, "EndTrack"},
    Row{F::kRespondentClarified, Visibility::kOffice, "ClarifyRespondent"},
    Row{F::kCaseLinked, Visibility::kOffice, "LinkCase"},
    Row{F::kCaseHandedElsewhere, Visibility::kOffice, "HandElsewhere"},
    Row{F::kCaseSupplemented, Visibility::kParty, "SupplementCase"},
    Row{F::kCaseDelegated, Visibility::kParty, "DelegateCase"},
    Row{F::kDelegatedCaseReceived, Visibility::kParty, "ReceiveDelegatedCase"},
    Row{F::kNoticeReceived, Visibility::kParty, "ReceiveNotice"},
    Row{F::kReceiptCodeIssued, Visibility::kPrivate, "IssueReceiptCode"},
    Row{F::kReporterMessageReceived, Visibility::kPrivate, ""},
    Row{F::kReporterMessageSent, Visibility::kPrivate, "SendReporterMessage"},
    Row{F::kCaseTakenOver, Visibility::kParty, "TakeOverCase"},
    Row{F::kCaseReceived, Visibility::kParty, "ReceiveCase"},
    Row{F::kCaseVerified, Visibility::kParty, "VerifyCase"},
    Row{F::kCaseDismissed, Visibility::kParty, "DismissCase"},
    Row{F::kCaseReturned, Visibility::kParty, "ReturnCase"},
    Row{F::kSanctionRecommended, Visibility::kParty, "RecommendSanction"},
    Row{F::kCaseAssigned, Visibility::kOffice, "AssignCase"},
    Row{F::kPpkReminded, Visibility::kParty, "RemindPpk"},
    Row{F::kPpkWarned, Visibility::kParty, "WarnPpk"},
    Row{F::kServicesBlocked, Visibility::kParty, "BlockServices"},
    Row{F::kServicesUnblocked, Visibility::kParty, "UnblockServices"},
    Row{F::kCaseEscalated, Visibility::kParty, "EscalateCase"},
    Row{F::kLegacyCaseOpened, Visibility::kParty, "OpenLegacyCase"},
    Row{F::kCaseClosed, Visibility::kParty, "CloseCase"},
    Row{F::kCaseReopened, Visibility::kParty, "ReopenCase"},
    Row{F::kRecommendationReceived, Visibility::kParty, "ReceiveRecommendation"},
    Row{F::kRespondentSummoned, Visibility::kParty, "SummonRespondent"},
    Row{F::kRespondentExamined, Visibility::kParty, "ExamineRespondent"},
    Row{F::kBlockerRecorded, Visibility::kParty, "RecordBlocker"},
    Row{F::kSanctionDecided, Visibility::kParty, "DecideSanction"},
    Row{F::kDecisionHandedOver, Visibility::kParty, "HandOverDecision"},
    Row{F::kObjectionFiled, Visibility::kParty, "FileObjection"},
    Row{F::kSanctionDeclined, Visibility::kParty, "DeclineSanction"},
    Row{F::kObjectionDecided, Visibility::kParty, "DecideObjection"},
    Row{F::kSanctionRevoked, Visibility::kParty, "RevokeSanction"},
    Row{F::kSanctionServed, Visibility::kParty, "RecordServed"},
    Row{F::kRespondentLeft, Visibility::kParty, "RecordLeft"},
    Row{F::kRespondentMoved, Visibility::kParty, "RecordMoved"},
    Row{F::kViolationNoticed, Visibility::kParty, "NoticeViolation"},
    Row{F::kDeliveryStepRecorded, Visibility::kParty, "RecordDeliveryStep"},
    Row{F::kAppealStepRecorded, Visibility::kParty, "RecordAppealStep"},
    Row{F::kRespondentRenumbered, Visibility::kParty, "RecordRenumbered"},
    Row{F::kFactCorrected, Visibility::kOffice, "CorrectFact"},
    Row{F::kFactVoided, Visibility::kOffice, "VoidFact"},
    Row{F::kCopySent, Visibility::kOffice, "SendCopy"},
    Row{F::kCopyReceived, Visibility::kOffice, "RecordCopyReceived"},
    Row{F::kRequestMade, Visibility::kParty, "MakeRequest"},
    Row{F::kRequestAnswered, Visibility::kParty, "AnswerRequest"},
    Row{F::kConflictFlagged, Visibility::kOffice, "FlagConflict"},
    // As the fact from which the limit runs; no officer commands it.
    Row{F::kDeadlineRungReached, Visibility::kOffice, ""},
    Row{F::kDeadlineRecomputed, Visibility::kOffice, ""},
    Row{F::kLegalHoldPlaced, Visibility::kParty, "PlaceLegalHold"},
    Row{F::kLegalHoldLifted, Visibility::kParty, "LiftLegalHold"},
    Row{F::kErasureOrdered, Visibility::kParty, "OrderErasure"},
    Row{F::kErasureAnswered, Visibility::kParty, "AnswerErasure"},
    Row{F::kCaseErased, Visibility::kParty, "EraseCase"},
    Row{F::kOpenCasesChecked, Visibility::kPrivate, "CheckOpenCases"},
    Row{F::kPersonalDataRead, Visibility::kPrivate, ""},
    Row{F::kBreakGlassOpened, Visibility::kPrivate, "BreakGlass"},
    Row{F::kBreakGlassReviewed, Visibility::kPrivate, "ReviewBreakGlass"},
    // PRIVATE where it stays in the office.
    Row{F::kAttachmentAdded, Visibility::kParty, "AddAttachment"},
    Row{F::kAttachmentDetailsRecorded, Visibility::kPrivate, ""},
    Row{F::kAttachmentRemoved, Visibility::kParty, "RemoveAttachment"},
    Row{F::kLogKeyReplaced, Visibility::kPeers, ""},
    Row{F::kLogSucceeded, Visibility::kPeers, ""},
};

const Row* Find(FactKind kind) {
  for (const Row& row : kFacts) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

}  // namespace

bool Same(const event::v1::Position& a, const event::v1::Position& b) {
  return a.log() == b.log() && a.sequence() == b.sequence();
}

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

bool IsOfReport(FactKind kind) {
  return kind == F::kReportReceived || kind == F::kReportDetailsRecorded ||
         (kind >= F::kReportCompletionRequested && kind <= F::kTrackEnded) ||
         (kind >= F::kReceiptCodeIssued && kind <= F::kReporterMessageSent) ||
         kind == F::kBreakGlassOpened || kind == F::kBreakGlassReviewed;
}

bool IsHandOver(FactKind kind) { return AcknowledgementOf(kind) != F::KIND_NOT_SET; }

bool IsAcknowledgement(FactKind kind) {
  return kind == F::kCaseReceived || kind == F::kRecommendationReceived ||
         kind == F::kDelegatedCaseReceived || kind == F::kNoticeReceived;
}

bool IsOfErasure(FactKind kind) { return kind >= F::kLegalHoldPlaced && kind <= F::kCaseErased; }

bool IsOfAttachment(FactKind kind) {
  return kind == F::kAttachmentAdded || kind == F::kAttachmentDetailsRecorded ||
         kind == F::kAttachmentRemoved;
}

bool IsBeside(FactKind kind) { return IsOfErasure(kind) || IsOfAttachment(kind); }

bool IsTakingBack(FactKind kind) { return kind == F::kCaseConcluded || kind == F::kCaseClosed; }

FactKind AcknowledgementOf(FactKind hand_over) {
  switch (hand_over) {
    case F::kCaseReferred:
      return F::kCaseReceived;
    case F::kSanctionRecommended:
      return F::kRecommendationReceived;
    case F::kCaseDelegated:
      return F::kDelegatedCaseReceived;
    case F::kViolationNoticed:
      return F::kNoticeReceived;
    default:
      return F::KIND_NOT_SET;
  }
}

const std::string& AddresseeOf(const event::v1::Fact& fact) {
  if (fact.has_case_referred()) return fact.case_referred().to();
  if (fact.has_case_delegated()) return fact.case_delegated().to();
  if (fact.has_violation_noticed()) return fact.violation_noticed().to();
  return fact.sanction_recommended().to();
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
