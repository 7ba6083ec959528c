#include "services/domain/decide_report_correction.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/field_mask_util.h>

#include "services/domain/correction.h"
#include "services/domain/deadline_watch.h"
#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/domain/report_values.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using event::v1::PersonalPart;
using google::protobuf::util::FieldMaskUtil;
using storage::v1::EffectiveFact;
using storage::v1::SectionFold;

constexpr absl::string_view kPersonal = "new_personal.";
// The number of the register, and those of other systems.
constexpr int kReportNumbersMax = kCodesMax + 1;

// Whether the personal part of such a fact of the private log holds the field.
bool Holds(FactKind kind, absl::string_view field) {
  if (field == "references") return true;
  return kind == F::kReportDetailsRecorded &&
         (field == "reporter" || field == "place" || field == "chronology" || field == "evidence");
}

absl::Status CheckKinds(FactKind kind, const References& references) {
  RETURN_IF_ERROR(CheckNumbers(references));
  if (references.size() > kReportNumbersMax) {
    return BadField("new_personal.references", "has too many items");
  }
  bool registered = false;
  for (const auto& reference : references) {
    const bool of_register = reference.kind() == event::v1::REFERENCE_KIND_REGISTER;
    registered = registered || of_register;
    const bool fits = kind == F::kCaseDetailsRecorded
                          ? reference.kind() == event::v1::REFERENCE_KIND_SIGAPLAPOR
                          : of_register || IsOfOtherSystem(reference.kind());
    if (!fits) {
      return BadField("new_personal.references.kind",
                      "is none that this fact has; give the number with the fact that has it");
    }
  }
  if (kind == F::kReportRegistered && !registered) {
    return BadField("new_personal.references", "a registered report has a number of the register");
  }
  return absl::OkStatus();
}

absl::StatusOr<PersonalPart> NewPersonal(const command::v1::CorrectFact& command,
                                         const NamedFields& named, FactKind kind) {
  PersonalPart personal;
  if (named.personal.paths().empty()) return personal;
  for (const std::string& path : named.personal.paths()) {
    if (Holds(kind, path.substr(0, path.find('.')))) continue;
    return BadField("fields", absl::StrCat("personal.", path, " is none of ", FactName(kind)));
  }
  personal = command.new_personal();
  FieldMaskUtil::TrimMessage(named.personal, &personal);
  RETURN_IF_ERROR(CheckProtected(kPersonal, personal));
  if (personal.has_reporter()) {
    ASSIGN_OR_RETURN(*personal.mutable_reporter()->mutable_nik(),
                     ReadNik(absl::StrCat(kPersonal, "reporter.nik"), personal.reporter().nik()));
  }
  const auto& paths = named.personal.paths();
  if (std::find(paths.begin(), paths.end(), "references") != paths.end()) {
    RETURN_IF_ERROR(CheckKinds(kind, personal.references()));
  }
  return personal;
}

// The last effective fact of the kind, with the correction if it is the one corrected.
const EffectiveFact* AsCorrected(const SectionFold& facts, FactKind kind,
                                 const EffectiveFact& corrected) {
  const EffectiveFact* fact = LastFact(facts, kind);
  const bool same = fact != nullptr && fact->position().log() == corrected.position().log() &&
                    fact->position().sequence() == corrected.position().sequence();
  return same ? &corrected : fact;
}

// What ReceiveReport would refuse is refused of its correction.
absl::Status CheckDays(const ReportState& report, const SectionFold& kept,
                       const EffectiveFact& corrected) {
  const auto* opening = AsCorrected(report.facts, F::kReportReceived, corrected);
  const auto* details = AsCorrected(kept, F::kReportDetailsRecorded, corrected);
  const std::string received_on = DayOf(opening->occurred_at());
  if (received_on.empty()) return BadField("new_occurred_at", "is required");
  if (details == nullptr) return absl::OkStatus();
  const std::string& known_on = details->fact().report_details_recorded().known_on();
  if (known_on.empty() || known_on <= received_on) return absl::OkStatus();
  if (opening == &corrected) return BadField("new_occurred_at", "before known_on");
  return BadField("new_fact.known_on", "after the report was received");
}

bool IsCorrectable(const EffectiveFact& target) {
  switch (target.fact().kind_case()) {
    case F::kReporterMessageReceived:
    case F::kReporterMessageSent:
    case F::kReceiptCodeIssued:
    case F::kBreakGlassOpened:
    case F::kBreakGlassReviewed:
      return false;
    default:
      return true;
  }
}

// What both corrections have in common: the values, checked.
struct Checked {
  event::v1::FactCorrected correction;
  EffectiveFact corrected;
  PersonalPart personal;
};

absl::StatusOr<Checked> CheckCorrection(const command::v1::CorrectFact& command,
                                        const EffectiveFact& target, bool is_kept,
                                        const Call& call) {
  RETURN_IF_ERROR(CheckRequired("reason", command.reason(), kReasonBytesMax));
  if (!IsOfOfficer(target.fact().kind_case())) return NotOfOfficer("FactCorrected");
  if (IsOfAttachment(target.fact().kind_case())) return NotForDocuments("FactCorrected");
  if (!IsCorrectable(target)) {
    return RuleForbids(
        "FactCorrected",
        "what was written to and from a reporter, and by break-glass, stands as it was "
        "written");
  }
  ASSIGN_OR_RETURN(const NamedFields named, ReadPaths(command.fields(), target));
  if (!is_kept && !named.personal.paths().empty()) {
    return BadField("fields",
                    "what rule 8 protects stands in the private log: give the position of the fact "
                    "there");
  }
  if (is_kept && named.occurred_at) {
    return BadField("fields", "occurred_at stands with the fact of the shared log");
  }
  Checked checked;
  ASSIGN_OR_RETURN(checked.correction, NewCorrection(command, named, target));
  RETURN_IF_ERROR(CheckNotFixed(checked.correction));
  checked.corrected = target;
  ApplyCorrection(checked.correction, &checked.corrected);
  for (const std::string& name : named.fact.paths()) {
    RETURN_IF_ERROR(CheckValue(name, checked.corrected.fact(), {}, call.catalogue));
  }
  ASSIGN_OR_RETURN(checked.personal, NewPersonal(command, named, target.fact().kind_case()));
  checked.personal.set_reason_text(command.reason());
  return checked;
}

Draft DraftOf(const EffectiveFact& target, bool is_kept, event::v1::FactCorrected correction,
              PersonalPart personal) {
  Draft draft;
  draft.visibility = is_kept ? Visibility::kPrivate : Visibility::kOffice;
  if (is_kept) {
    draft.citations = {target.citations().begin(), target.citations().end()};
  } else {
    draft.citations.push_back(Cite(target));
  }
  *draft.fact.mutable_fact_corrected() = std::move(correction);
  draft.personal = std::move(personal);
  return draft;
}

}  // namespace

absl::StatusOr<Decision> DecideCorrectReportFact(const command::v1::CorrectFact& command,
                                                 const ReportState& report, const SectionFold& kept,
                                                 const Call& call) {
  if (report.author != call.header.authority()) return ReportNotFound(report.report_id);
  const EffectiveFact* target = FindEffective(report.facts, command.position());
  const bool is_kept = target == nullptr;
  if (is_kept) target = FindEffective(kept, command.position());
  if (target == nullptr) return NoSuchFact();
  ASSIGN_OR_RETURN(Checked checked, CheckCorrection(command, *target, is_kept, call));
  RETURN_IF_ERROR(CheckDays(report, kept, checked.corrected));
  Draft draft =
      DraftOf(*target, is_kept, std::move(checked.correction), std::move(checked.personal));
  draft.report_id = report.report_id;
  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideVoidReportFact(const command::v1::VoidFact& command,
                                              const ReportState& report, const SectionFold& kept,
                                              const Call& call) {
  if (report.author != call.header.authority()) return ReportNotFound(report.report_id);
  RETURN_IF_ERROR(CheckRequired("reason", command.reason(), kReasonBytesMax));
  if (FindEffective(kept, command.position()) != nullptr) {
    return RuleForbids("FactVoided", "what the private log keeps is corrected, not taken back");
  }
  const EffectiveFact* target = FindEffective(report.facts, command.position());
  if (target == nullptr) return NoSuchFact();
  if (!IsOfOfficer(target->fact().kind_case())) return NotOfOfficer("FactVoided");
  if (target->fact().has_report_received()) {
    return RuleForbids("FactVoided", "the opening of a report cannot be taken back");
  }
  if (const EffectiveFact* newest = NewestOfOfficer(report.facts); target != newest) {
    return RuleForbids("FactVoided",
                       absl::StrCat("only the newest fact of a report can be taken back: ",
                                    newest->position().sequence()));
  }
  Decision decision{.report_id = report.report_id};
  Draft& draft = decision.drafts.emplace_back();
  draft.report_id = report.report_id;
  draft.citations.push_back(Cite(*target));
  draft.personal.emplace().set_reason_text(command.reason());
  *draft.fact.mutable_fact_voided()->mutable_position() = command.position();
  for (const EffectiveFact& fact : kept.facts()) {
    const bool with_it = std::any_of(
        fact.citations().begin(), fact.citations().end(), [&](const event::v1::Citation& citation) {
          return citation.position().log() == command.position().log() &&
                 citation.position().sequence() == command.position().sequence();
        });
    if (!with_it) continue;
    Draft& number = decision.drafts.emplace_back();
    number.visibility = Visibility::kPrivate;
    number.report_id = report.report_id;
    number.cites_first = true;
    *number.fact.mutable_fact_voided()->mutable_position() = fact.position();
  }
  return decision;
}

absl::StatusOr<Decision> DecideCorrectCaseDetails(const command::v1::CorrectFact& command,
                                                  const CaseFold& fold, const SectionFold& kept,
                                                  const Call& call) {
  const EffectiveFact* target = FindEffective(kept, command.position());
  if (target == nullptr || target->author() != call.header.authority()) return NoSuchFact();
  ASSIGN_OR_RETURN(Checked checked, CheckCorrection(command, *target, /*is_kept=*/true, call));
  Draft draft = DraftOf(*target, /*is_kept=*/true, std::move(checked.correction),
                        std::move(checked.personal));
  draft.case_id = fold.case_id();
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
