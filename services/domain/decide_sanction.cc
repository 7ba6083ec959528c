#include "services/domain/decide_sanction.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

// The decision, if the table allows the move.
absl::StatusOr<Decision> Move(const CaseFold& fold, Draft draft, const Call& call) {
  RETURN_IF_ERROR(CheckMove(fold, Section::kSanction, draft.fact, call));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

}  // namespace

absl::StatusOr<Decision> DecideReceiveRecommendation(
    const sanction::v1::ReceiveRecommendation& command, const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("agenda_number", command.agenda_number(), kNumberBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  const auto* recommended = LastFact(fold.referral(), F::kSanctionRecommended);
  if (recommended == nullptr) return NotHereYet("the recommendation in this case");
  const std::string& to = recommended->fact().sanction_recommended().to();
  if (to != call.header.authority()) {
    return NotYourCase(call.header.authority(), absl::StrCat("the recommendation went to ", to));
  }
  draft.fact.mutable_recommendation_received();
  draft.citations.push_back(Cite(*recommended));
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_AGENDA, command.agenda_number());
  return Move(fold, std::move(draft), call);
}

absl::StatusOr<Decision> DecideSummonRespondent(const sanction::v1::SummonRespondent& command,
                                                const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_respondent_summoned();
  return Move(fold, std::move(draft), call);
}

absl::StatusOr<Decision> DecideExamineRespondent(const sanction::v1::ExamineRespondent& command,
                                                 const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_respondent_examined();
  return Move(fold, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRecordBlocker(const sanction::v1::RecordBlocker& command,
                                             const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("blocker", "blocker", command.blocker(), call.catalogue));
  RETURN_IF_ERROR(CheckText("reason_text", command.reason_text(), kReasonBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_blocker_recorded()->set_blocker(command.blocker());
  if (!command.reason_text().empty()) {
    draft.personal.emplace().set_reason_text(command.reason_text());
  }
  return Move(fold, std::move(draft), call);
}

absl::StatusOr<Decision> DecideDecideSanction(const sanction::v1::DecideSanction& command,
                                              const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("decree_number", command.decree_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckSanction("sanction", command.sanction(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_sanction_decided()->set_sanction(command.sanction());
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_DECREE, command.decree_number());
  return Move(fold, std::move(draft), call);
}

absl::StatusOr<Decision> DecideHandOverDecision(const sanction::v1::HandOverDecision& command,
                                                const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_decision_handed_over();
  return Move(fold, std::move(draft), call);
}

absl::StatusOr<Decision> DecideFileObjection(const sanction::v1::FileObjection& command,
                                             const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRoute("route", command.route()));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_objection_filed()->set_route(command.route());
  return Move(fold, std::move(draft), call);
}

}  // namespace selaras::domain
