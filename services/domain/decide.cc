#include "services/domain/decide.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <google/protobuf/util/field_mask_util.h>

#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/domain/transitions.h"
#include "services/reference/local_date.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using google::protobuf::util::FieldMaskUtil;
using storage::v1::EffectiveFact;

constexpr std::size_t kRequestIdBytesMax = 128;
constexpr std::size_t kShortTextBytesMax = 64;
constexpr std::size_t kReasonBytesMax = 2'000;

absl::Duration OffsetOf(absl::string_view zone) {
  if (zone == "WITA") return absl::Hours(8);
  if (zone == "WIT") return absl::Hours(9);
  return absl::Hours(7);  // WIB, also where no zone was recorded
}

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

absl::Status NoSuchFact() {
  return BadField("position", "is no effective fact of your section of this case");
}

absl::Status CheckSection(const CaseFold& fold, Section section, const Call& call) {
  const auto& own = SectionIn(fold, section);
  if (own.facts().empty()) return CaseNotFound(fold.case_id());
  if (own.writer() != call.header.authority()) {
    return NotYourCase(call.header.authority(),
                       absl::StrCat("this section is written by ", own.writer()));
  }
  return absl::OkStatus();
}

Draft CorrectionDraft(const EffectiveFact& target, const CaseFold& fold, absl::string_view reason) {
  Draft draft;
  draft.case_id = fold.case_id();
  draft.visibility = target.party_number() > 0 ? Visibility::kParty : Visibility::kOffice;
  draft.personal.emplace().set_reason_text(std::string(reason));
  draft.citations.push_back(Cite(target));
  return draft;
}

// Which of the section's sent facts the next section already acknowledged.
bool Acknowledged(const CaseFold& fold, const EffectiveFact& fact) {
  switch (fact.fact().kind_case()) {
    case F::kCaseReferred:
      return !fold.referral().facts().empty();
    case F::kSanctionRecommended:
      return !fold.sanction().facts().empty();
    default:
      return false;
  }
}

absl::Status CheckCorrectedPaths(const command::v1::CorrectFact& command,
                                 const EffectiveFact& target) {
  if (command.fields().paths().empty()) return BadField("fields", "names nothing to correct");
  const auto* kind = KindMessage(target.fact());
  const bool same_kind = command.new_fact().kind_case() == target.fact().kind_case();
  for (const std::string& path : command.fields().paths()) {
    if (path == "occurred_at") {
      RETURN_IF_ERROR(CheckWhen("new_occurred_at", command.new_occurred_at()));
      continue;
    }
    if (absl::StartsWith(path, "personal.")) {
      const std::string inner = path.substr(std::string("personal.").size());
      if (!FieldMaskUtil::IsValidPath<event::v1::PersonalPart>(inner)) {
        return BadField("fields", absl::StrCat("personal data have no field ", inner));
      }
      continue;
    }
    if (kind == nullptr ||
        !FieldMaskUtil::GetFieldDescriptors(kind->GetDescriptor(), path, nullptr)) {
      return BadField("fields",
                      absl::StrCat(FactName(target.fact().kind_case()), " has no field ", path));
    }
    if (!same_kind) {
      return BadField("new_fact", absl::StrCat("must be a ", FactName(target.fact().kind_case())));
    }
  }
  return absl::OkStatus();
}

// A correction never changes which transition happened, nor who became a party.
absl::Status CheckSameTransition(const event::v1::FactCorrected& correction,
                                 const EffectiveFact& target) {
  EffectiveFact corrected = target;
  ApplyCorrection(correction, &corrected);
  for (const Transition& row : Transitions()) {
    if (row.fact != target.fact().kind_case()) continue;
    const bool before = FindTransition(row.from, target.fact()) == &row;
    const bool after = FindTransition(row.from, corrected.fact()) == &row;
    if (before != after) {
      return RuleForbids("FactCorrected",
                         "a correction cannot change which step happened; void the fact instead");
    }
  }
  static const auto* const kFixed = new std::set<std::string>{
      "to", "parties", "earlier_party_entries", "report_id", "proven", "accepted"};
  for (const std::string& path : correction.fields().paths()) {
    if (kFixed->contains(path)) {
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
  RETURN_IF_ERROR(CheckSection(fold, section, call));
  RETURN_IF_ERROR(CheckRequired("reason", command.reason(), kReasonBytesMax));
  const EffectiveFact* target = FindEffective(SectionIn(fold, section), command.position());
  if (target == nullptr) return NoSuchFact();
  RETURN_IF_ERROR(CheckCorrectedPaths(command, *target));

  Draft draft = CorrectionDraft(*target, fold, command.reason());
  auto* correction = draft.fact.mutable_fact_corrected();
  *correction->mutable_position() = command.position();
  *correction->mutable_fields() = command.fields();
  *correction->mutable_new_fact() = command.new_fact();
  if (command.has_new_occurred_at()) {
    *correction->mutable_new_occurred_at() = command.new_occurred_at();
  }
  RETURN_IF_ERROR(CheckSameTransition(*correction, *target));
  if (command.has_new_personal()) {
    const std::string reason = draft.personal->reason_text();
    *draft.personal = command.new_personal();
    draft.personal->set_reason_text(reason);
    if (draft.visibility != Visibility::kPrivate &&
        (draft.personal->has_reporter() || !draft.personal->chronology().empty() ||
         !draft.personal->place().empty() || draft.personal->evidence_size() > 0)) {
      return BadField("new_personal",
                      "reporter, chronology, place and evidence never leave (rule 8)");
    }
  }
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideVoidFact(const command::v1::VoidFact& command, const CaseFold& fold,
                                        Section section, const Call& call) {
  RETURN_IF_ERROR(CheckSection(fold, section, call));
  RETURN_IF_ERROR(CheckRequired("reason", command.reason(), kReasonBytesMax));
  const auto& own = SectionIn(fold, section);
  const EffectiveFact* target = FindEffective(own, command.position());
  if (target == nullptr) return NoSuchFact();
  if (target != &own.facts(own.facts_size() - 1)) {
    return RuleForbids("FactVoided",
                       absl::StrCat("only the newest fact of a section can be taken back: ",
                                    own.facts(own.facts_size() - 1).position().sequence()));
  }
  if (own.facts_size() == 1 && section == Section::kIntake) {
    return RuleForbids("FactVoided", "the opening of a case cannot be taken back");
  }
  if (Acknowledged(fold, *target)) {
    return RuleForbids("FactVoided", "the addressee has acknowledged it; ask for its return");
  }
  Draft draft = CorrectionDraft(*target, fold, command.reason());
  *draft.fact.mutable_fact_voided()->mutable_position() = command.position();
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::Status CheckMove(const CaseFold& fold, Section section, const event::v1::Fact& fact,
                       const Call& call) {
  const auto& own = SectionIn(fold, section);
  if (!own.facts().empty() && own.writer() != call.header.authority()) {
    return NotYourCase(call.header.authority(),
                       absl::StrCat("this section is written by ", own.writer()));
  }
  const State state = StateOf(own);
  if (FindTransition(state, fact) != nullptr) return absl::OkStatus();
  absl::string_view basis = BasisOf(fact.kind_case());
  if (const auto* row = call.catalogue.FindDeadline(basis)) basis = row->basis;
  return MoveNotAllowed(CommandName(fact.kind_case()), StateName(state),
                        AllowedCommands(section, state), basis);
}

absl::Status CheckHeader(const command::v1::CommandHeader& header,
                         const reference::Catalogue& catalogue) {
  const std::string& id = header.request_id();
  if (id.empty() || id.size() > kRequestIdBytesMax ||
      !std::all_of(id.begin(), id.end(), [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return BadField("header.request_id", "must be 1 to 128 printable ASCII characters");
  }
  if (catalogue.FindAuthority(header.authority()) == nullptr) {
    return BadField("header.authority",
                    absl::StrCat("no authority \"", header.authority(), "\" in the catalogue"));
  }
  if (!header.acting_for().empty() &&
      (catalogue.FindAuthority(header.acting_for()) == nullptr ||
       !catalogue.IsSuccessorOf(header.authority(), header.acting_for()))) {
    return BadField("header.acting_for", absl::StrCat(header.authority(), " is no successor of \"",
                                                      header.acting_for(), "\""));
  }
  RETURN_IF_ERROR(CheckText("header.trace_id", header.trace_id(), kShortTextBytesMax));
  RETURN_IF_ERROR(
      CheckText("header.officer.officer_id", header.officer().officer_id(), kShortTextBytesMax));
  if (!header.officer().mandate().empty() &&
      catalogue.FindCode("mandate", header.officer().mandate()) == nullptr) {
    return BadField("header.officer.mandate",
                    absl::StrCat("unknown mandate \"", header.officer().mandate(), "\""));
  }
  return absl::OkStatus();
}

absl::Status CheckWhen(absl::string_view field, const event::v1::When& when) {
  if (!when.zone().empty() && when.zone() != "WIB" && when.zone() != "WITA" &&
      when.zone() != "WIT") {
    return BadField(absl::StrCat(field, ".zone"), "must be WIB, WITA or WIT");
  }
  if (when.has_date()) {
    if (!reference::LocalDate::ParseIso(when.date())) {
      return BadField(absl::StrCat(field, ".date"), "must be a day YYYY-MM-DD");
    }
  } else if (when.has_instant() &&
             (when.instant().nanos() < 0 || when.instant().nanos() > 999'999'999 ||
              when.instant().seconds() < -62'135'596'800 ||
              when.instant().seconds() > 253'402'300'799)) {
    return BadField(absl::StrCat(field, ".instant"), "is no valid time");
  }
  return absl::OkStatus();
}

absl::Status CheckText(absl::string_view field, absl::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return BadField(
        field, absl::StrCat("has ", text.size(), " bytes; at most ", bytes_max, " are allowed"));
  }
  return absl::OkStatus();
}

absl::Status CheckRequired(absl::string_view field, absl::string_view text, std::size_t bytes_max) {
  if (absl::StripAsciiWhitespace(text).empty()) return BadField(field, "is required");
  return CheckText(field, text, bytes_max);
}

absl::Status CheckDate(absl::string_view field, absl::string_view date) {
  if (!date.empty() && !reference::LocalDate::ParseIso(date)) {
    return BadField(field, "must be a day YYYY-MM-DD");
  }
  return absl::OkStatus();
}

absl::StatusOr<Draft> NewDraft(const CaseFold& fold, Visibility visibility,
                               const event::v1::When& occurred_at) {
  RETURN_IF_ERROR(CheckWhen("occurred_at", occurred_at));
  Draft draft;
  draft.visibility = visibility;
  draft.case_id = fold.case_id();
  if (occurred_at.precision_case() != event::v1::When::PRECISION_NOT_SET) {
    draft.occurred_at = occurred_at;
  }
  return draft;
}

event::v1::Citation Cite(const EffectiveFact& fact) {
  event::v1::Citation citation;
  *citation.mutable_position() = fact.position();
  citation.set_leaf_hash(fact.leaf_hash());
  return citation;
}

std::string DayOf(const event::v1::When& when) {
  if (when.has_date()) return when.date();
  if (!when.has_instant()) return {};
  const absl::Time time = absl::FromUnixSeconds(when.instant().seconds()) + OffsetOf(when.zone());
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return absl::FormatCivilTime(day);
}

event::v1::ExternalReference Reference(event::v1::ReferenceKind kind, absl::string_view raw) {
  event::v1::ExternalReference reference;
  reference.set_kind(kind);
  reference.set_raw(std::string(raw));
  return reference;
}

}  // namespace selaras::domain
