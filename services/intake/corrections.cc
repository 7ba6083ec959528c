#include "services/intake/corrections.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "services/domain/correction.h"
#include "services/domain/decide_report_correction.h"
#include "services/domain/intake_facts.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::intake {
namespace {

using domain::Decision;

template <typename Command>
absl::Status CheckTarget(const Command& command) {
  if (command.report_id().empty() || command.case_id().empty()) return absl::OkStatus();
  return domain::BadField("report_id", "give it or case_id, not both");
}

// Nobody reports an act before it. The other way round both are corrected one after the other.
absl::Status CheckReportedAfter(const command::v1::CorrectFact& command,
                                const domain::CaseFold& fold, const node::Desk& desk) {
  const std::string& incident_on = command.new_fact().respondent_named().incident_on();
  const auto* named = domain::NamingOf(fold);
  if (incident_on.empty() || named == nullptr) return absl::OkStatus();
  const auto report = desk.Report(named->report_id());
  // The report of a case that was delegated is not here.
  if (!report.ok() || report->received_on.empty() || incident_on <= report->received_on) {
    return absl::OkStatus();
  }
  return domain::BadField("new_fact.incident_on",
                          absl::StrCat("after the report was received, on ", report->received_on,
                                       "; if that day is wrong, correct the report first"));
}

}  // namespace

absl::StatusOr<Decision> DecideCorrectFact(const command::v1::CorrectFact& command,
                                           const node::Desk& desk, const domain::Call& call) {
  RETURN_IF_ERROR(CheckTarget(command));
  if (!command.report_id().empty()) {
    ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
    ASSIGN_OR_RETURN(const auto kept, desk.KeptOfReport(report.report_id));
    return domain::DecideCorrectReportFact(command, report, kept, call);
  }
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(command.case_id()));
  ASSIGN_OR_RETURN(const auto kept, desk.KeptOfCase(command.case_id()));
  if (domain::FindEffective(kept, command.position()) != nullptr) {
    return domain::DecideCorrectCaseDetails(command, fold, kept, call);
  }
  RETURN_IF_ERROR(CheckReportedAfter(command, fold, desk));
  return domain::DecideCorrectFact(command, fold, domain::Section::kIntake, call);
}

absl::StatusOr<Decision> DecideVoidFact(const command::v1::VoidFact& command,
                                        const node::Desk& desk, const domain::Call& call) {
  RETURN_IF_ERROR(CheckTarget(command));
  if (command.report_id().empty()) {
    return node::DecideVoidFact(command, desk, domain::Section::kIntake, call);
  }
  ASSIGN_OR_RETURN(const domain::ReportState report, desk.Report(command.report_id()));
  ASSIGN_OR_RETURN(const auto kept, desk.KeptOfReport(report.report_id));
  return domain::DecideVoidReportFact(command, report, kept, call);
}

}  // namespace selaras::intake
