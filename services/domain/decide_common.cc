#include "services/domain/decide_common.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/appeal.h"
#include "services/domain/conflict.h"
#include "services/domain/decide_intake.h"
#include "services/domain/erasure.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/domain/succession.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using storage::v1::EffectiveFact;
using storage::v1::SectionFold;

const EffectiveFact* FindFact(const SectionFold& segment, const event::v1::Position& position) {
  for (const EffectiveFact& fact : segment.facts()) {
    if (Same(fact.position(), position)) return &fact;
  }
  return nullptr;
}

const EffectiveFact* FindFact(const CaseFold& fold, const event::v1::Position& position) {
  for (const SectionFold& segment : fold.segments()) {
    if (const EffectiveFact* fact = FindFact(segment, position)) return fact;
  }
  return nullptr;
}

// Before anybody outside the office is a party there is nobody to tell.
Visibility VisibilityIn(const CaseFold& fold) {
  return PartiesOf(fold).empty() ? Visibility::kOffice : Visibility::kParty;
}

absl::Status CheckAuthority(absl::string_view field, const std::string& id, const Call& call) {
  if (call.catalogue.FindAuthority(id) != nullptr) return absl::OkStatus();
  return BadField(field, absl::StrCat("no authority \"", id, "\" in the catalogue"));
}

// Whether somebody answered the request.
bool IsAnswered(const CaseFold& fold, const event::v1::Position& request) {
  const Custody custody = CustodyOf(fold);
  for (const SectionFold& segment : fold.segments()) {
    if (!IsKnown(custody, segment)) continue;
    for (const EffectiveFact& fact : segment.facts()) {
      const auto& answered = fact.fact().request_answered().request();
      if (fact.fact().has_request_answered() && Same(answered, request)) return true;
    }
  }
  return false;
}

// Whether somebody stated it who had, or was handed, the file.
bool IsOfKnown(const CaseFold& fold, const EffectiveFact& fact) {
  const Custody custody = CustodyOf(fold);
  return std::any_of(custody.known.begin(), custody.known.end(), [&](const SectionFold* segment) {
    return FindFact(*segment, fact.position()) == &fact;
  });
}

}  // namespace

absl::StatusOr<Decision> DecideSendCopy(const command::v1::SendCopy& command, const CaseFold& fold,
                                        Section section, const Call& call) {
  RETURN_IF_ERROR(CheckAuthority("to", command.to(), call));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, VisibilityIn(fold), command.occurred_at()));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  auto* fact = draft.fact.mutable_copy_sent();
  fact->set_to(command.to());
  *fact->mutable_of() = command.of();
  RETURN_IF_ERROR(CheckMove(fold, section, draft.fact, call));
  const EffectiveFact* original = FindFact(SectionIn(fold, section), command.of());
  if (original == nullptr) {
    return BadField("of", "is no effective fact of your section of this case");
  }
  // Who hears of the copy hears of what it copies.
  if (original->party_number() == 0) draft.visibility = Visibility::kOffice;
  draft.citations.push_back(Cite(*original));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideRecordCopyReceived(const command::v1::RecordCopyReceived& command,
                                                  const CaseFold& fold, Section section,
                                                  const Call& call) {
  const EffectiveFact* copy = FindFact(fold, command.copy());
  if (copy == nullptr || !copy->fact().has_copy_sent()) {
    return BadField("copy", "is no copy that was sent in this case");
  }
  const bool party = copy->party_number() > 0;
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, party ? Visibility::kParty : Visibility::kOffice,
                                         command.occurred_at()));
  *draft.fact.mutable_copy_received()->mutable_copy() = command.copy();
  draft.citations.push_back(Cite(*copy));
  return Move(fold, section, std::move(draft), call);
}

absl::StatusOr<Decision> DecideMakeRequest(const command::v1::MakeRequest& command,
                                           const CaseFold& fold, Section section,
                                           const Call& call) {
  RETURN_IF_ERROR(CheckCode("request", "request_kind", command.request(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  draft.fact.mutable_request_made()->set_request(command.request());
  RETURN_IF_ERROR(CheckMove(fold, section, draft.fact, call));
  if (PartiesOf(fold).empty()) return RuleForbids("holder", "the file never left; nobody to ask");
  const Status status = StatusOf(fold);
  if (status.holder == call.header.authority() && CustodyOf(fold).under_way == nullptr) {
    return RuleForbids("holder", "you hold the file; there is nobody to ask");
  }
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideAnswerRequest(const command::v1::AnswerRequest& command,
                                             const CaseFold& fold, Section section,
                                             const Call& call) {
  const EffectiveFact* request = FindFact(fold, command.request());
  if (request == nullptr || !request->fact().has_request_made() || !IsOfKnown(fold, *request)) {
    return BadField("request", "is no request of this case");
  }
  if (!command.reason().empty()) {
    RETURN_IF_ERROR(CheckCode("reason", "request_answer_reason", command.reason(), call.catalogue));
  }
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  auto* fact = draft.fact.mutable_request_answered();
  *fact->mutable_request() = command.request();
  fact->set_granted(command.granted());
  fact->set_reason(command.reason());
  RETURN_IF_ERROR(CheckMove(fold, section, draft.fact, call));
  const Status status = StatusOf(fold);
  if (status.holder != call.header.authority()) {
    return RuleForbids("holder", absl::StrCat("only the holder answers: ", status.holder));
  }
  if (request->author() == call.header.authority()) {
    return RuleForbids("holder", "the request is your own");
  }
  if (IsAnswered(fold, command.request())) {
    return RuleForbids("request", "the request was answered already");
  }
  draft.citations.push_back(Cite(*request));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideFlagConflict(const command::v1::FlagConflict& command,
                                            const CaseFold& fold, Section section,
                                            const Call& call) {
  RETURN_IF_ERROR(CheckAuthority("authority", command.authority(), call));
  RETURN_IF_ERROR(CheckCode("reason", "conflict_reason", command.reason(), call.catalogue));
  // Not even to the parties: the authority in question is, or becomes, one of them.
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  draft.fact.mutable_conflict_flagged()->set_authority(command.authority());
  draft.fact.mutable_conflict_flagged()->set_reason(command.reason());
  return Move(fold, section, std::move(draft), call);
}

namespace {

// Whether the case holds a fact of the kind.
bool Has(const CaseFold& fold, FactKind kind) {
  for (const SectionFold& segment : fold.segments()) {
    if (LastFact(segment, kind) != nullptr) return true;
  }
  return false;
}

// Whether somebody else's request waits for the writer's answer.
bool HasOpenRequest(const CaseFold& fold, absl::string_view writer) {
  const Custody custody = CustodyOf(fold);
  for (const SectionFold& segment : fold.segments()) {
    if (segment.writer() == writer || !IsKnown(custody, segment)) continue;
    for (const EffectiveFact& fact : segment.facts()) {
      if (fact.fact().has_request_made() && !IsAnswered(fold, fact.position())) return true;
    }
  }
  return false;
}

bool MayTakeOver(const CaseFold& fold, const IsOwn& is_own, const reference::Catalogue& catalogue) {
  event::v1::Fact fact;
  fact.mutable_case_taken_over();
  if (FindTransition(StandingOf(CustodyOf(fold), Section::kIntake), fact) == nullptr) return false;
  const std::vector<std::string> parties = PartiesOf(fold);
  return std::any_of(parties.begin(), parties.end(), [&](const std::string& party) {
    return is_own(party) && CheckTakeOver(fold, party, catalogue).ok();
  });
}

bool IsErasureCommand(absl::string_view command) {
  for (int kind = F::kLegalHoldPlaced; kind <= F::kCaseErased; ++kind) {
    if (CommandName(static_cast<FactKind>(kind)) == command) return true;
  }
  return false;
}

// What whoever wrote in the section may say of keeping or forgetting the case, also if it does not
// have it any more.
std::vector<std::string> ErasureCommands(const CaseFold& fold, Section section,
                                         const IsOwn& is_own) {
  std::vector<std::string> commands;
  for (const SectionFold& segment : fold.segments()) {
    const bool own = static_cast<Section>(segment.section()) == section && is_own(segment.writer());
    if (!own) continue;
    for (const FactKind kind : ErasureMoves(fold, section, segment.writer())) {
      const std::string command(CommandName(kind));
      const bool named = std::find(commands.begin(), commands.end(), command) != commands.end();
      if (!named) commands.push_back(command);
    }
  }
  return commands;
}

// The others of the section.
std::vector<std::string> OtherCommands(const CaseFold& fold, Section section, const IsOwn& is_own,
                                       const reference::Catalogue& catalogue) {
  const Custody custody = CustodyOf(fold);
  if (custody.under_way != nullptr && is_own(AddresseeOf(custody.under_way->fact()))) {
    const FactKind receives = AcknowledgementOf(custody.under_way->fact().kind_case());
    if (SectionOf(receives) == section) return {std::string(CommandName(receives))};
  }
  Standing standing = StandingOf(custody, section);
  standing.ended = EndsOnce(NextIn(custody, section), catalogue);
  const std::string& writer = SectionIn(fold, section).writer();
  if (standing.state == State::kNone) return {};
  if (!is_own(writer)) {
    if (section != Section::kIntake || !MayTakeOver(fold, is_own, catalogue)) return {};
    return {std::string(CommandName(F::kCaseTakenOver))};
  }
  if (HasErased(fold, writer)) return {};
  const bool holds = StatusOf(fold).holder == writer && custody.under_way == nullptr;
  std::vector<std::string> commands = AllowedCommands(standing);
  std::erase_if(commands, IsErasureCommand);
  const auto drop = [&](absl::string_view command, bool makes_sense) {
    if (!makes_sense) std::erase(commands, command);
  };
  drop(CommandName(F::kCaseTakenOver), false);  // from others
  drop("MakeRequest", !holds && !PartiesOf(fold).empty());
  drop("AnswerRequest", StatusOf(fold).holder == writer && HasOpenRequest(fold, writer));
  drop("RecordCopyReceived", Has(fold, F::kCopySent));
  const auto* filed = LastFact(fold, Section::kSanction, F::kObjectionFiled);
  drop("RecordAppealStep", filed != nullptr && filed->fact().objection_filed().route() == kBanding);
  drop("UnblockServices", Has(fold, F::kServicesBlocked));
  return commands;
}

}  // namespace

std::vector<std::string> AllowedNow(const CaseFold& fold, Section section, const IsOwn& is_own,
                                    const reference::Catalogue& catalogue) {
  std::vector<std::string> commands = OtherCommands(fold, section, is_own, catalogue);
  const std::vector<std::string> erasure = ErasureCommands(fold, section, is_own);
  commands.insert(commands.end(), erasure.begin(), erasure.end());
  return commands;
}

}  // namespace selaras::domain
