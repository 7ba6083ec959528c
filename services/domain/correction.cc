#include "services/domain/correction.h"

#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <google/protobuf/util/field_mask_util.h>

#include "services/domain/deadline_watch.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {

using F = event::v1::Fact;
using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using storage::v1::EffectiveFact;

const EffectiveFact* FindEffective(const storage::v1::SectionFold& section,
                                   const event::v1::Position& position) {
  for (const EffectiveFact& fact : section.facts()) {
    if (Same(fact.position(), position)) return &fact;
  }
  return nullptr;
}

const EffectiveFact* NewestOfOfficer(const storage::v1::SectionFold& section) {
  const EffectiveFact* newest = nullptr;
  for (const EffectiveFact& fact : section.facts()) {
    const FactKind kind = fact.fact().kind_case();
    if (IsOfOfficer(kind) && !IsBeside(kind)) newest = &fact;
  }
  return newest;
}

absl::Status NotOfOfficer(absl::string_view rule) {
  return RuleForbids(rule, "a watcher stated it; correct or take back what the limit runs from");
}

absl::Status NotForDocuments(absl::string_view rule) {
  return RuleForbids(rule, "a document is what it is: remove it, and add another one");
}

absl::Status NoSuchFact() {
  return BadField("position", "is no effective fact of your section of this case");
}

absl::StatusOr<NamedFields> ReadPaths(const FieldMask& fields, const EffectiveFact& target) {
  if (fields.paths().empty()) return BadField("fields", "names nothing to correct");
  const auto* kind = KindMessage(target.fact());
  NamedFields named;
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
      if (inner == "attachment" || absl::StartsWith(inner, "attachment.")) {
        return BadField("fields", "a document is added by AddAttachment alone");
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

absl::StatusOr<event::v1::FactCorrected> NewCorrection(const command::v1::CorrectFact& command,
                                                       const NamedFields& named,
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

absl::Status CheckNotFixed(const event::v1::FactCorrected& correction) {
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

namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

// The texts of a field: one, or those of a list; none if it holds no text.
Texts TextsOf(const google::protobuf::Message& message, const std::string& name) {
  Texts texts;
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
      {"source", F::KIND_NOT_SET, "source"},
      {"result", F::kReportTraced, "tracing_result"},
      {"outcome", F::kTrackEnded, "track_outcome"},
  };
  for (const Row& row : kRows) {
    if (row.name == name && (row.fact == F::KIND_NOT_SET || row.fact == fact.kind_case())) {
      return row.list;
    }
  }
  return {};
}

// What a study lacks may stand in words only.
absl::Status CheckParts(absl::string_view field, const event::v1::Fact& fact, const Texts& parts,
                        const reference::Catalogue& catalogue) {
  const bool in_words = fact.report_completion_requested().additional_information();
  if (parts.empty() && !in_words) return BadField(field, "is required");
  return CheckCodes(field, "report_part", parts, catalogue);
}

}  // namespace

absl::Status CheckValue(const std::string& name, const event::v1::Fact& fact, MaybeStatus status,
                        const reference::Catalogue& catalogue) {
  const std::string field = absl::StrCat("new_fact.", name);
  const auto texts = TextsOf(*KindMessage(fact), name);
  if (name == "violations_alleged" || name == "violations_found") {
    return CheckViolations(field, texts, catalogue);
  }
  if (name == "reasons") return CheckCodes(field, "return_reason", texts, catalogue);
  if (name == "motives") return CheckCodes(field, "motive", texts, catalogue);
  if (name == "parts") return CheckParts(field, fact, texts, catalogue);
  const std::string text = texts.empty() ? std::string() : texts.Get(0);
  if (name == "agency_region" || name == "region") return CheckRegion(field, text, catalogue);
  if (name == "election") return CheckElection(field, text, catalogue);
  if (name == "incident_on" || name == "known_on") return CheckDate(field, text);
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
  const bool optional =
      name == "reason" || name == "role" || (name == "outcome" && !fact.has_track_ended());
  if (text.empty() && optional) return absl::OkStatus();
  return CheckCode(field, list, text, catalogue);
}

absl::Status CheckNumbers(const References& references) {
  for (int i = 0; i < references.size(); ++i) {
    const auto& reference = references.Get(i);
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

}  // namespace selaras::domain
