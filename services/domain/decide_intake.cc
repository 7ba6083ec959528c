#include "services/domain/decide_intake.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/reference/local_date.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

constexpr std::size_t kAddressBytesMax = 500;
constexpr std::size_t kPhoneBytesMax = 40;
constexpr std::size_t kChronologyBytesMax = 20'000;
constexpr std::size_t kReportKeyBytesMax = 160;
constexpr int kEvidenceMax = 100;

event::v1::ElectionPhase PhaseOf(absl::string_view election, absl::string_view region,
                                 absl::string_view day, const reference::Catalogue& catalogue) {
  const auto date = reference::LocalDate::ParseIso(day);
  if (!date) return event::v1::ELECTION_PHASE_UNSPECIFIED;
  const auto phase = catalogue.Phase(election, region, *date);
  if (!phase.ok()) return event::v1::ELECTION_PHASE_UNSPECIFIED;
  return *phase == reference::ElectionPhase::kBeforePenetapan
             ? event::v1::ELECTION_PHASE_BEFORE_PENETAPAN
             : event::v1::ELECTION_PHASE_FROM_PENETAPAN;
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
  RETURN_IF_ERROR(CheckText("reporter.name", command.reporter().name(), kNameBytesMax));
  RETURN_IF_ERROR(CheckText("reporter.address", command.reporter().address(), kAddressBytesMax));
  RETURN_IF_ERROR(CheckText("reporter.phone", command.reporter().phone(), kPhoneBytesMax));
  RETURN_IF_ERROR(CheckText("place", command.place(), kAddressBytesMax));
  RETURN_IF_ERROR(CheckText("chronology", command.chronology(), kChronologyBytesMax));
  if (command.evidence_size() > kEvidenceMax) return BadField("evidence", "has too many items");
  for (const auto& evidence : command.evidence()) {
    if (evidence.sha256().size() != 32) return BadField("evidence.sha256", "must have 32 bytes");
  }
  return absl::OkStatus();
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
  return CheckCodes("motives", "motive", command.motives(), catalogue);
}

// Employment status as last recorded.
std::string StatusText(const CaseFold& fold) {
  if (const auto* fact = LastFact(fold.intake(), F::kRespondentIdentified)) {
    return fact->fact().respondent_identified().employment_status();
  }
  if (const auto* fact = LastFact(fold.intake(), F::kRespondentNamed)) {
    return fact->fact().respondent_named().employment_status();
  }
  return {};
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

  Draft details;
  details.visibility = Visibility::kPrivate;
  details.report_id = decision.report_id;
  details.cites_first = true;
  auto* recorded = details.fact.mutable_report_details_recorded();
  recorded->set_source(command.source());
  recorded->set_known_on(command.known_on());
  auto& personal = details.personal.emplace();
  if (command.has_reporter()) *personal.mutable_reporter() = command.reporter();
  if (!command.register_number().empty()) {
    *personal.add_references() =
        Reference(event::v1::REFERENCE_KIND_REGISTER, command.register_number());
  }
  personal.set_place(command.place());
  personal.set_chronology(command.chronology());
  *personal.mutable_evidence() = command.evidence();

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
  fact->set_phase(PhaseOf(report.received.election(), command.agency_region(),
                          command.incident_on(), call.catalogue));
  *named.personal.emplace().mutable_respondent() = std::move(respondent);

  Decision decision{.report_id = report.report_id, .case_id = std::string(case_id)};
  decision.drafts.push_back(std::move(named));
  if (command.motives_size() > 0) {
    ASSIGN_OR_RETURN(Draft details, NewDraft(fold, Visibility::kPrivate, {}));
    details.cites_first = true;
    *details.fact.mutable_case_details_recorded()->mutable_motives() = command.motives();
    decision.drafts.push_back(std::move(details));
  }
  return decision;
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
  draft.personal.emplace().mutable_respondent()->set_nip(std::move(nip));
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
  *draft.fact.mutable_case_concluded()->mutable_violations_found() = command.violations_found();
  RETURN_IF_ERROR(CheckMove(fold, Section::kIntake, draft.fact, call));
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

namespace {

// The authority addressed: as named, or the one competent on the day of the decision.
absl::StatusOr<std::string> Addressee(const intake::v1::ReferCase& command, const Call& call) {
  if (!command.to().empty()) {
    const auto* authority = call.catalogue.FindAuthority(command.to());
    if (authority == nullptr || authority->role != reference::AuthorityRole::kReferral) {
      return BadField("to", absl::StrCat("\"", command.to(), "\" receives no referrals"));
    }
    return command.to();
  }
  const auto day = reference::LocalDate::ParseIso(DayOf(command.occurred_at()));
  if (!day) return BadField("to", "is required where the day of the decision is not recorded");
  const auto* authority = call.catalogue.ReferralAuthorityOn(*day);
  if (authority == nullptr) {
    return BadField("to", absl::StrCat("no body received referrals on ", day->ToIso()));
  }
  return authority->id;
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
  ASSIGN_OR_RETURN(const std::string to, Addressee(command, call));

  const auto& named = LastFact(fold.intake(), F::kRespondentNamed)->fact().respondent_named();
  fact->set_to(to);
  if (const auto* concluded = LastFact(fold.intake(), F::kCaseConcluded)) {
    *fact->mutable_violations_found() = concluded->fact().case_concluded().violations_found();
  }
  fact->set_election(named.election());
  fact->set_incident_on(named.incident_on());
  fact->set_phase(named.phase());
  fact->set_agency_region(named.agency_region());
  fact->set_employment_status(StatusText(fold));
  fact->set_position_kind(named.position_kind());
  fact->set_rank(named.rank());
  fact->add_parties(call.header.authority());
  fact->add_parties(to);

  auto& personal = draft.personal.emplace();
  *personal.mutable_respondent() = respondent;
  *personal.add_references() =
      Reference(event::v1::REFERENCE_KIND_REFERRAL_LETTER, command.letter_number());
  personal.set_summary(command.summary());
  return Decision{.case_id = fold.case_id(), .drafts = {std::move(draft)}};
}

}  // namespace selaras::domain
