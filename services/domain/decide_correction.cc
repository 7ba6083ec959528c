// Corrections and taking back: DecideCorrectFact and DecideVoidFact of decide.h.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <google/protobuf/util/field_mask_util.h>

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
using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using storage::v1::EffectiveFact;

const EffectiveFact* FindEffective(const storage::v1::SectionFold& section,
                                   const event::v1::Position& position) {
  for (const EffectiveFact& fact : section.facts()) {
    if (fact.position().log() == position.log() &&
        fact.position().sequence() == position.sequence()) {
      return &fact;
    }
  }
  return nullptr;
}

// The newest fact that an officer stated: that a day passed stands in nobody's way.
const EffectiveFact* NewestOfOfficer(const storage::v1::SectionFold& section) {
  const EffectiveFact* newest = nullptr;
  for (const EffectiveFact& fact : section.facts()) {
    if (IsOfOfficer(fact.fact().kind_case())) newest = &fact;
  }
  return newest;
}

absl::Status NotOfOfficer(absl::string_view rule) {
  return RuleForbids(rule, "a watcher stated it; correct or take back what the limit runs from");
}

absl::Status NoSuchFact() {
  return BadField("position", "is no effective fact of your section of this case");
}

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

// What a correction names, by where it stands.
struct Named {
  FieldMask fact;      // paths of the fact's message
  FieldMask personal;  // paths of the personal part
  bool occurred_at = false;
};

absl::StatusOr<Named> ReadPaths(const FieldMask& fields, const EffectiveFact& target) {
  if (fields.paths().empty()) return BadField("fields", "names nothing to correct");
  const auto* kind = KindMessage(target.fact());
  Named named;
  for (const std::string& path : fields.paths()) {
    absl::string_view inner = path;
    if (path == "occurred_at") {
      named.occurred_at = true;
    } else if (absl::ConsumePrefix(&inner, "personal.")) {
      if (!FieldMaskUtil::IsValidPath<event::v1::PersonalPart>(std::string(inner))) {
        return BadField("fields", absl::StrCat("personal data have no field ", inner));
      }
      // There stands the reason of the correction itself.
      if (inner == "reason_text") {
        return BadField("fields", "a reason cannot be corrected; void the fact instead");
      }
      named.personal.add_paths(std::string(inner));
    } else if (kind == nullptr ||
               !FieldMaskUtil::GetFieldDescriptors(kind->GetDescriptor(), path, nullptr)) {
      return BadField("fields",
                      absl::StrCat(FactName(target.fact().kind_case()), " has no field ", path));
    } else {
      named.fact.add_paths(path);
    }
  }
  return named;
}

// The correction as it is written: what the command names and nothing else.
absl::StatusOr<event::v1::FactCorrected> NewCorrection(const command::v1::CorrectFact& command,
                                                       const Named& named,
                                                       const EffectiveFact& target) {
  event::v1::FactCorrected correction;
  *correction.mutable_position() = command.position();
  *correction.mutable_fields() = command.fields();
  if (!named.fact.paths().empty()) {
    if (command.new_fact().kind_case() != target.fact().kind_case()) {
      return BadField("new_fact", absl::StrCat("must be a ", FactName(target.fact().kind_case())));
    }
    *correction.mutable_new_fact() = command.new_fact();
    FieldMaskUtil::TrimMessage(named.fact, MutableKindMessage(correction.mutable_new_fact()));
  }
  if (named.occurred_at) {
    RETURN_IF_ERROR(CheckWhen("new_occurred_at", command.new_occurred_at()));
    *correction.mutable_new_occurred_at() = command.new_occurred_at();
  }
  return correction;
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

// The texts of a field: one, or those of a list; none if it holds no text.
google::protobuf::RepeatedPtrField<std::string> TextsOf(const google::protobuf::Message& message,
                                                        const std::string& name) {
  google::protobuf::RepeatedPtrField<std::string> texts;
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->type() != google::protobuf::FieldDescriptor::TYPE_STRING) {
    return texts;
  }
  const auto* reflection = message.GetReflection();
  if (!field->is_repeated()) {
    *texts.Add() = reflection->GetString(message, field);
    return texts;
  }
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    *texts.Add() = reflection->GetRepeatedString(message, field, i);
  }
  return texts;
}

// The list of the catalogue from which a field takes its codes; empty if it takes none.
absl::string_view ListOf(absl::string_view name, const event::v1::Fact& fact) {
  struct Row {
    absl::string_view name;
    FactKind fact;  // KIND_NOT_SET: whichever
    absl::string_view list;
  };
  static constexpr Row kRows[] = {
      {"reason", F::kCaseReviewed, "review_reason"},
      {"reason", F::kCaseDismissed, "dismissal_reason"},
      {"reason", F::kCaseClosed, "closing_reason"},
      {"reason", F::kCaseReopened, "reopening_reason"},
      {"reason", F::kServicesUnblocked, "unblock_reason"},
      {"reason", F::kSanctionDeclined, "refusal_reason"},
      {"reason", F::kSanctionRevoked, "revocation_reason"},
      {"reason", F::kRespondentLeft, "leave_reason"},
      {"reason", F::kRespondentMoved, "move_reason"},
      {"reason", F::kRequestAnswered, "request_answer_reason"},
      {"reason", F::kConflictFlagged, "conflict_reason"},
      {"outcome", F::kCaseConcluded, "conclusion"},
      {"outcome", F::kObjectionDecided, "appeal_outcome"},
      {"step", F::kDeliveryStepRecorded, "delivery_step"},
      {"step", F::kAppealStepRecorded, "appeal_step"},
      {"link", F::KIND_NOT_SET, "link_kind"},
      {"body", F::KIND_NOT_SET, "other_body"},
      {"scope", F::KIND_NOT_SET, "block_scope"},
      {"trigger", F::KIND_NOT_SET, "block_trigger"},
      {"rung", F::KIND_NOT_SET, "escalation_rung"},
      {"role", F::KIND_NOT_SET, "respondent_role"},
  };
  for (const Row& row : kRows) {
    if (row.name == name && (row.fact == F::KIND_NOT_SET || row.fact == fact.kind_case())) {
      return row.list;
    }
  }
  return {};
}

// A named field of a corrected fact keeps the rules under which it was stated. A field name means
// the same in every fact.
absl::Status CheckValue(const std::string& name, const event::v1::Fact& fact, MaybeStatus status,
                        const reference::Catalogue& catalogue) {
  const std::string field = absl::StrCat("new_fact.", name);
  const auto texts = TextsOf(*KindMessage(fact), name);
  if (name == "violations_alleged" || name == "violations_found") {
    return CheckViolations(field, texts, catalogue);
  }
  if (name == "reasons") return CheckCodes(field, "return_reason", texts, catalogue);
  const std::string text = texts.empty() ? std::string() : texts.Get(0);
  if (name == "agency_region") return CheckRegion(field, text, catalogue);
  if (name == "election") return CheckElection(field, text, catalogue);
  if (name == "incident_on") return CheckDate(field, text);
  if (name == "scheduled_on") {
    RETURN_IF_ERROR(CheckDate(field, text));
    return text.empty() ? BadField(field, "is required") : absl::OkStatus();
  }
  if (name == "rank") return CheckRank(field, text, status, catalogue);
  if (name == "position_kind" && !text.empty()) {
    return CheckCode(field, "position", text, catalogue);
  }
  if (name == "sanction") return CheckSanction(field, text, catalogue);
  if (name == "contest") {
    return text.empty() ? absl::OkStatus() : CheckCode(field, "contest", text, catalogue);
  }
  if (name == "departure") {
    return text.empty() ? absl::OkStatus() : CheckCode(field, "departure", text, catalogue);
  }
  if (name == "blocker") return CheckCode(field, "blocker", text, catalogue);
  if (name == "route") return CheckRoute(field, text);
  if (name == "employment_status") return absl::OkStatus();  // read as one
  if (name == "unit") return CheckRequired(field, text, kNumberBytesMax);
  const absl::string_view list = ListOf(name, fact);
  if (list.empty()) return BadField("fields", absl::StrCat(name, " cannot be corrected"));
  if (name == "parts") return CheckCodes(field, list, texts, catalogue);
  const bool optional = name == "reason" || name == "outcome" || name == "role";
  if (text.empty() && optional) return absl::OkStatus();
  return CheckCode(field, list, text, catalogue);
}

absl::Status CheckNumbers(const event::v1::PersonalPart& personal) {
  for (int i = 0; i < personal.references_size(); ++i) {
    const auto& reference = personal.references(i);
    if (!event::v1::ReferenceKind_IsValid(reference.kind()) ||
        reference.kind() == event::v1::REFERENCE_KIND_UNSPECIFIED) {
      return BadField("new_personal.references.kind", "is unknown");
    }
    RETURN_IF_ERROR(CheckRequired("new_personal.references.raw", reference.raw(), kNumberBytesMax));
    if (IsOfOtherSystem(reference.kind())) {
      RETURN_IF_ERROR(CheckReference(absl::StrCat("new_personal.references[", i, "]"), reference));
    }
  }
  return absl::OkStatus();
}

// What rule 8 protects is recorded in the private log only, which no correction reaches.
bool IsProtected(const event::v1::PersonalPart& personal) {
  return personal.has_reporter() || !personal.chronology().empty() || !personal.place().empty() ||
         personal.evidence_size() > 0 ||
         std::any_of(personal.references().begin(), personal.references().end(),
                     [](const auto& reference) {
                       return reference.kind() == event::v1::REFERENCE_KIND_REGISTER ||
                              reference.kind() == event::v1::REFERENCE_KIND_SIGAPLAPOR;
                     });
}

// The personal values that the correction names.
absl::StatusOr<event::v1::PersonalPart> NewPersonal(const command::v1::CorrectFact& command,
                                                    const Named& named, MaybeStatus status,
                                                    Visibility visibility) {
  event::v1::PersonalPart personal;
  if (named.personal.paths().empty()) return personal;
  personal = command.new_personal();
  FieldMaskUtil::TrimMessage(named.personal, &personal);
  if (IsProtected(personal)) {
    return BadField("new_personal",
                    "reporter, register number, chronology, place and evidence never leave "
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
  RETURN_IF_ERROR(CheckNumbers(personal));
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
  static const auto* const kFixed =
      new std::set<std::string>{"to",           "parties",        "earlier_party_entries",
                                "report_id",    "proven",         "accepted",
                                "of",           "copy",           "request",
                                "granted",      "track",          "other_case_id",
                                "phase",        "phase_override", "calendar_phase",
                                "stage",        "marks",          "violation",
                                "regime",       "signed_by",      "previous_ends",
                                "got_by",       "from",           "authority",
                                "by",           "identified",     "attended",
                                "as_report_id", "reported_by",    "derived_from",
                                "reached",      "named",          "concluded"};
  for (const std::string& path : correction.fields().paths()) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(path, absl::MaxSplits('.', 1));
    if (kFixed->contains(parts.first)) {
      return RuleForbids("FactCorrected", absl::StrCat(path,
                                                       " decides where the case goes and cannot be "
                                                       "corrected; void the fact instead"));
    }
  }
  return absl::OkStatus();
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
  if (target->fact().has_violation_noticed() && Acknowledged(fold, *target)) {
    return RuleForbids("FactCorrected",
                       "the office has received the notice; tell the rest in another one");
  }
  ASSIGN_OR_RETURN(const Named named, ReadPaths(command.fields(), *target));
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
