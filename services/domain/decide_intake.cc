#include "services/domain/decide_intake.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/domain/conflict.h"
#include "services/domain/fold.h"
#include "services/domain/intake_facts.h"
#include "services/domain/placement.h"
#include "services/domain/refusal.h"
#include "services/domain/report_values.h"
#include "services/domain/routing.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

constexpr std::size_t kReportKeyBytesMax = 160;

// What rule 8 protects of the report, but for its numbers.
event::v1::PersonalPart ProtectedOf(const intake::v1::ReceiveReport& command) {
  event::v1::PersonalPart personal;
  if (command.has_reporter()) *personal.mutable_reporter() = command.reporter();
  personal.set_place(command.place());
  personal.set_chronology(command.chronology());
  *personal.mutable_evidence() = command.evidence();
  return personal;
}

absl::Status CheckReport(const intake::v1::ReceiveReport& command, const Call& call) {
  const auto& catalogue = call.catalogue;
  RETURN_IF_ERROR(CheckText("report_key", command.report_key(), kReportKeyBytesMax));
  RETURN_IF_ERROR(CheckCode("source", "source", command.source(), catalogue));
  RETURN_IF_ERROR(CheckElection("election", command.election(), catalogue));
  RETURN_IF_ERROR(CheckRegion("region", command.region(), catalogue));
  if (DayOf(command.received_at()).empty()) return BadField("received_at", "is required");
  RETURN_IF_ERROR(CheckWhen("received_at", command.received_at()));
  RETURN_IF_ERROR(CheckDate("known_on", command.known_on()));
  if (!command.known_on().empty() && command.known_on() > DayOf(command.received_at())) {
    return BadField("received_at", "before known_on");
  }
  RETURN_IF_ERROR(CheckText("register_number", command.register_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckProtected("", ProtectedOf(command)));
  return CheckReferences("references", command.references());
}

absl::Status CheckNaming(const intake::v1::NameRespondent& command, const ReportState& report,
                         MaybeStatus status, const Call& call) {
  const auto& catalogue = call.catalogue;
  RETURN_IF_ERROR(CheckRequired("respondent.name", command.respondent().name(), kNameBytesMax));
  if (!command.position_kind().empty()) {
    RETURN_IF_ERROR(CheckCode("position_kind", "position", command.position_kind(), catalogue));
  }
  RETURN_IF_ERROR(CheckRank("rank", command.rank(), status, catalogue));
  RETURN_IF_ERROR(CheckRegion("agency_region", command.agency_region(), catalogue));
  RETURN_IF_ERROR(CheckViolations("violations_alleged", command.violations_alleged(), catalogue));
  RETURN_IF_ERROR(CheckDate("incident_on", command.incident_on()));
  if (!command.incident_on().empty() && !report.received_on.empty() &&
      command.incident_on() > report.received_on) {
    return BadField("incident_on", "after the report was received");
  }
  if (!command.role().empty()) {
    RETURN_IF_ERROR(CheckCode("role", "respondent_role", command.role(), catalogue));
  }
  RETURN_IF_ERROR(CheckReferences("references", command.references()));
  return CheckCodes("motives", "motive", command.motives(), catalogue);
}

}  // namespace

absl::StatusOr<Decision> DecideReceiveReport(const intake::v1::ReceiveReport& command,
                                             absl::string_view report_id,
                                             std::optional<bool> existing_same, const Call& call) {
  RETURN_IF_ERROR(CheckReport(command, call));
  Decision decision{.report_id = std::string(report_id)};
  if (existing_same.has_value()) {
    if (!command.if_absent() || !*existing_same) return ReportDiffers(report_id);
    return decision;
  }
  Draft open;
  open.report_id = decision.report_id;
  open.occurred_at = command.received_at();
  auto* received = open.fact.mutable_report_received();
  received->set_election(command.election());
  received->set_region(command.region());
  received->set_derived_from(command.derived_from());

  Draft details;
  details.visibility = Visibility::kPrivate;
  details.report_id = decision.report_id;
  details.cites_first = true;
  auto* recorded = details.fact.mutable_report_details_recorded();
  recorded->set_source(command.source());
  recorded->set_known_on(command.known_on());
  recorded->set_notice_case_id(command.notice_case_id());
  auto& personal = details.personal.emplace(ProtectedOf(command));
  if (personal.has_reporter()) {
    ASSIGN_OR_RETURN(*personal.mutable_reporter()->mutable_nik(),
                     ReadNik("reporter.nik", command.reporter().nik()));
  }
  if (!command.register_number().empty()) {
    *personal.add_references() =
        Reference(event::v1::REFERENCE_KIND_REGISTER, command.register_number());
  }
  personal.mutable_references()->MergeFrom(command.references());

  decision.drafts.push_back(std::move(open));
  decision.drafts.push_back(std::move(details));
  return decision;
}

absl::StatusOr<Decision> DecideNameRespondent(const intake::v1::NameRespondent& command,
                                              const ReportState& report, absl::string_view case_id,
                                              const Call& call) {
  if (report.author != call.header.authority()) return ReportNotFound(report.report_id);
  ASSIGN_OR_RETURN(const MaybeStatus status,
                   ReadStatus("employment_status", command.employment_status()));
  RETURN_IF_ERROR(CheckNaming(command, report, status, call));
  ASSIGN_OR_RETURN(auto respondent, ReadRespondent("respondent", command.respondent(), status));
  CaseFold fold;
  fold.set_case_id(std::string(case_id));
  ASSIGN_OR_RETURN(Draft named, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  named.citations.push_back(report.citation);
  auto* fact = named.fact.mutable_respondent_named();
  fact->set_report_id(report.report_id);
  fact->set_employment_status(command.employment_status());
  fact->set_position_kind(command.position_kind());
  fact->set_rank(command.rank());
  fact->set_agency_region(command.agency_region());
  *fact->mutable_violations_alleged() = command.violations_alleged();
  fact->set_incident_on(command.incident_on());
  fact->set_identified(!respondent.nip().empty());
  fact->set_election(report.received.election());
  fact->set_role(command.role());
  const std::vector<std::string> alleged(command.violations_alleged().begin(),
                                         command.violations_alleged().end());
  ASSIGN_OR_RETURN(
      Placement placement,
      PlaceAct({report.received.election(), command.contest(), command.agency_region()},
               command.incident_on(), alleged,
               {command.phase(), command.phase_override(), command.phase_override_text()},
               call.catalogue));
  auto& personal = named.personal.emplace();
  *personal.mutable_respondent() = std::move(respondent);
  if (!placement.phase_override.empty()) personal.set_reason_text(command.phase_override_text());
  WritePlacement(std::move(placement), command.contest(), fact);
  // A number of SigapLapor leads to the report: it stays in the private log (rule 8).
  References kept;
  for (const auto& reference : command.references()) {
    const bool is_kept = reference.kind() == event::v1::REFERENCE_KIND_SIGAPLAPOR;
    *(is_kept ? kept.Add() : personal.add_references()) = reference;
  }

  Decision decision{.report_id = report.report_id, .case_id = std::string(case_id)};
  decision.drafts.push_back(std::move(named));
  if (command.motives_size() > 0 || !kept.empty()) {
    ASSIGN_OR_RETURN(Draft details, NewDraft(fold, Visibility::kPrivate, {}));
    details.cites_first = true;
    if (!kept.empty()) *details.personal.emplace().mutable_references() = std::move(kept);
    *details.fact.mutable_case_details_recorded()->mutable_motives() = command.motives();
    decision.drafts.push_back(std::move(details));
  }
  return decision;
}

namespace {

using storage::v1::EffectiveFact;

// The facts of that kind about the report, oldest first.
std::vector<const EffectiveFact*> FactsOf(const ReportState& report, FactKind kind) {
  std::vector<const EffectiveFact*> found;
  for (const EffectiveFact& fact : report.facts.facts()) {
    if (fact.fact().kind_case() == kind) found.push_back(&fact);
  }
  return found;
}

// A draft about the report of the caller's own office, unless the report rests.
absl::StatusOr<Draft> ReportDraft(const ReportState& report, const event::v1::When& occurred_at,
                                  const Call& call) {
  if (report.author != call.header.authority()) return ReportNotFound(report.report_id);
  RETURN_IF_ERROR(CheckWhen("occurred_at", occurred_at));
  if (!FactsOf(report, F::kReportAdopted).empty()) {
    return RuleForbids("ReportAdopted", "the report went on as another one");
  }
  Draft draft;
  draft.report_id = report.report_id;
  draft.citations.push_back(report.citation);
  if (occurred_at.precision_case() != event::v1::When::PRECISION_NOT_SET) {
    draft.occurred_at = occurred_at;
  }
  return draft;
}

Decision About(const ReportState& report, Draft draft) {
  return Decision{.report_id = report.report_id, .drafts = {std::move(draft)}};
}

absl::Status CheckParts(const google::protobuf::RepeatedPtrField<std::string>& parts,
                        const Call& call) {
  if (parts.empty()) return BadField("parts", "is required");
  return CheckCodes("parts", "report_part", parts, call.catalogue);
}

// Whether a track is open: opened more often than ended.
bool IsOpen(const ReportState& report, const std::string& track) {
  int open = 0;
  for (const EffectiveFact& fact : report.facts.facts()) {
    if (fact.fact().track_opened().track() == track) ++open;
    if (fact.fact().track_ended().track() == track) --open;
  }
  return open > 0;
}

}  // namespace

absl::StatusOr<Decision> DecideRequestCompletion(const intake::v1::RequestCompletion& command,
                                                 const ReportState& report, const Call& call) {
  const bool for_study = command.additional_information();
  if (!for_study || !command.parts().empty()) RETURN_IF_ERROR(CheckParts(command.parts(), call));
  ASSIGN_OR_RETURN(Draft draft, ReportDraft(report, command.occurred_at(), call));
  *draft.fact.mutable_report_completion_requested()->mutable_parts() = command.parts();
  draft.fact.mutable_report_completion_requested()->set_additional_information(for_study);
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideCompleteReport(const intake::v1::CompleteReport& command,
                                              const ReportState& report, const Call& call) {
  RETURN_IF_ERROR(CheckParts(command.parts(), call));
  ASSIGN_OR_RETURN(Draft draft, ReportDraft(report, command.occurred_at(), call));
  const auto asked = FactsOf(report, F::kReportCompletionRequested);
  if (asked.empty()) {
    return RuleForbids("Perbawaslu 7/2022 Ps 15", "nobody asked the reporter to complete it");
  }
  draft.citations.push_back(Cite(*asked.back()));
  *draft.fact.mutable_report_completed()->mutable_parts() = command.parts();
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideTraceReport(const intake::v1::TraceReport& command,
                                           const ReportState& report, const Call& call) {
  RETURN_IF_ERROR(CheckCode("result", "tracing_result", command.result(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, ReportDraft(report, command.occurred_at(), call));
  draft.fact.mutable_report_traced()->set_result(command.result());
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideRegisterReport(const intake::v1::RegisterReport& command,
                                              const ReportState& report, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("register_number", command.register_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckReferences("references", command.references()));
  ASSIGN_OR_RETURN(Draft draft, ReportDraft(report, command.occurred_at(), call));
  if (!FactsOf(report, F::kReportRegistered).empty()) {
    return RuleForbids("Perbawaslu 7/2022", "the report is registered already");
  }
  draft.fact.mutable_report_registered();
  // The number lets the reporter be inferred: it stays in the private log (rule 8).
  Draft number;
  number.visibility = Visibility::kPrivate;
  number.report_id = report.report_id;
  number.cites_first = true;
  number.fact.mutable_report_registered();
  auto& references = *number.personal.emplace().mutable_references();
  *references.Add() = Reference(event::v1::REFERENCE_KIND_REGISTER, command.register_number());
  references.MergeFrom(command.references());
  Decision decision = About(report, std::move(draft));
  decision.drafts.push_back(std::move(number));
  return decision;
}

absl::StatusOr<Decision> DecideAdoptReport(const intake::v1::AdoptReport& command,
                                           const ReportState& report, const ReportState& successor,
                                           const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, ReportDraft(report, command.occurred_at(), call));
  if (successor.received.derived_from() != report.report_id || successor.author != report.author) {
    return BadField("as_report_id", "is no report of this office that derives from this one");
  }
  draft.citations.push_back(successor.citation);
  draft.fact.mutable_report_adopted()->set_as_report_id(successor.report_id);
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideOpenTrack(const intake::v1::OpenTrack& command,
                                         const ReportState& report, const Call& call) {
  RETURN_IF_ERROR(CheckCode("track", "track", command.track(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, ReportDraft(report, command.occurred_at(), call));
  if (IsOpen(report, command.track())) return RuleForbids("track", "the track is open already");
  draft.fact.mutable_track_opened()->set_track(command.track());
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideEndTrack(const intake::v1::EndTrack& command,
                                        const ReportState& report, const Call& call) {
  RETURN_IF_ERROR(CheckCode("track", "track", command.track(), call.catalogue));
  RETURN_IF_ERROR(CheckCode("outcome", "track_outcome", command.outcome(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, ReportDraft(report, command.occurred_at(), call));
  if (!IsOpen(report, command.track())) return RuleForbids("track", "the track is not open");
  draft.fact.mutable_track_ended()->set_track(command.track());
  draft.fact.mutable_track_ended()->set_outcome(command.outcome());
  return About(report, std::move(draft));
}

absl::StatusOr<Decision> DecideClarifyRespondent(const intake::v1::ClarifyRespondent& command,
                                                 const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  draft.fact.mutable_respondent_clarified()->set_attended(command.attended());
  return Move(fold, Section::kIntake, std::move(draft), call);
}

absl::StatusOr<Decision> DecideLinkCase(const intake::v1::LinkCase& command, const CaseFold& fold,
                                        const CaseFold& other, const Call& call) {
  RETURN_IF_ERROR(CheckCode("link", "link_kind", command.link(), call.catalogue));
  if (other.case_id() == fold.case_id()) return BadField("other_case_id", "is the case itself");
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  draft.fact.mutable_case_linked()->set_other_case_id(other.case_id());
  draft.fact.mutable_case_linked()->set_link(command.link());
  RETURN_IF_ERROR(CheckMove(fold, Section::kIntake, draft.fact, call));
  for (const auto& fact : SectionIn(fold, Section::kIntake).facts()) {
    if (fact.fact().case_linked().other_case_id() == other.case_id()) {
      return RuleForbids("link", "the cases are linked already");
    }
  }
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideHandElsewhere(const intake::v1::HandElsewhere& command,
                                             const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckCode("body", "other_body", command.body(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  if (!PartiesOf(fold).empty()) draft.visibility = Visibility::kParty;
  draft.fact.mutable_case_handed_elsewhere()->set_body(command.body());
  return Move(fold, Section::kIntake, std::move(draft), call);
}

absl::StatusOr<Decision> DecideSupplementCase(const intake::v1::SupplementCase& command,
                                              const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("summary", command.summary(), kSummaryBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.personal.emplace().set_summary(command.summary());
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  draft.fact.mutable_case_supplemented();
  return Move(fold, Section::kIntake, std::move(draft), call);
}

absl::StatusOr<Decision> DecideIdentifyRespondent(const intake::v1::IdentifyRespondent& command,
                                                  const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("nip", command.nip(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckRequired("employment_status", command.employment_status(), kNumberBytesMax));
  ASSIGN_OR_RETURN(const MaybeStatus status,
                   ReadStatus("employment_status", command.employment_status()));
  ASSIGN_OR_RETURN(std::string nip, ReadNip("nip", command.nip(), status));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  draft.fact.mutable_respondent_identified()->set_employment_status(command.employment_status());
  ASSIGN_OR_RETURN(std::string nik, ReadNik("nik", command.nik()));
  auto& respondent = *draft.personal.emplace().mutable_respondent();
  respondent.set_nip(std::move(nip));
  respondent.set_nik(std::move(nik));
  RETURN_IF_ERROR(CheckMove(fold, Section::kIntake, draft.fact, call));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideReviewCase(const intake::v1::ReviewCase& command,
                                          const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckText("reason_text", command.reason_text(), kReasonBytesMax));
  if (command.accepted() && !command.reason().empty()) {
    return BadField("reason", "belongs to a report that was not accepted");
  }
  // A code or nothing: the open part of an entry can never be erased.
  if (!command.reason().empty()) {
    RETURN_IF_ERROR(CheckCode("reason", "review_reason", command.reason(), call.catalogue));
  }
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  draft.fact.mutable_case_reviewed()->set_accepted(command.accepted());
  draft.fact.mutable_case_reviewed()->set_reason(command.reason());
  if (!PartiesOf(fold).empty()) draft.visibility = Visibility::kParty;  // they wait for it
  if (!command.reason_text().empty()) {
    draft.personal.emplace().set_reason_text(command.reason_text());
  }
  RETURN_IF_ERROR(CheckMove(fold, Section::kIntake, draft.fact, call));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideConcludeCase(const intake::v1::ConcludeCase& command,
                                            const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckViolations("violations_found", command.violations_found(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kOffice, command.occurred_at()));
  auto* concluded = draft.fact.mutable_case_concluded();
  *concluded->mutable_violations_found() = command.violations_found();
  if (const auto* named = NamingOf(fold)) {
    const std::vector<std::string> found(command.violations_found().begin(),
                                         command.violations_found().end());
    MarkViolations(found, named->phase(), call.catalogue, concluded->mutable_marks());
  }
  if (!command.outcome().empty()) {
    if (command.violations_found_size() > 0) {
      return BadField("outcome", "belongs to a case in which no violation was found");
    }
    RETURN_IF_ERROR(CheckCode("outcome", "conclusion", command.outcome(), call.catalogue));
    concluded->set_outcome(command.outcome());
  }
  // What came back is judged anew: citing how it was returned takes the file back.
  const Custody custody = CustodyOf(fold);
  if (const auto next = StintAfter(custody, Section::kIntake)) {
    draft.citations.push_back(Cite(*WalkOf(custody, *next).decisive));
  }
  if (!PartiesOf(fold).empty()) draft.visibility = Visibility::kParty;  // they wait for it
  return Move(fold, Section::kIntake, std::move(draft), call);
}

namespace {

// The respondent as others come to know it: they need the NIP, and the NIK stays in the office.
event::v1::Respondent ForOthers(event::v1::Respondent respondent) {
  respondent.clear_nik();
  return respondent;
}

// The authority addressed: the one competent on the day of the decision. It may be named; it must
// be where the day is not recorded.
absl::StatusOr<std::string> AddresseeFor(const intake::v1::ReferCase& command, const Call& call) {
  if (!command.to().empty()) {
    const auto* authority = call.catalogue.FindAuthority(command.to());
    if (authority == nullptr || authority->role != reference::AuthorityRole::kReferral) {
      return BadField("to", absl::StrCat("\"", command.to(), "\" receives no referrals"));
    }
  }
  const auto day = LocalDate::ParseIso(DayOf(command.occurred_at()));
  if (!day) {
    if (!command.to().empty()) return command.to();
    return BadField("to", "is required where the day of the decision is not recorded");
  }
  ASSIGN_OR_RETURN(const auto competent, FindReferralBody(*day, call.catalogue));
  const std::string& id = competent.authority->id;
  if (command.to().empty() || command.to() == id) return id;
  return RuleForbids(
      "routing_by_send_date",
      absl::StrCat(command.to(), " did not receive referrals that were decided on ", day->ToIso(),
                   "; send it to ", id, " (", Describe(competent.grounds.front()), ")"));
}

}  // namespace

absl::StatusOr<Decision> DecideReferCase(const intake::v1::ReferCase& command, const CaseFold& fold,
                                         const event::v1::Respondent& respondent,
                                         const Call& call) {
  RETURN_IF_ERROR(CheckRequired("letter_number", command.letter_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckText("summary", command.summary(), kSummaryBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  auto* fact = draft.fact.mutable_case_referred();
  RETURN_IF_ERROR(CheckMove(fold, Section::kIntake, draft.fact, call));
  if (respondent.nip().empty()) {
    return RuleForbids(
        "identity", "a case is referred with the respondent's NIP; identify the respondent first");
  }
  ASSIGN_OR_RETURN(const std::string to, AddresseeFor(command, call));

  const event::v1::RespondentNamed* const naming = NamingOf(fold);
  if (naming == nullptr) return NotHereYet("the naming of the respondent");
  const event::v1::RespondentNamed& named = *naming;
  fact->set_to(to);
  if (const auto concluded = ConclusionOf(fold)) {
    *fact->mutable_violations_found() = concluded->violations_found();
    *fact->mutable_marks() = concluded->marks();
  }
  for (const event::v1::Mark& mark : named.marks()) {
    // What was alleged stays in the office; what was found stands above.
    if (mark.about().empty()) AddMark(mark.code(), mark.rule(), "", fact->mutable_marks());
  }
  TellFlags(CustodyOf(fold), call.header.authority(), call.catalogue, fact->mutable_marks());
  fact->set_contest(named.contest());
  fact->set_stage(named.stage());
  fact->set_calendar_phase(named.calendar_phase());
  fact->set_phase_override(named.phase_override());
  fact->set_election(named.election());
  fact->set_incident_on(named.incident_on());
  fact->set_phase(named.phase());
  fact->set_agency_region(named.agency_region());
  fact->set_employment_status(EmploymentStatusOf(fold));
  fact->set_position_kind(named.position_kind());
  fact->set_rank(named.rank());
  fact->set_role(named.role());
  fact->add_parties(call.header.authority());
  fact->add_parties(to);

  auto& personal = draft.personal.emplace();
  *personal.mutable_respondent() = ForOthers(respondent);
  *personal.add_references() =
      Reference(event::v1::REFERENCE_KIND_REFERRAL_LETTER, command.letter_number());
  personal.set_summary(command.summary());
  RETURN_IF_ERROR(AddReferences(command.references(), &draft));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

namespace {

// What an office goes on with that did not open the case. The naming is here.
template <typename Restating>
void Restate(const CaseFold& fold, bool identified, Restating* fact) {
  fact->set_reached(IntakeStageOf(StandingOf(CustodyOf(fold), Section::kIntake).state));
  event::v1::RespondentNamed named = *NamingOf(fold);
  named.clear_report_id();
  named.set_employment_status(EmploymentStatusOf(fold));
  named.set_identified(identified);
  // What is noticed about the allegations goes no further than the office.
  auto* marks = named.mutable_marks();
  marks->erase(std::remove_if(marks->begin(), marks->end(),
                              [](const event::v1::Mark& mark) { return !mark.about().empty(); }),
               marks->end());
  *fact->mutable_named() = std::move(named);
  if (auto concluded = ConclusionOf(fold)) *fact->mutable_concluded() = *std::move(concluded);
}

}  // namespace

absl::StatusOr<Decision> DecideDelegateCase(const intake::v1::DelegateCase& command,
                                            const CaseFold& fold,
                                            const event::v1::Respondent& respondent,
                                            const Call& call) {
  RETURN_IF_ERROR(CheckCode("kind", "handover_kind", command.kind(), call.catalogue));
  RETURN_IF_ERROR(CheckText("summary", command.summary(), kSummaryBytesMax));
  const auto* to = call.catalogue.FindAuthority(command.to());
  if (to == nullptr || to->role != reference::AuthorityRole::kIntake) {
    return BadField("to", absl::StrCat("\"", command.to(), "\" is no office of Bawaslu"));
  }
  if (command.to() == call.header.authority()) {
    return BadField("to", "is the office that has the case");
  }
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  auto* fact = draft.fact.mutable_case_delegated();
  RETURN_IF_ERROR(CheckMove(fold, Section::kIntake, draft.fact, call));
  if (NamingOf(fold) == nullptr) return NotHereYet("the naming of the respondent");
  fact->set_to(command.to());
  fact->set_kind(command.kind());
  Restate(fold, !respondent.nip().empty(), fact);
  fact->add_parties(call.header.authority());
  fact->add_parties(command.to());

  if (!draft.personal) draft.personal.emplace();
  *draft.personal->mutable_respondent() = ForOthers(respondent);
  draft.personal->set_summary(command.summary());
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

absl::StatusOr<Decision> DecideReceiveDelegatedCase(const intake::v1::ReceiveDelegatedCase& command,
                                                    const CaseFold& fold, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  draft.fact.mutable_delegated_case_received();
  const Custody custody = CustodyOf(fold);
  const EffectiveFact* sent = custody.under_way;
  if (sent != nullptr && sent->fact().has_case_delegated()) {
    const std::string& to = AddresseeOf(sent->fact());
    if (to != call.header.authority()) {
      return NotYourCase(call.header.authority(), absl::StrCat("the case was given to ", to));
    }
    draft.citations.push_back(Cite(*sent));
  } else if (SectionIn(fold, Section::kIntake).writer() != call.header.authority()) {
    return NotHereYet("a delegation of this case to you");
  }
  return Move(fold, Section::kIntake, std::move(draft), call);
}

absl::Status CheckTakeOver(const CaseFold& fold, absl::string_view authority,
                           const reference::Catalogue& catalogue) {
  if (!MayTakeFrom(CustodyOf(fold), authority)) {
    return NotYourCase(authority, "it never had the case; the office that has it can give it up");
  }
  const std::string& from = SectionIn(fold, Section::kIntake).writer();
  if (from == authority) return RuleForbids("take_over", "you have the case");
  if (!catalogue.IsAbove(authority, from)) {
    return RuleForbids("take_over", absl::StrCat(authority, " does not stand above ", from,
                                                 "; only a higher office takes a case over"));
  }
  if (NamingOf(fold) == nullptr) return NotHereYet("the naming of the respondent");
  return absl::OkStatus();
}

absl::StatusOr<Decision> DecideTakeOverCase(const intake::v1::TakeOverCase& command,
                                            const CaseFold& fold, const Call& call) {
  RETURN_IF_ERROR(CheckRequired("letter_number", command.letter_number(), kNumberBytesMax));
  RETURN_IF_ERROR(CheckRequired("reason_text", command.reason_text(), kReasonBytesMax));
  RETURN_IF_ERROR(CheckText("summary", command.summary(), kSummaryBytesMax));
  ASSIGN_OR_RETURN(Draft draft, NewDraft(fold, Visibility::kParty, command.occurred_at()));
  RETURN_IF_ERROR(AddReasonText(command.reason_text(), &draft));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  draft.personal->set_summary(command.summary());
  RETURN_IF_ERROR(CheckTakeOver(fold, call.header.authority(), call.catalogue));
  auto* fact = draft.fact.mutable_case_taken_over();
  RETURN_IF_ERROR(CheckMove(fold, Section::kIntake, draft.fact, call));
  const Custody custody = CustodyOf(fold);
  const Stint& held = *LastStint(custody, Section::kIntake);
  fact->set_from(held.segment->writer());
  *fact->mutable_previous_ends() = held.segment->last();
  if (event::v1::Position got_by = GotBy(held); !got_by.log().empty()) {
    *fact->mutable_got_by() = std::move(got_by);
  }
  Restate(fold, NamingOf(fold)->identified(), fact);
  fact->add_parties(call.header.authority());
  for (const std::string& party : PartiesOf(fold)) {
    if (party != call.header.authority()) fact->add_parties(party);
  }
  draft.citations.push_back(Cite(held.segment->facts(held.end - 1)));
  if (held.received != nullptr) draft.citations.push_back(Cite(*held.received));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
