#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "tools/selaras/clock.h"
#include "tools/selaras/node.h"

namespace selaras::test {

// Time that passes only when somebody sleeps. Thread-safe.
class FakeClock final : public cli::Clock {
 public:
  absl::Time Now() override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void Sleep(absl::Duration duration) override {
    const std::lock_guard lock(mutex_);
    now_ += duration;
  }

 private:
  std::mutex mutex_;
  absl::Time now_ = absl::UnixEpoch();
};

// What a node answers; a test prescribes it. The handlers run one at a time.
struct NodeAnswers {
  template <typename Response>
  using Answered = absl::StatusOr<Response>;
  template <typename Response, typename... Request>
  using Handler = std::function<Answered<Response>(const Request&...)>;

  Handler<ledger::v1::GetNodeResponse> get_node;
  Handler<ledger::v1::GetReceiptResponse, ledger::v1::GetReceiptRequest> get_receipt;
  Handler<query::v1::GetCaseResponse, query::v1::GetCaseRequest> get_case;
  Handler<query::v1::ListCasesResponse, query::v1::ListCasesRequest> list_cases;
  Handler<query::v1::GetReportResponse, query::v1::GetReportRequest> get_report;
  Handler<query::v1::GetTimelineResponse, query::v1::GetTimelineRequest> get_timeline;
  Handler<query::v1::GetWorklistResponse, query::v1::GetWorklistRequest> get_worklist;
  Handler<query::v1::ListDeadlinesResponse, query::v1::ListDeadlinesRequest> list_deadlines;
  Handler<query::v1::GetStatisticsResponse, query::v1::GetStatisticsRequest> get_statistics;
  Handler<query::v1::LookUpCasesResponse, query::v1::LookUpCasesRequest> look_up_cases;
  Handler<query::v1::ListReadsResponse, query::v1::ListReadsRequest> list_reads;
  std::function<absl::Status(const query::v1::WatchCasesRequest&,
                             const std::function<bool(const query::v1::WatchCasesResponse&)>&)>
      watch_cases;
  Handler<ledger::v1::GetAccessResponse> get_access;
  std::function<absl::Status(const ledger::v1::ConfirmClockRequest&)> confirm_clock;
  std::function<absl::Status(const ledger::v1::ResumeLinkRequest&)> resume_link;
  std::function<absl::Status(const ledger::v1::ConfirmRestoredRequest&)> confirm_restored;
  Handler<ledger::v1::CreateBackupResponse, ledger::v1::CreateBackupRequest> create_backup;
  // What the file has, and what is said of it.
  Handler<std::pair<std::string, ledger::v1::ExchangeSummary>, ledger::v1::PackExchangeRequest>
      pack_exchange;
  // Of the whole file.
  Handler<ledger::v1::UnpackExchangeResponse, std::string> unpack_exchange;
  Handler<ledger::v1::GetPublishedResponse, ledger::v1::GetPublishedRequest> get_published;
  std::function<absl::Status(const ledger::v1::AddCosignatureRequest&)> add_cosignature;
  Handler<ledger::v1::GetHeldResponse, ledger::v1::GetHeldRequest> get_held;
  Handler<intake::v1::GetReportStatusResponse, intake::v1::GetReportStatusRequest>
      get_report_status;
  Handler<intake::v1::ListReporterMessagesResponse, intake::v1::ListReporterMessagesRequest>
      list_reporter_messages;
  Handler<intake::v1::WriteToOfficeResponse, intake::v1::WriteToOfficeRequest> write_to_office;
  Handler<intake::v1::GetReportReceiptResponse, intake::v1::GetReportReceiptRequest>
      get_report_receipt;
  Handler<command::v1::CommandOutcome, intake::v1::ExecuteBatchRequest> intake;
  Handler<command::v1::CommandOutcome, referral::v1::ExecuteBatchRequest> referral;
  std::function<Answered<attachment::v1::Upload>(const attachment::v1::UploadHeader&,
                                                 const std::function<Answered<std::string>()>&)>
      upload;
  Handler<attachment::v1::GetUploadResponse, attachment::v1::GetUploadRequest> get_upload;
  std::function<absl::Status(
      const attachment::v1::DownloadRequest&,
      const std::function<absl::Status(const attachment::v1::DownloadResponse&)>&)>
      download;
  // With the role of the service.
  Handler<command::v1::CommandOutcome, std::string, command::v1::CommandHeader,
          command::v1::AddAttachment>
      add_attachment;
  Handler<command::v1::CommandOutcome, std::string, command::v1::CommandHeader,
          command::v1::RemoveAttachment>
      remove_attachment;

  std::mutex mutex;
};

// A node that answers so; what is not prescribed is UNIMPLEMENTED. Thread-safe.
class FakeNode : public cli::Node {
 public:
  template <typename Response>
  using Answer = absl::StatusOr<Response>;

  explicit FakeNode(NodeAnswers& answers) : answers_(answers) {}

  Answer<ledger::v1::GetNodeResponse> GetNode() override { return Ask(answers_.get_node); }
  Answer<ledger::v1::GetCheckpointResponse> GetCheckpoint(
      const ledger::v1::GetCheckpointRequest&) override {
    return NotPrescribed();
  }
  Answer<ledger::v1::ListEntriesResponse> ListEntries(
      const ledger::v1::ListEntriesRequest&) override {
    return NotPrescribed();
  }
  Answer<ledger::v1::GetReceiptResponse> GetReceipt(
      const ledger::v1::GetReceiptRequest& request) override {
    return Ask(answers_.get_receipt, request);
  }
  Answer<ledger::v1::ProveInclusionResponse> ProveInclusion(
      const ledger::v1::ProveInclusionRequest&) override {
    return NotPrescribed();
  }
  Answer<ledger::v1::ProveConsistencyResponse> ProveConsistency(
      const ledger::v1::ProveConsistencyRequest&) override {
    return NotPrescribed();
  }
  Answer<ledger::v1::ListPublishedResponse> ListPublished(
      const ledger::v1::ListPublishedRequest&) override {
    return NotPrescribed();
  }
  Answer<ledger::v1::GetCatalogueResponse> GetCatalogue(
      const ledger::v1::GetCatalogueRequest&) override {
    return NotPrescribed();
  }
  Answer<ledger::v1::GetPublishedResponse> GetPublished(
      const ledger::v1::GetPublishedRequest& request) override {
    return Ask(answers_.get_published, request);
  }
  Answer<ledger::v1::GetHeldResponse> GetHeld(const ledger::v1::GetHeldRequest& request) override {
    return Ask(answers_.get_held, request);
  }
  absl::Status AddCosignature(const ledger::v1::AddCosignatureRequest& request) override {
    if (!answers_.add_cosignature) return NotPrescribed();
    return answers_.add_cosignature(request);
  }
  absl::Status TailEntries(const ledger::v1::TailEntriesRequest&,
                           const std::function<bool(const ledger::v1::EntryRecord&)>&) override {
    return NotPrescribed();
  }
  absl::Status WatchCases(
      const query::v1::WatchCasesRequest& request,
      const std::function<bool(const query::v1::WatchCasesResponse&)>& told) override {
    if (!answers_.watch_cases) return NotPrescribed();
    return answers_.watch_cases(request, told);
  }
  Answer<query::v1::GetCaseResponse> GetCase(const query::v1::GetCaseRequest& request) override {
    return Ask(answers_.get_case, request);
  }
  Answer<query::v1::ListCasesResponse> ListCases(
      const query::v1::ListCasesRequest& request) override {
    return Ask(answers_.list_cases, request);
  }
  Answer<query::v1::GetReportResponse> GetReport(
      const query::v1::GetReportRequest& request) override {
    return Ask(answers_.get_report, request);
  }
  Answer<query::v1::ListReportsResponse> ListReports(
      const query::v1::ListReportsRequest&) override {
    return NotPrescribed();
  }
  Answer<query::v1::GetTimelineResponse> GetTimeline(
      const query::v1::GetTimelineRequest& request) override {
    return Ask(answers_.get_timeline, request);
  }
  Answer<query::v1::GetWorklistResponse> GetWorklist(
      const query::v1::GetWorklistRequest& request) override {
    return Ask(answers_.get_worklist, request);
  }
  Answer<query::v1::GetStatisticsResponse> GetStatistics(
      const query::v1::GetStatisticsRequest& request) override {
    return Ask(answers_.get_statistics, request);
  }
  Answer<query::v1::ListDeadlinesResponse> ListDeadlines(
      const query::v1::ListDeadlinesRequest& request) override {
    return Ask(answers_.list_deadlines, request);
  }
  Answer<query::v1::LookUpCasesResponse> LookUpCases(
      const query::v1::LookUpCasesRequest& request) override {
    return Ask(answers_.look_up_cases, request);
  }
  Answer<query::v1::ListReadsResponse> ListReads(
      const query::v1::ListReadsRequest& request) override {
    return Ask(answers_.list_reads, request);
  }
  Answer<ledger::v1::GetAccessResponse> GetAccess() override { return Ask(answers_.get_access); }
  absl::Status ConfirmClock(const ledger::v1::ConfirmClockRequest& request) override {
    return Ask(answers_.confirm_clock, request);
  }
  Answer<ledger::v1::ExchangeSummary> PackExchange(
      const ledger::v1::PackExchangeRequest& request,
      const std::function<absl::Status(absl::string_view)>& chunk) override {
    const auto packed = Ask(answers_.pack_exchange, request);
    if (!packed.ok()) return packed.status();
    const absl::Status kept = chunk(packed->first);
    if (!kept.ok()) return kept;
    return packed->second;
  }
  Answer<ledger::v1::UnpackExchangeResponse> UnpackExchange(
      const std::function<Answer<std::string>()>& chunk) override {
    std::string file;
    while (true) {
      const Answer<std::string> part = chunk();
      if (!part.ok()) return part.status();
      if (part->empty()) return Ask(answers_.unpack_exchange, file);
      file += *part;
    }
  }
  absl::Status ResumeLink(const ledger::v1::ResumeLinkRequest& request) override {
    return Ask(answers_.resume_link, request);
  }
  Answer<ledger::v1::CreateBackupResponse> CreateBackup(
      const ledger::v1::CreateBackupRequest& request) override {
    return Ask(answers_.create_backup, request);
  }
  absl::Status ConfirmRestored(const ledger::v1::ConfirmRestoredRequest& request) override {
    return Ask(answers_.confirm_restored, request);
  }
  Answer<intake::v1::GetReportStatusResponse> GetReportStatus(
      const intake::v1::GetReportStatusRequest& request) override {
    return Ask(answers_.get_report_status, request);
  }
  Answer<intake::v1::ListReporterMessagesResponse> ListReporterMessages(
      const intake::v1::ListReporterMessagesRequest& request) override {
    return Ask(answers_.list_reporter_messages, request);
  }
  Answer<intake::v1::WriteToOfficeResponse> WriteToOffice(
      const intake::v1::WriteToOfficeRequest& request) override {
    return Ask(answers_.write_to_office, request);
  }
  Answer<intake::v1::GetReportReceiptResponse> GetReportReceipt(
      const intake::v1::GetReportReceiptRequest& request) override {
    return Ask(answers_.get_report_receipt, request);
  }
  Answer<intake::v1::BreakGlassResponse> BreakGlass(const intake::v1::BreakGlassRequest&) override {
    return NotPrescribed();
  }
  Answer<intake::v1::ListBreakGlassResponse> ListBreakGlass(
      const intake::v1::ListBreakGlassRequest&) override {
    return NotPrescribed();
  }
  Answer<command::v1::CommandOutcome> ReviewBreakGlass(
      const intake::v1::ReviewBreakGlassRequest&) override {
    return NotPrescribed();
  }
  Answer<command::v1::CommandOutcome> Execute(
      const intake::v1::ExecuteBatchRequest& request) override {
    return Ask(answers_.intake, request);
  }
  Answer<command::v1::CommandOutcome> Execute(
      const referral::v1::ExecuteBatchRequest& request) override {
    return Ask(answers_.referral, request);
  }
  Answer<command::v1::CommandOutcome> Execute(const sanction::v1::ExecuteBatchRequest&) override {
    return NotPrescribed();
  }
  Answer<command::v1::CommandOutcome> Execute(
      const intake::v1::AddAttachmentRequest& request) override {
    return Order(answers_.add_attachment, "intake", request);
  }
  Answer<command::v1::CommandOutcome> Execute(
      const referral::v1::AddAttachmentRequest& request) override {
    return Order(answers_.add_attachment, "referral", request);
  }
  Answer<command::v1::CommandOutcome> Execute(
      const sanction::v1::AddAttachmentRequest& request) override {
    return Order(answers_.add_attachment, "sanction", request);
  }
  Answer<command::v1::CommandOutcome> Execute(
      const intake::v1::RemoveAttachmentRequest& request) override {
    return Order(answers_.remove_attachment, "intake", request);
  }
  Answer<command::v1::CommandOutcome> Execute(
      const referral::v1::RemoveAttachmentRequest& request) override {
    return Order(answers_.remove_attachment, "referral", request);
  }
  Answer<command::v1::CommandOutcome> Execute(
      const sanction::v1::RemoveAttachmentRequest& request) override {
    return Order(answers_.remove_attachment, "sanction", request);
  }
  Answer<attachment::v1::Upload> Upload(
      const attachment::v1::UploadHeader& header,
      const std::function<Answer<std::string>()>& chunk) override {
    return Ask(answers_.upload, header, chunk);
  }
  Answer<attachment::v1::GetUploadResponse> GetUpload(
      const attachment::v1::GetUploadRequest& request) override {
    return Ask(answers_.get_upload, request);
  }
  absl::Status Download(
      const attachment::v1::DownloadRequest& request,
      const std::function<absl::Status(const attachment::v1::DownloadResponse&)>& piece) override {
    return Ask(answers_.download, request, piece);
  }

 private:
  static absl::Status NotPrescribed() { return absl::UnimplementedError("not prescribed"); }

  template <typename Handler, typename... Request>
  auto Ask(const Handler& handler, const Request&... request) -> decltype(handler(request...)) {
    const std::lock_guard lock(answers_.mutex);
    if (!handler) return NotPrescribed();
    return handler(request...);
  }

  template <typename Handler, typename Request>
  Answer<command::v1::CommandOutcome> Order(const Handler& handler, const std::string& role,
                                            const Request& request) {
    return Ask(handler, role, request.header(), request.command());
  }

  NodeAnswers& answers_;
};

}  // namespace selaras::test
