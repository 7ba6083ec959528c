#include "services/intake/reporter_reader.h"

#include <set>
#include <utility>

#include "services/domain/fold.h"
#include "services/domain/refusal.h"
#include "services/node/report_messages.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"
#include "storage/log/receipt.h"

namespace selaras::intake {
namespace {

// More reports than ever derive from one.
constexpr std::size_t kReportsMax = 64;

absl::StatusOr<storage::v1::StoredSubject> LoadReport(const log::StoreReader& store,
                                                      absl::string_view report_id) {
  ASSIGN_OR_RETURN(auto report, node::LoadSubject(store, node::rows::ReportState(report_id)));
  if (!report || node::OpeningOf(*report) == nullptr) return domain::ReportNotFound(report_id);
  return *std::move(report);
}

}  // namespace

ReporterReader::ReporterReader(const log::StoreReader& store, const node::NodeKeys& keys,
                               const node::Opener& opener, const reference::Catalogue& catalogue)
    : store_(store), keys_(keys), opener_(opener), catalogue_(catalogue) {}

absl::StatusOr<std::optional<ReporterReader::Opened>> ReporterReader::ReportOf(
    absl::string_view code) const {
  const base::Digest tag = keys_.ReceiptTag(code);
  ASSIGN_OR_RETURN(const auto report_id,
                   store_.Get(log::Table::kView, node::rows::Receipt(tag.view())));
  if (!report_id) return std::nullopt;
  ASSIGN_OR_RETURN(const auto report, LoadReport(store_, *report_id));
  ASSIGN_OR_RETURN(const std::string newest, node::ReceiptTagOf(store_, report));
  if (newest != tag.view()) return std::nullopt;
  return Opened{*report_id, node::OpeningOf(report)->author()};
}

absl::StatusOr<domain::ReportStep> ReporterReader::StepOf(const std::string& case_id) const {
  ASSIGN_OR_RETURN(const auto subject, node::LoadSubject(store_, node::rows::CaseState(case_id)));
  ASSIGN_OR_RETURN(const auto view, node::LoadCaseView(store_, case_id));
  const auto fold = node::Combine(case_id, subject ? &*subject : nullptr, view);
  return domain::ReportStepOf(fold);
}

absl::StatusOr<std::vector<std::string>> ReporterReader::DerivedFrom(
    absl::string_view report_id) const {
  const std::string prefix = node::rows::DerivedPrefix(report_id);
  std::vector<std::string> reports;
  RETURN_IF_ERROR(
      store_.Scan(log::Table::kView, prefix, prefix, [&](absl::string_view key, absl::string_view) {
        reports.emplace_back(key.substr(prefix.size()));
        return reports.size() < kReportsMax;
      }));
  return reports;
}

std::string ReporterReader::TextOf(const std::string& status) const {
  const reference::Code* code = catalogue_.FindCode("report_status", status);
  return code == nullptr ? std::string() : code->text;
}

absl::StatusOr<v1::GetReportStatusResponse> ReporterReader::Status(
    absl::string_view report_id) const {
  ASSIGN_OR_RETURN(const auto first, LoadReport(store_, report_id));
  std::vector<domain::ReportStep> cases;
  std::vector<domain::ReportStep> whole;
  std::set<std::string> known = {std::string(report_id)};
  for (std::vector<std::string> left(known.begin(), known.end()); !left.empty();) {
    const std::string id = std::move(left.back());
    left.pop_back();
    ASSIGN_OR_RETURN(const auto report, LoadReport(store_, id));
    ASSIGN_OR_RETURN(std::vector<std::string> derived, DerivedFrom(id));
    const domain::ReportStep itself = domain::ReportStepOf(report.segments(0));
    if (report.case_ids().empty() && derived.empty()) whole.push_back(itself);
    const bool waits = domain::IsCompletionOpen(report.segments(0));
    for (const std::string& case_id : report.case_ids()) {
      ASSIGN_OR_RETURN(domain::ReportStep step, StepOf(case_id));
      cases.push_back(step);
      // The whole waits for the reporter as long as a case does.
      whole.push_back(waits && step.status == domain::ReportStatusOf(domain::State::kNamed)
                          ? domain::ReportStep{std::string(domain::kWaitsForReporter), itself.since}
                          : std::move(step));
    }
    for (std::string& next : derived) {
      if (known.size() < kReportsMax && known.insert(next).second) left.push_back(std::move(next));
    }
  }
  if (whole.empty()) whole.push_back(domain::ReportStepOf(first.segments(0)));
  domain::SortSteps(&cases);

  v1::GetReportStatusResponse response;
  const auto* opening = node::OpeningOf(first);
  response.set_office(opening->author());
  *response.mutable_received_at() = opening->occurred_at();
  const auto fill = [this](const domain::ReportStep& step, auto* out) {
    out->set_status(step.status);
    out->set_status_text(TextOf(step.status));
    if (step.since.precision_case() != event::v1::When::PRECISION_NOT_SET) {
      *out->mutable_since() = step.since;
    }
  };
  fill(domain::WholeOf(whole), &response);
  for (const domain::ReportStep& step : cases) fill(step, response.add_cases());
  ASSIGN_OR_RETURN(const int sent, node::CountFromOffice(store_, first));
  response.set_messages_from_office(static_cast<std::uint32_t>(sent));
  return response;
}

absl::StatusOr<v1::ListReporterMessagesResponse> ReporterReader::Messages(
    absl::string_view report_id) const {
  ASSIGN_OR_RETURN(const auto report, LoadReport(store_, report_id));
  ASSIGN_OR_RETURN(auto messages, node::MessagesOf(store_, opener_, report));
  v1::ListReporterMessagesResponse response;
  for (query::v1::ReportMessage& message : messages) {
    v1::ReporterMessage* out = response.add_messages();
    out->set_from_office(message.from_office());
    out->set_text(std::move(*message.mutable_text()));
    *out->mutable_written_at() = std::move(*message.mutable_written_at());
  }
  return response;
}

absl::StatusOr<v1::GetReportReceiptResponse> ReporterReader::Receipt(
    absl::string_view report_id) const {
  ASSIGN_OR_RETURN(const auto report, LoadReport(store_, report_id));
  const base::Sequence sequence{node::OpeningOf(report)->position().sequence()};
  const log::LogReader& shared = store_.shared();
  ASSIGN_OR_RETURN(const log::Receipt receipt,
                   log::MakeReceipt(shared, sequence, shared.checkpoint()));
  v1::GetReportReceiptResponse response;
  response.set_receipt(log::ReceiptText(receipt));
  return response;
}

}  // namespace selaras::intake
