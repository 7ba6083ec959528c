#include "services/domain/decide_referral.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/conflict.h"
#include "services/domain/fold.h"
#include "services/domain/placement.h"
#include "services/domain/refusal.h"
#include "services/domain/routing.h"
#include "services/domain/sanction_rules.h"
#include "services/domain/succession.h"
#include "services/domain/transitions.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

constexpr auto kReferral = Section::kReferral;
constexpr std::size_t kUnitBytesMax = 64;

// What every case states of itself where it begins for the competent body.
struct Basics {
  std::string agency_region;
  google::protobuf::RepeatedPtrField<std::string> parties;
};

std::optional<Basics> BasicsOf(const CaseFold& fold) {
  if (const auto* opened = LastFact(fold, kReferral, F::kLegacyCaseOpened)) {
    const auto& legacy = opened->fact().legacy_case_opened();
    return Basics{legacy.agency_region(), legacy.parties()};
  }
  if (const auto* referred = LastFact(fold, Section::kIntake, F::kCaseReferred)) {
    return Basics{referred->fact().case_referred().agency_region(),
                  referred->fact().case_referred().parties()};
  }
  return std::nullopt;
}

// Whether services of the respondent are blocked in this case.
bool AreBlocked(const CaseFold& fold) {
  bool blocked = false;
  for (const auto& fact : SectionIn(fold, kReferral).facts()) {
    if (fact.fact().has_services_blocked()) blocked = true;
    if (fact.fact().has_services_unblocked()) blocked = false;
  }
  return blocked;
}

// Whoever stands on that day for the PPK of the region of the respondent's agency.
std::string PpkOfRegion(const Basics& basics, std::optional<LocalDate> day, const Call& call) {
  std::string ppk = absl::StrCat("ppk/", basics.agency_region);
  const auto* standing = day ? StandingFor(ppk, *day, call.catalogue) : nullptr;
  return standing == nullptr ? ppk : standing->id;
}

// The PPK that has the case and had ended by that day, where only for that the recommendation may
// go on without it; empty otherwise.
std::string PastAnEnded(const Custody& custody, const event::v1::Fact& fact,
                        std::optional<LocalDate> day, const Call& call) {
  const std::string next(NextIn(custody, kReferral));
  Standing standing = StandingOf(custody, kReferral);
  standing.ended = HasEnded(next, day, call.catalogue);
  const Transition* row = FindTransition(standing, fact);
  return row != nullptr && row->condition == Condition::kEnded ? next : "";
}

// The successor of a PPK that had ended by that day; if it has none, whoever stands for the region.
std::string SuccessorOr(absl::string_view ended, LocalDate day, const Basics& basics,
                        const Call& call) {
  const auto* successor = StandingFor(ended, day, call.catalogue);
  return successor != nullptr ? successor->id : PpkOfRegion(basics, day, call);
}

// Whether a recommendation to that PPK waits for its receipt.
bool IsUnderWayTo(const Custody& custody, absl::string_view ppk) {
  return custody.under_way != nullptr && custody.under_way->fact().has_sanction_recommended() &&
         AddresseeOf(custody.under_way->fact()) == ppk;
}

// Why the referral is not to be seen.
absl::Status NoReferral(const CaseFold& fold) {
  for (const SetAside& stint : CustodyOf(fold).set_aside) {
    if (stint.handed_over == nullptr || !stint.handed_over->fact().has_case_referred()) continue;
    return NotHereYet(absl::StrCat(stint.answers.log(), "@", stint.answers.sequence(),
                                   ", from which ", stint.segment->writer(), " goes on,"));
  }
  return NotHereYet("the referral of this case");
}

// All party entries so far: what a new party must get.
void AddEarlierPartyEntries(const CaseFold& fold, event::v1::SanctionRecommended* fact) {
  for (const auto& segment : fold.segments()) {
    for (const auto& earlier : segment.facts()) {
      if (earlier.party_number() == 0) continue;
      *fact->add_earlier_party_entries() = earlier.position();
      for (const auto& correction : earlier.corrected_by()) {
        *fact->add_earlier_party_entries() = correction;
      }
    }
  }
}

}  // namespace

absl::StatusOr<Decision> DecideReceiveCase(const referral::v1::ReceiveCase& command,
                                           const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("agenda_number", command.agenda_number(), kNumberBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  const auto* referred = LastFact(fold, Section::kIntake, F::kCaseReferred);
  if (referred == nullptr) return NoReferral(fold);
  const std::string& to = referred->fact().case_referred().to();
  if (!call.catalogue.IsSuccessorOf(call.header.authority(), to)) {
    return NotYourCase(call.header.authority(), absl::StrCat("the case was referred to ", to));
  }
  draft.fact.mutable_case_received();
  draft.citations.push_back(Cite(*referred));
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_AGENDA, command.agenda_number());
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideVerifyCase(const referral::v1::VerifyCase& command,
                                          const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_case_verified()->set_proven(command.proven());
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRecommendSanction(const referral::v1::RecommendSanction& command,
                                                 const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("letter_number", command.letter_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckSanction("sanction", command.sanction(), call.catalogue));
  RETURN_IF_ERROR(CheckReason("departure", "departure", command.departure(),
                              command.departure_text(), call.catalogue));
  RETURN_IF_ERROR(CheckReason("conflict_departure", "conflict_departure",
                              command.conflict_departure(), command.conflict_departure_text(),
                              call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_sanction_recommended();
  const auto day = LocalDate::ParseIso(DayOf(command.occurred_at()));
  RETURN_IF_ERROR(CheckMove(fold, kReferral, draft.fact, call, day));
  const auto* verified = LastFact(fold, kReferral, F::kCaseVerified);
  if (verified != nullptr && !verified->fact().case_verified().proven()) {
    return RuleForbids("verification", "the case was verified as not proven; dismiss it");
  }
  const std::optional<Basics> basics = BasicsOf(fold);
  const std::optional<Accused> accused = AccusedOf(fold);
  if (!basics || !accused) return NotHereYet("the referral of this case");
  const Custody custody = CustodyOf(fold);
  const std::string ended = PastAnEnded(custody, draft.fact, day, call);
  const std::string otherwise =
      ended.empty() ? PpkOfRegion(*basics, day, call) : SuccessorOr(ended, *day, *basics, call);
  const std::string to = command.to().empty() ? otherwise : command.to();
  const std::string imposed = ImposedBefore(fold, ended);
  RETURN_IF_ERROR(CheckPpk("to", to, day, call.catalogue));
  ASSIGN_OR_RETURN(
      Ruling ruling,
      JudgeSanction(command.sanction(), to, *accused,
                    // Another PPK decided: what departs is marked.
                    imposed.empty() ? Departure{command.departure(), command.departure_text()}
                                    : Departure{std::string(kAsRegistered), {}},
                    call.catalogue));
  if (IsUnderWayTo(custody, to)) {
    return RuleForbids("PP 94/2021 Ps 35(3)",
                       absl::StrCat("this recommendation is on its way to ", to));
  }
  if (const Stint* before = LastStint(custody, Section::kSanction)) {
    if (to == before->segment->writer()) {
      return RuleForbids("PP 94/2021 Ps 35(3)",
                         absl::StrCat(to, " had this recommendation already"));
    }
    *fact->mutable_previous_ends() = before->segment->last();
    draft.citations.push_back(Cite(*WalkOf(custody, custody.stints.size() - 1).decisive));
  }
  fact->set_to(to);
  fact->set_sanction(command.sanction());
  fact->set_violation(ruling.violation);
  fact->set_regime(ruling.regime);
  fact->set_departure(ruling.departure);
  *fact->mutable_marks() = std::move(ruling.marks);
  RETURN_IF_ERROR(TellDecided(imposed, fact));
  if (!ended.empty()) {
    RETURN_IF_ERROR(JudgeSuccession({.writer = call.header.authority(),
                                     .had = ended,
                                     .to = to,
                                     .day = *day,
                                     .departure = command.departure()},
                                    custody, call.catalogue, fact));
  }
  RETURN_IF_ERROR(JudgeConflict({.writer = call.header.authority(),
                                 .to = to,
                                 .otherwise = otherwise,
                                 .day = day,
                                 .departure = command.conflict_departure()},
                                custody, call.catalogue, fact));
  *fact->mutable_parties() = basics->parties;
  for (const std::string& party : {call.header.authority(), to}) {
    const auto& parties = fact->parties();
    if (std::find(parties.begin(), parties.end(), party) == parties.end()) {
      fact->add_parties(party);
    }
  }
  AddEarlierPartyEntries(fold, fact);
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, command.letter_number());
  std::vector<absl::string_view> words;
  if (!fact->departure().empty()) words.push_back(command.departure_text());
  if (!fact->conflict_departure().empty()) words.push_back(command.conflict_departure_text());
  std::erase(words, "");
  const std::string why = absl::StrJoin(words, "\n");
  RETURN_IF_ERROR(CheckText("conflict_departure_text", why, kReasonBytesMax));  // both together
  RETURN_IF_ERROR(AddReasonText(why, &draft));
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideDismissCase(const referral::v1::DismissCase& command,
                                           const CaseFold& fold, const Call& call) {
  // A code or nothing: the open part of an entry can never be erased.
  if (!command.reason().empty()) {
    RETURN_IF_ERROR(CheckCode("reason", "dismissal_reason", command.reason(), call.catalogue));
  }
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_case_dismissed()->set_reason(command.reason());
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideReturnCase(const referral::v1::ReturnCase& command,
                                          const CaseFold& fold, const Call& call) {
  if (command.reasons().empty() && command.reason_text().empty()) {
    return BadField("reasons", "is required: a case is returned with a reason");
  }
  RETURN_IF_ERROR(CheckCodes("reasons", "return_reason", command.reasons(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  *draft.fact.mutable_case_returned()->mutable_reasons() = command.reasons();
  const Custody custody = CustodyOf(fold);
  const Stint* own = LastStint(custody, kReferral);
  if (own != nullptr && own->received == nullptr) {
    return RuleForbids("CaseReturned", "nobody sent it to you; close the case instead");
  }
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  return Move(fold, kReferral, std::move(draft), call);
}

namespace {

// A fact of BKN towards the PPK: a letter, perhaps with words.
template <typename Command>
absl::StatusOr<Draft> Letter(const Command& command, const CaseFold& fold) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return draft;
}

absl::Status CheckAuthority(absl::string_view field, const std::string& id, const Call& call) {
  if (call.catalogue.FindAuthority(id) != nullptr) return absl::OkStatus();
  return BadField(field, absl::StrCat("no authority \"", id, "\" in the catalogue"));
}

}  // namespace

absl::StatusOr<Decision> DecideAssignCase(const referral::v1::AssignCase& command,
                                          const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("unit", command.unit(), kUnitBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  draft.fact.mutable_case_assigned()->set_unit(command.unit());
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideRemindPpk(const referral::v1::RemindPpk& command,
                                         const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, Letter(command, fold));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  draft.fact.mutable_ppk_reminded();
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideWarnPpk(const referral::v1::WarnPpk& command, const CaseFold& fold,
                                       const Call& call) {
  if (!command.by().empty()) RETURN_IF_ERROR(CheckAuthority("by", command.by(), call));
  ASSIGN_OR_RETURN(Draft draft, Letter(command, fold));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  draft.fact.mutable_ppk_warned()->set_by(command.by());
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideBlockServices(const referral::v1::BlockServices& command,
                                             const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("scope", "block_scope", command.scope(), call.catalogue));
  RETURN_IF_ERROR(CheckCode("trigger", "block_trigger", command.trigger(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, Letter(command, fold));
  draft.fact.mutable_services_blocked()->set_scope(command.scope());
  draft.fact.mutable_services_blocked()->set_trigger(command.trigger());
  RETURN_IF_ERROR(CheckMove(fold, kReferral, draft.fact, call));
  if (AreBlocked(fold)) return RuleForbids("Peraturan BKN 1/2023", "services are blocked already");
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideUnblockServices(const referral::v1::UnblockServices& command,
                                               const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("reason", "unblock_reason", command.reason(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, Letter(command, fold));
  draft.fact.mutable_services_unblocked()->set_reason(command.reason());
  RETURN_IF_ERROR(CheckMove(fold, kReferral, draft.fact, call));
  if (!AreBlocked(fold)) return RuleForbids("Peraturan BKN 1/2023", "no services are blocked");
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideEscalateCase(const referral::v1::EscalateCase& command,
                                            const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckAuthority("to", command.to(), call));
  RETURN_IF_ERROR(CheckCode("rung", "escalation_rung", command.rung(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, Letter(command, fold));
  draft.fact.mutable_case_escalated()->set_to(command.to());
  draft.fact.mutable_case_escalated()->set_rung(command.rung());
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideCloseCase(const referral::v1::CloseCase& command,
                                         const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("reason", "closing_reason", command.reason(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  draft.fact.mutable_case_closed()->set_reason(command.reason());
  RETURN_IF_ERROR(CheckMove(fold, kReferral, draft.fact, call));
  // Citing how the PPK left it takes the file back.
  const Custody custody = CustodyOf(fold);
  if (LastStint(custody, Section::kSanction) != nullptr) {
    draft.citations.push_back(Cite(*WalkOf(custody, custody.stints.size() - 1).decisive));
  }
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideReopenCase(const referral::v1::ReopenCase& command,
                                          const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("reason", "reopening_reason", command.reason(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  draft.fact.mutable_case_reopened()->set_reason(command.reason());
  return Move(fold, kReferral, std::move(draft), call);
}

absl::StatusOr<Decision> DecideOpenLegacyCase(const referral::v1::OpenLegacyCase& command,
                                              absl::string_view case_id, const Call& call) {
  const auto& catalogue = call.catalogue;
  if (call.header.acting_for().empty()) {
    return BadField("header.acting_for", "is required: whose file it was, e.g. kasn");
  }
  RETURN_IF_ERROR(CheckRequired("respondent.name", command.respondent().name(), kNameBytesMax));
  RETURN_IF_ERROR(CheckRequired("respondent.nip", command.respondent().nip(), kNumberBytesMax));
  ASSIGN_OR_RETURN(const MaybeStatus status,
                   ReadStatus("employment_status", command.employment_status()));
  RETURN_IF_ERROR(CheckElection("election", command.election(), catalogue));
  RETURN_IF_ERROR(CheckDate("incident_on", command.incident_on()));
  RETURN_IF_ERROR(CheckRegion("agency_region", command.agency_region(), catalogue));
  if (!command.position_kind().empty()) {
    RETURN_IF_ERROR(CheckCode("position_kind", "position", command.position_kind(), catalogue));
  }
  RETURN_IF_ERROR(CheckRank("rank", command.rank(), status, catalogue));
  if (!command.role().empty()) {
    RETURN_IF_ERROR(CheckCode("role", "respondent_role", command.role(), catalogue));
  }
  if (command.violations_found().empty()) return BadField("violations_found", "is required");
  RETURN_IF_ERROR(CheckViolations("violations_found", command.violations_found(), catalogue));
  if (!command.reported_by().empty()) {
    RETURN_IF_ERROR(CheckAuthority("reported_by", command.reported_by(), call));
  }
  RETURN_IF_ERROR(CheckRequired("agenda_number", command.agenda_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckText("letter_number", command.letter_number(), kNumberBytesMax));
  ASSIGN_OR_RETURN(auto respondent, ReadRespondent("respondent", command.respondent(), status));
  RETURN_IF_ERROR(CheckNoNik("respondent", respondent));

  CaseFold fold;
  fold.set_case_id(std::string(case_id));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_legacy_case_opened();
  fact->set_election(command.election());
  fact->set_incident_on(command.incident_on());
  fact->set_agency_region(command.agency_region());
  fact->set_employment_status(command.employment_status());
  fact->set_position_kind(command.position_kind());
  fact->set_rank(command.rank());
  fact->set_role(command.role());
  *fact->mutable_violations_found() = command.violations_found();
  fact->set_reported_by(command.reported_by());
  fact->add_parties(call.header.authority());
  if (!command.reported_by().empty()) fact->add_parties(command.reported_by());
  const std::vector<std::string> found(command.violations_found().begin(),
                                       command.violations_found().end());
  ASSIGN_OR_RETURN(
      Placement placement,
      PlaceAct({command.election(), command.contest(), command.agency_region()},
               command.incident_on(), found,
               {command.phase(), command.phase_override(), command.phase_override_text()},
               catalogue));
  auto& personal = draft.personal.emplace();
  if (!placement.phase_override.empty()) personal.set_reason_text(command.phase_override_text());
  WritePlacement(std::move(placement), command.contest(), fact);
  *personal.mutable_respondent() = std::move(respondent);
  *personal.add_references() = Reference(event::v1::REFERENCE_KIND_AGENDA, command.agenda_number());
  if (!command.letter_number().empty()) {
    *personal.add_references() =
        Reference(event::v1::REFERENCE_KIND_REFERRAL_LETTER, command.letter_number());
  }
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Decision{.case_id = std::string(case_id), .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
