#include "services/domain/decide_sanction.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/appeal.h"
#include "services/domain/deadline_moments.h"
#include "services/domain/fold.h"
#include "services/domain/nip.h"
#include "services/domain/refusal.h"
#include "services/domain/routing.h"
#include "services/domain/sanction_rules.h"
#include "services/domain/succession.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

constexpr auto kSanction = Section::kSanction;

// What the rules say about the sanction and about who signed it.
absl::Status ApplyRules(const sanction::v1::DecideSanction& command, const CaseFold& fold,
                        const Call& call, event::v1::SanctionDecided* fact) {
  const std::optional<Accused> accused = AccusedOf(fold);
  if (!accused) return NotHereYet("the referral of this case");
  const std::string& ppk = call.header.authority();
  RETURN_IF_ERROR(CheckNotDecided(fold, command.sanction()));
  // What its predecessor decided is taken as it stands.
  const Departure departure = HadDecided(fold).empty()
                                  ? Departure{command.departure(), command.departure_text()}
                                  : Departure{std::string(kAsRegistered), {}};
  ASSIGN_OR_RETURN(Ruling ruling,
                   JudgeSanction(command.sanction(), ppk, *accused, departure, call.catalogue));
  event::v1::Signatory signatory = command.signed_by();
  if (!command.has_signed_by()) signatory.set_mandate(call.header.officer().mandate());
  RETURN_IF_ERROR(CheckSignatory(signatory, command.sanction(), ppk, *accused, departure,
                                 call.catalogue, &ruling.marks));
  if (signatory.ByteSizeLong() > 0) *fact->mutable_signed_by() = std::move(signatory);
  fact->set_violation(std::move(ruling.violation));
  fact->set_regime(std::move(ruling.regime));
  fact->set_departure(std::move(ruling.departure));
  *fact->mutable_marks() = std::move(ruling.marks);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Decision> DecideReceiveRecommendation(
    const sanction::v1::ReceiveRecommendation& command, const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("agenda_number", command.agenda_number(), kNumberBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  const auto* recommended = LastFact(fold, Section::kReferral, F::kSanctionRecommended);
  if (recommended == nullptr) return NotHereYet("the recommendation in this case");
  const std::string& to = recommended->fact().sanction_recommended().to();
  if (to != call.header.authority()) {
    return NotYourCase(call.header.authority(), absl::StrCat("the recommendation went to ", to));
  }
  draft.fact.mutable_recommendation_received();
  draft.citations.push_back(Cite(*recommended));
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_AGENDA, command.agenda_number());
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideSummonRespondent(const sanction::v1::SummonRespondent& command,
                                                const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_respondent_summoned();
  RETURN_IF_ERROR(CheckNotDecided(fold, {}));
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideExamineRespondent(const sanction::v1::ExamineRespondent& command,
                                                 const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_respondent_examined();
  RETURN_IF_ERROR(CheckNotDecided(fold, {}));
  return Move(fold, kSanction, std::move(draft), call);
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
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideDecideSanction(const sanction::v1::DecideSanction& command,
                                              const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("decree_number", command.decree_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckSanction("sanction", command.sanction(), call.catalogue));
  RETURN_IF_ERROR(CheckReason("departure", "departure", command.departure(),
                              command.departure_text(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_sanction_decided();
  fact->set_sanction(command.sanction());
  RETURN_IF_ERROR(CheckMove(fold, kSanction, draft.fact, call));
  RETURN_IF_ERROR(ApplyRules(command, fold, call, fact));
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_DECREE, command.decree_number());
  if (!fact->departure().empty()) RETURN_IF_ERROR(AddReasonText(command.departure_text(), &draft));
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideHandOverDecision(const sanction::v1::HandOverDecision& command,
                                                const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_decision_handed_over();
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideFileObjection(const sanction::v1::FileObjection& command,
                                             const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRoute("route", command.route()));
  if (!command.departure().empty() && command.departure() != kAsRegistered) {
    return BadField("departure", absl::StrCat("must be empty or ", kAsRegistered));
  }
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_objection_filed();
  fact->set_route(command.route());
  RETURN_IF_ERROR(CheckMove(fold, kSanction, draft.fact, call));
  RETURN_IF_ERROR(CheckAppealRoute(command.route(), SanctionInForce(fold), command.departure(),
                                   call.catalogue, fact->mutable_marks()));
  if (!fact->marks().empty()) fact->set_departure(command.departure());
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideRecordDeliveryStep(const sanction::v1::RecordDeliveryStep& command,
                                                  const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("step", "delivery_step", command.step(), call.catalogue));
  RETURN_IF_ERROR(CheckDate("scheduled_on", command.scheduled_on()));
  if (command.scheduled_on().empty() == (command.step() == kDeliveryScheduled)) {
    return BadField("scheduled_on",
                    absl::StrCat("is required with ", kDeliveryScheduled, ", and only there"));
  }
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  draft.fact.mutable_delivery_step_recorded()->set_step(command.step());
  draft.fact.mutable_delivery_step_recorded()->set_scheduled_on(command.scheduled_on());
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRecordAppealStep(const sanction::v1::RecordAppealStep& command,
                                                const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("step", "appeal_step", command.step(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  draft.fact.mutable_appeal_step_recorded()->set_step(command.step());
  RETURN_IF_ERROR(CheckMove(fold, kSanction, draft.fact, call));
  const auto* filed = LastFact(fold, kSanction, F::kObjectionFiled);
  if (filed == nullptr || filed->fact().objection_filed().route() != kBanding) {
    return RuleForbids("PP 79/2021 Ps 13",
                       "what was filed is a keberatan, which the PPK decides; BPASN asks only "
                       "about a banding");
  }
  draft.citations.push_back(Cite(*filed));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideDeclineSanction(const sanction::v1::DeclineSanction& command,
                                               const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("reason", "refusal_reason", command.reason(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_sanction_declined()->set_reason(command.reason());
  RETURN_IF_ERROR(CheckNotDecided(fold, {}));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideDecideObjection(const sanction::v1::DecideObjection& command,
                                               const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRoute("route", command.route()));
  RETURN_IF_ERROR(CheckCode("outcome", "appeal_outcome", command.outcome(), call.catalogue));
  if (!command.sanction().empty()) {
    RETURN_IF_ERROR(CheckSanction("sanction", command.sanction(), call.catalogue));
  }
  RETURN_IF_ERROR(CheckText("decree_number", command.decree_number(), kNumberBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_objection_decided();
  fact->set_route(command.route());
  fact->set_outcome(command.outcome());
  fact->set_sanction(command.sanction());
  if (!command.decree_number().empty()) {
    *draft.personal.emplace().add_references() =
        Reference(event::v1::REFERENCE_KIND_DECREE, command.decree_number());
  }
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  RETURN_IF_ERROR(CheckMove(fold, kSanction, draft.fact, call));
  RETURN_IF_ERROR(CheckAppealOutcome(command.outcome(), command.sanction(), SanctionInForce(fold),
                                     call.catalogue));
  if (const auto accused = AccusedOf(fold); accused && !command.sanction().empty()) {
    // Another body decided: what departs is marked.
    ASSIGN_OR_RETURN(Ruling ruling,
                     JudgeSanction(command.sanction(), call.header.authority(), *accused,
                                   {std::string(kAsRegistered), {}}, call.catalogue));
    *fact->mutable_marks() = std::move(ruling.marks);
  }
  const auto* filed = LastFact(fold, kSanction, F::kObjectionFiled);
  if (filed != nullptr && filed->fact().objection_filed().route() != command.route()) {
    return RuleForbids("PP 79/2021", absl::StrCat("what was filed is a ",
                                                  filed->fact().objection_filed().route()));
  }
  if (filed != nullptr) draft.citations.push_back(Cite(*filed));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideRevokeSanction(const sanction::v1::RevokeSanction& command,
                                              const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("decree_number", command.decree_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckCode("reason", "revocation_reason", command.reason(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_sanction_revoked()->set_reason(command.reason());
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_DECREE, command.decree_number());
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRecordServed(const sanction::v1::RecordServed& command,
                                            const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_sanction_served();
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRecordLeft(const sanction::v1::RecordLeft& command,
                                          const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("reason", "leave_reason", command.reason(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_respondent_left()->set_reason(command.reason());
  return Move(fold, kSanction, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRecordMoved(const sanction::v1::RecordMoved& command,
                                           const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckReason("reason", "move_reason", command.reason(), command.reason_text(),
                              call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  if (!command.to().empty()) {
    const auto day = LocalDate::ParseIso(DayOf(command.occurred_at()));
    RETURN_IF_ERROR(CheckPpk("to", command.to(), day, call.catalogue));
    if (command.to() == call.header.authority()) return BadField("to", "is the sender itself");
  }
  draft.fact.mutable_respondent_moved()->set_to(command.to());
  draft.fact.mutable_respondent_moved()->set_reason(command.reason());
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  return Move(fold, kSanction, std::move(draft), call);
}

namespace {

// The status under which the case came here; empty where it was not recorded.
std::string EmploymentStatusIn(const CaseFold& fold) {
  if (const auto* legacy = LastFact(fold, Section::kReferral, F::kLegacyCaseOpened)) {
    return legacy->fact().legacy_case_opened().employment_status();
  }
  const auto* referred = LastFact(fold, Section::kIntake, F::kCaseReferred);
  return referred == nullptr ? "" : referred->fact().case_referred().employment_status();
}

// A new contract makes nobody another person.
absl::Status CheckSamePerson(absl::string_view nip, absl::string_view known) {
  if (nip == known) return BadField("nip", "is the number that the respondent has already");
  const auto before = ParseNip(known, EmploymentStatus::kPppk);
  if (!before.ok()) return absl::OkStatus();  // not known
  const auto after = ParseNip(nip, EmploymentStatus::kPppk);
  if (after->birth_date == before->birth_date && after->sex == before->sex) {
    return absl::OkStatus();
  }
  return BadField("nip", "is of another day of birth or sex than the number known");
}

}  // namespace

absl::StatusOr<Decision> DecideRecordRenumbered(const sanction::v1::RecordRenumbered& command,
                                                const CaseFold& fold,
                                                const event::v1::Respondent& respondent,
                                                const Call& call) {
  RETURN_IF_ERROR(CheckRequired("nip", command.nip(), kNumberBytesMax));
  ASSIGN_OR_RETURN(std::string nip, ReadNip("nip", command.nip(), EmploymentStatus::kPppk));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_respondent_renumbered();
  RETURN_IF_ERROR(CheckMove(fold, kSanction, draft.fact, call));
  if (EmploymentStatusIn(fold) == NameOf(EmploymentStatus::kPns)) {
    return RuleForbids(
        "NIP",
        "the respondent is a PNS, whose NIP stays for life; a wrong one is corrected "
        "by who recorded it (CorrectFact)");
  }
  RETURN_IF_ERROR(CheckSamePerson(nip, respondent.nip()));
  draft.personal.emplace().mutable_respondent()->set_nip(std::move(nip));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
