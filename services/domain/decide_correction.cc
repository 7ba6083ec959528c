// Corrections and taking back: DecideCorrectFact and DecideVoidFact of decide.h.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/field_mask_util.h>

#include "services/domain/correction.h"
#include "services/domain/deadline_watch.h"
#include "services/domain/decide.h"
#include "services/domain/fold.h"
#include "services/domain/judge_anew.h"
#include "services/domain/nip.h"
#include "services/domain/refusal.h"
#include "services/domain/transitions.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using google::protobuf::util::FieldMaskUtil;
using storage::v1::EffectiveFact;

// The segment that the sender of the command writes.
absl::StatusOr<const storage::v1::SectionFold*> OwnSegment(const CaseFold& fold, Section section,
                                                           const Call& call) {
  const auto* own = FindSegment(fold.segments(), section, call.header.authority());
  if (own != nullptr && !own->facts().empty()) return own;
  const auto& standing = SectionIn(fold, section);
  if (standing.facts().empty()) return CaseNotFound(fold.case_id());
  return NotYourCase(call.header.authority(),
                     absl::StrCat("this section is written by ", standing.writer()));
}

Draft CorrectionDraft(const EffectiveFact& target, const CaseFold& fold, absl::string_view reason) {
  Draft draft;
  draft.case_id = fold.case_id();
  draft.visibility = target.party_number() > 0 ? Visibility::kParty : Visibility::kOffice;
  draft.personal.emplace().set_reason_text(std::string(reason));
  draft.citations.push_back(Cite(target));
  return draft;
}

// Whether the addressee of a hand-over already acknowledged it.
bool Acknowledged(const CaseFold& fold, const EffectiveFact& fact) {
  const Custody custody = CustodyOf(fold);
  return std::any_of(custody.stints.begin(), custody.stints.end(),
                     [&](const Stint& stint) { return stint.received == &fact; });
}

// Whether somebody else's fact cites it: an answer, a closing, a second sending.
bool IsReliedOn(const CaseFold& fold, const storage::v1::SectionFold& own,
                const event::v1::Position& position) {
  for (const auto& segment : fold.segments()) {
    if (&segment == &own) continue;
    for (const EffectiveFact& fact : segment.facts()) {
      if (IsAcknowledgement(fact.fact().kind_case())) continue;  // has words of its own
      if (!IsOfOfficer(fact.fact().kind_case())) continue;       // a clock builds on nothing
      for (const auto& citation : fact.citations()) {
        if (citation.position().log() == position.log() &&
            citation.position().sequence() == position.sequence()) {
          return true;
        }
      }
    }
  }
  return false;
}

// The employment status that a fact records, if it records one.
absl::StatusOr<MaybeStatus> StatusIn(const event::v1::Fact& fact) {
  if (fact.has_respondent_renumbered()) return EmploymentStatus::kPppk;
  const std::string& text =
      fact.has_respondent_named()        ? fact.respondent_named().employment_status()
      : fact.has_respondent_identified() ? fact.respondent_identified().employment_status()
      : fact.has_violation_noticed()     ? fact.violation_noticed().employment_status()
                                         : fact.case_referred().employment_status();
  return ReadStatus("new_fact.employment_status", text);
}

// What rule 8 protects is recorded in the private log only, and corrected there.
bool IsProtected(const event::v1::PersonalPart& personal) {
  return personal.has_reporter() || !personal.chronology().empty() || !personal.place().empty() ||
         personal.evidence_size() > 0 || !personal.message().empty() ||
         std::any_of(personal.references().begin(), personal.references().end(),
                     [](const auto& reference) {
                       return reference.kind() == event::v1::REFERENCE_KIND_REGISTER ||
                              reference.kind() == event::v1::REFERENCE_KIND_SIGAPLAPOR;
                     });
}

// The personal values that the correction names.
absl::StatusOr<event::v1::PersonalPart> NewPersonal(const command::v1::CorrectFact& command,
                                                    const NamedFields& named, MaybeStatus status,
                                                    Visibility visibility) {
  event::v1::PersonalPart personal;
  if (named.personal.paths().empty()) return personal;
  personal = command.new_personal();
  FieldMaskUtil::TrimMessage(named.personal, &personal);
  if (IsProtected(personal)) {
    return BadField(
        "new_personal",
        "reporter, messages, register number, chronology, place and evidence never leave "
        "(rule 8)");
  }
  if (personal.has_respondent()) {
    ASSIGN_OR_RETURN(*personal.mutable_respondent(),
                     ReadRespondent("new_personal.respondent",
                                    std::move(*personal.mutable_respondent()), status));
    if (visibility == Visibility::kParty) {
      RETURN_IF_ERROR(CheckNoNik("new_personal.respondent", personal.respondent()));
    }
  }
  RETURN_IF_ERROR(CheckText("new_personal.summary", personal.summary(), kSummaryBytesMax));
  RETURN_IF_ERROR(CheckNumbers(personal.references()));
  return personal;
}

// A correction never changes which transition happened, nor who became a party.
absl::Status CheckSameTransition(const event::v1::FactCorrected& correction,
                                 const EffectiveFact& target) {
  EffectiveFact corrected = target;
  ApplyCorrection(correction, &corrected);
  for (const Transition& row : Transitions()) {
    if (row.fact != target.fact().kind_case()) continue;
    const Standing standing{row.section, row.from, row.next.empty() ? State::kNone : row.next[0],
                            row.condition == Condition::kFlagged,
                            row.condition == Condition::kEnded};
    const bool before = FindTransition(standing, target.fact()) == &row;
    const bool after = FindTransition(standing, corrected.fact()) == &row;
    if (before != after) {
      return RuleForbids("FactCorrected",
                         "a correction cannot change which step happened; void the fact instead");
    }
  }
  return CheckNotFixed(correction);
}

}  // namespace

absl::StatusOr<Decision> DecideCorrectFact(const command::v1::CorrectFact& command,
                                           const CaseFold& fold, Section section,
                                           const Call& call) {
  ASSIGN_OR_RETURN(const auto* own, OwnSegment(fold, section, call));
  RETURN_IF_ERROR(CheckRequired("reason", command.reason(), kReasonBytesMax));
  const EffectiveFact* target = FindEffective(*own, command.position());
  if (target == nullptr) return NoSuchFact();
  if (!IsOfOfficer(target->fact().kind_case())) return NotOfOfficer("FactCorrected");
  if (IsOfAttachment(target->fact().kind_case())) return NotForDocuments("FactCorrected");
  if (target->fact().has_violation_noticed() && Acknowledged(fold, *target)) {
    return RuleForbids("FactCorrected",
                       "the office has received the notice; tell the rest in another one");
  }
  ASSIGN_OR_RETURN(const NamedFields named, ReadPaths(command.fields(), *target));
  ASSIGN_OR_RETURN(auto correction, NewCorrection(command, named, *target));
  RETURN_IF_ERROR(CheckSameTransition(correction, *target));
  EffectiveFact corrected = *target;
  ApplyCorrection(correction, &corrected);
  ASSIGN_OR_RETURN(const MaybeStatus status, StatusIn(corrected.fact()));
  for (const std::string& name : named.fact.paths()) {
    RETURN_IF_ERROR(CheckValue(name, corrected.fact(), status, call.catalogue));
  }

  RETURN_IF_ERROR(JudgeAnew(fold, call, corrected.mutable_fact(), &correction));

  Draft draft = CorrectionDraft(*target, fold, command.reason());
  *draft.fact.mutable_fact_corrected() = correction;
  ASSIGN_OR_RETURN(event::v1::PersonalPart personal,
                   NewPersonal(command, named, status, draft.visibility));
  personal.set_reason_text(command.reason());
  draft.personal = std::move(personal);
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideVoidFact(const command::v1::VoidFact& command, const CaseFold& fold,
                                        Section section, const Call& call) {
  ASSIGN_OR_RETURN(const auto* own, OwnSegment(fold, section, call));
  RETURN_IF_ERROR(CheckRequired("reason", command.reason(), kReasonBytesMax));
  const EffectiveFact* target = FindEffective(*own, command.position());
  if (target == nullptr) return NoSuchFact();
  if (!IsOfOfficer(target->fact().kind_case())) return NotOfOfficer("FactVoided");
  if (IsOfErasure(target->fact().kind_case())) {
    return RuleForbids("FactVoided",
                       "others may have acted on it: lift the hold, or answer the order");
  }
  if (IsOfAttachment(target->fact().kind_case())) return NotForDocuments("FactVoided");
  if (const EffectiveFact* newest = NewestOfOfficer(*own); target != newest) {
    return RuleForbids("FactVoided",
                       absl::StrCat("only the newest fact of a section can be taken back: ",
                                    newest->position().sequence()));
  }
  if (target->fact().has_respondent_named() || target->fact().has_legacy_case_opened()) {
    return RuleForbids("FactVoided", "the opening of a case cannot be taken back");
  }
  if (IsReliedOn(fold, *own, target->position())) {
    return RuleForbids("FactVoided", "another authority has built on it; ask it first");
  }
  if (Acknowledged(fold, *target)) {
    return RuleForbids("FactVoided", "the addressee has acknowledged it; ask for its return");
  }
  Draft draft = CorrectionDraft(*target, fold, command.reason());
  *draft.fact.mutable_fact_voided()->mutable_position() = command.position();
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
