#include "services/domain/decide_referral.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

Decision Only(const CaseFold& fold, Draft draft) {
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::Status SetReason(absl::string_view text, Draft* draft) {
  RETURN_IF_ERROR(CheckText("reason_text", text, kReasonBytesMax));
  if (!text.empty()) {
    if (!draft->personal) draft->personal.emplace();
    draft->personal->set_reason_text(std::string(text));
  }
  return absl::OkStatus();
}

// The PPK addressed: as named, or that of the region of the respondent's agency.
absl::StatusOr<std::string> Ppk(const referral::v1::RecommendSanction& command,
                                const event::v1::CaseReferred& referred, const Call& call) {
  const std::string to =
      command.to().empty() ? absl::StrCat("ppk/", referred.agency_region()) : command.to();
  const auto* authority = call.catalogue.FindAuthority(to);
  if (authority == nullptr || authority->role != reference::AuthorityRole::kSanction) {
    return BadField("to", absl::StrCat("\"", to, "\" is no PPK of the catalogue"));
  }
  return to;
}

// All party entries so far: what a new party must get.
void AddEarlierPartyEntries(const CaseFold& fold, event::v1::SanctionRecommended* fact) {
  for (const auto* section : {&fold.intake(), &fold.referral()}) {
    for (const auto& earlier : section->facts()) {
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
  const auto* referred = LastFact(fold.intake(), F::kCaseReferred);
  if (referred == nullptr) return NotHereYet("the referral of this case");
  const std::string& to = referred->fact().case_referred().to();
  if (!call.catalogue.IsSuccessorOf(call.header.authority(), to)) {
    return NotYourCase(call.header.authority(), absl::StrCat("the case was referred to ", to));
  }
  draft.fact.mutable_case_received();
  RETURN_IF_ERROR(CheckMove(fold, Section::kReferral, draft.fact, call));
  draft.citations.push_back(Cite(*referred));
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_AGENDA, command.agenda_number());
  return Only(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideVerifyCase(const referral::v1::VerifyCase& command,
                                          const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_case_verified()->set_proven(command.proven());
  RETURN_IF_ERROR(CheckMove(fold, Section::kReferral, draft.fact, call));
  return Only(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideRecommendSanction(const referral::v1::RecommendSanction& command,
                                                 const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("letter_number", command.letter_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckSanction("sanction", command.sanction(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_sanction_recommended();
  RETURN_IF_ERROR(CheckMove(fold, Section::kReferral, draft.fact, call));
  const auto* verified = LastFact(fold.referral(), F::kCaseVerified);
  if (verified != nullptr && !verified->fact().case_verified().proven()) {
    return RuleForbids("verification", "the case was verified as not proven; dismiss it");
  }
  const auto* referred = LastFact(fold.intake(), F::kCaseReferred);
  if (referred == nullptr) return NotHereYet("the referral of this case");
  ASSIGN_OR_RETURN(const std::string to, Ppk(command, referred->fact().case_referred(), call));
  fact->set_to(to);
  fact->set_sanction(command.sanction());
  *fact->mutable_parties() = referred->fact().case_referred().parties();
  for (const std::string& party : {call.header.authority(), to}) {
    const auto& parties = fact->parties();
    if (std::find(parties.begin(), parties.end(), party) == parties.end()) {
      fact->add_parties(party);
    }
  }
  AddEarlierPartyEntries(fold, fact);
  *draft.personal.emplace().add_references() =
      Reference(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER, command.letter_number());
  return Only(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideDismissCase(const referral::v1::DismissCase& command,
                                           const CaseFold& fold, const Call& call) {
  // A code or nothing: the open part of an entry can never be erased.
  if (!command.reason().empty()) {
    RETURN_IF_ERROR(CheckCode("reason", "dismissal_reason", command.reason(), call.catalogue));
  }
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_case_dismissed()->set_reason(command.reason());
  RETURN_IF_ERROR(SetReason(command.reason_text(), &draft));
  RETURN_IF_ERROR(CheckMove(fold, Section::kReferral, draft.fact, call));
  return Only(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideReturnCase(const referral::v1::ReturnCase& command,
                                          const CaseFold& fold, const Call& call) {
  if (command.reasons().empty() && command.reason_text().empty()) {
    return BadField("reasons", "is required: a case is returned with a reason");
  }
  RETURN_IF_ERROR(CheckCodes("reasons", "return_reason", command.reasons(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  *draft.fact.mutable_case_returned()->mutable_reasons() = command.reasons();
  RETURN_IF_ERROR(SetReason(command.reason_text(), &draft));
  RETURN_IF_ERROR(CheckMove(fold, Section::kReferral, draft.fact, call));
  return Only(fold, std::move(draft));
}

}  // namespace selaras::domain
