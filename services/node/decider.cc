#include "services/node/decider.h"

#include "services/domain/intake_facts.h"
#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::node {
namespace {

absl::Status CheckOfCase(absl::string_view report_id) {
  if (report_id.empty()) return absl::OkStatus();
  return domain::BadField("report_id", "only an office of Bawaslu has reports; give case_id");
}

// Of a command that might name a report instead.
template <typename Command>
absl::StatusOr<std::string> ResolveCaseAlone(const Command& command,
                                             const std::vector<command::v1::CommandStep>& earlier) {
  RETURN_IF_ERROR(CheckOfCase(command.report_id()));
  return ResolveCase(command.case_ref(), earlier);
}

}  // namespace

absl::StatusOr<domain::Decision> DecideCorrectFact(const command::v1::CorrectFact& command,
                                                   const Desk& desk, domain::Section section,
                                                   const domain::Call& call) {
  RETURN_IF_ERROR(CheckOfCase(command.report_id()));
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(command.case_id()));
  return domain::DecideCorrectFact(command, fold, section, call);
}

absl::StatusOr<domain::Decision> DecideVoidFact(const command::v1::VoidFact& command,
                                                const Desk& desk, domain::Section section,
                                                const domain::Call& call) {
  RETURN_IF_ERROR(CheckOfCase(command.report_id()));
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(command.case_id()));
  return domain::DecideVoidFact(command, fold, section, call);
}

absl::StatusOr<domain::Decision> DecideAddAttachment(
    const command::v1::AddAttachment& command, const std::vector<command::v1::CommandStep>& earlier,
    const Desk& desk, domain::Section section, const domain::Call& call) {
  ASSIGN_OR_RETURN(const std::string case_id, ResolveCaseAlone(command, earlier));
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(case_id));
  ASSIGN_OR_RETURN(const domain::Upload upload, desk.Upload(command.upload_id()));
  std::vector<storage::v1::SectionFold> kept;
  ASSIGN_OR_RETURN(kept.emplace_back(), desk.KeptOfCase(case_id));
  // What a derivative is made of may have come with the report.
  if (const auto* named = domain::NamingOf(fold); named != nullptr) {
    const auto report = desk.Report(named->report_id());
    if (report.ok()) {
      ASSIGN_OR_RETURN(kept.emplace_back(), desk.KeptOfReport(named->report_id()));
    }
  }
  return domain::DecideAddAttachment(command, fold, kept, upload, section, call);
}

absl::StatusOr<domain::Decision> DecideRemoveAttachment(
    const command::v1::RemoveAttachment& command,
    const std::vector<command::v1::CommandStep>& earlier, const Desk& desk, domain::Section section,
    const domain::Call& call) {
  ASSIGN_OR_RETURN(const std::string case_id, ResolveCaseAlone(command, earlier));
  ASSIGN_OR_RETURN(const domain::CaseFold fold, desk.Case(case_id));
  ASSIGN_OR_RETURN(const auto kept, desk.KeptOfCase(case_id));
  return domain::DecideRemoveAttachment(command, fold, kept, section, call);
}

absl::StatusOr<std::string> ResolveCase(const command::v1::CaseReference& reference,
                                        const std::vector<command::v1::CommandStep>& earlier) {
  switch (reference.target_case()) {
    case command::v1::CaseReference::kCaseId:
      return reference.case_id();
    case command::v1::CaseReference::kOpenedBy:
      if (reference.opened_by() >= earlier.size() ||
          earlier[reference.opened_by()].case_id().empty()) {
        return domain::BadField("case_ref.opened_by", "names no earlier command that opens a case");
      }
      return earlier[reference.opened_by()].case_id();
    case command::v1::CaseReference::TARGET_NOT_SET:
      break;
  }
  return domain::BadField("case_ref", "is required");
}

}  // namespace selaras::node
