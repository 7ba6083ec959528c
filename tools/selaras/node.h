#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/attachment/v1/attachment.pb.h"
#include "selaras/intake/v1/emergency.pb.h"
#include "selaras/intake/v1/intake.pb.h"
#include "selaras/intake/v1/reporter.pb.h"
#include "selaras/ledger/v1/ledger.pb.h"
#include "selaras/ledger/v1/operations.pb.h"
#include "selaras/ledger/v1/recovery.pb.h"
#include "selaras/ledger/v1/witness.pb.h"
#include "selaras/query/v1/query.pb.h"
#include "selaras/query/v1/statistics.pb.h"
#include "selaras/referral/v1/referral.pb.h"
#include "selaras/sanction/v1/sanction.pb.h"

namespace selaras::cli {

// What can be asked about logs, of a node as of a store on disk. Thread-safe.
class Ledger {
 public:
  virtual ~Ledger() = default;

  virtual absl::StatusOr<ledger::v1::GetNodeResponse> GetNode() = 0;
  virtual absl::StatusOr<ledger::v1::GetCheckpointResponse> GetCheckpoint(
      const ledger::v1::GetCheckpointRequest& request) = 0;
  virtual absl::StatusOr<ledger::v1::ListEntriesResponse> ListEntries(
      const ledger::v1::ListEntriesRequest& request) = 0;
  virtual absl::StatusOr<ledger::v1::GetReceiptResponse> GetReceipt(
      const ledger::v1::GetReceiptRequest& request) = 0;
  virtual absl::StatusOr<ledger::v1::ProveInclusionResponse> ProveInclusion(
      const ledger::v1::ProveInclusionRequest& request) = 0;
  virtual absl::StatusOr<ledger::v1::ProveConsistencyResponse> ProveConsistency(
      const ledger::v1::ProveConsistencyRequest& request) = 0;
  virtual absl::StatusOr<ledger::v1::ListPublishedResponse> ListPublished(
      const ledger::v1::ListPublishedRequest& request) = 0;
  virtual absl::StatusOr<ledger::v1::GetCatalogueResponse> GetCatalogue(
      const ledger::v1::GetCatalogueRequest& request) = 0;
};

// What can be asked about cases and reports, of a node as of a store on disk. Thread-safe.
class CaseSource {
 public:
  virtual ~CaseSource() = default;

  virtual absl::StatusOr<query::v1::GetCaseResponse> GetCase(
      const query::v1::GetCaseRequest& request) = 0;
  virtual absl::StatusOr<query::v1::ListCasesResponse> ListCases(
      const query::v1::ListCasesRequest& request) = 0;
  virtual absl::StatusOr<query::v1::LookUpCasesResponse> LookUpCases(
      const query::v1::LookUpCasesRequest& request) = 0;
  virtual absl::StatusOr<query::v1::GetReportResponse> GetReport(
      const query::v1::GetReportRequest& request) = 0;
  virtual absl::StatusOr<query::v1::ListReportsResponse> ListReports(
      const query::v1::ListReportsRequest& request) = 0;
  virtual absl::StatusOr<query::v1::GetTimelineResponse> GetTimeline(
      const query::v1::GetTimelineRequest& request) = 0;
  virtual absl::StatusOr<query::v1::GetWorklistResponse> GetWorklist(
      const query::v1::GetWorklistRequest& request) = 0;
  virtual absl::StatusOr<query::v1::ListDeadlinesResponse> ListDeadlines(
      const query::v1::ListDeadlinesRequest& request) = 0;
  virtual absl::StatusOr<query::v1::ListReadsResponse> ListReads(
      const query::v1::ListReadsRequest& request) = 0;
  virtual absl::StatusOr<query::v1::GetStatisticsResponse> GetStatistics(
      const query::v1::GetStatisticsRequest& request) = 0;
};

// A node, as its callers see it: what gRPC offers, without gRPC. Errors carry what the node said
// about them; see error_text.h. UNAVAILABLE and DEADLINE_EXCEEDED leave open whether a command was
// done: the same request id tells. Thread-safe; every call has a deadline.
class Node : public Ledger, public CaseSource {
 public:
  // Calls `entry` for every entry from request.start on, as they are written, until it answers
  // false or the node ends the stream. Has no deadline.
  virtual absl::Status TailEntries(
      const ledger::v1::TailEntriesRequest& request,
      const std::function<bool(const ledger::v1::EntryRecord& entry)>& entry) = 0;

  // Calls `told` for every answer until it answers false or the node ends the stream. Has no
  // deadline.
  virtual absl::Status WatchCases(
      const query::v1::WatchCasesRequest& request,
      const std::function<bool(const query::v1::WatchCasesResponse& told)>& told) = 0;

  virtual absl::StatusOr<ledger::v1::GetAccessResponse> GetAccess() = 0;

  // With the certificate of an operator only.
  virtual absl::Status ConfirmClock(const ledger::v1::ConfirmClockRequest& request) = 0;
  // Hands the file to `chunk` bit by bit, whose first error ends it. Has no deadline.
  virtual absl::StatusOr<ledger::v1::ExchangeSummary> PackExchange(
      const ledger::v1::PackExchangeRequest& request,
      const std::function<absl::Status(absl::string_view bytes)>& chunk) = 0;
  // Sends what `chunk` gives until it gives nothing more. Has no deadline.
  virtual absl::StatusOr<ledger::v1::UnpackExchangeResponse> UnpackExchange(
      const std::function<absl::StatusOr<std::string>()>& chunk) = 0;
  virtual absl::Status ResumeLink(const ledger::v1::ResumeLinkRequest& request) = 0;
  virtual absl::StatusOr<ledger::v1::CreateBackupResponse> CreateBackup(
      const ledger::v1::CreateBackupRequest& request) = 0;
  virtual absl::Status ConfirmRestored(const ledger::v1::ConfirmRestoredRequest& request) = 0;

  // With the certificate of a witness only.
  virtual absl::StatusOr<ledger::v1::GetPublishedResponse> GetPublished(
      const ledger::v1::GetPublishedRequest& request) = 0;
  virtual absl::Status AddCosignature(const ledger::v1::AddCosignatureRequest& request) = 0;

  // With the certificate of a peer's node only: what is held of its log.
  virtual absl::StatusOr<ledger::v1::GetHeldResponse> GetHeld(
      const ledger::v1::GetHeldRequest& request) = 0;

  // With the certificate of Bawaslu's portal only.
  virtual absl::StatusOr<intake::v1::GetReportStatusResponse> GetReportStatus(
      const intake::v1::GetReportStatusRequest& request) = 0;
  virtual absl::StatusOr<intake::v1::ListReporterMessagesResponse> ListReporterMessages(
      const intake::v1::ListReporterMessagesRequest& request) = 0;
  virtual absl::StatusOr<intake::v1::WriteToOfficeResponse> WriteToOffice(
      const intake::v1::WriteToOfficeRequest& request) = 0;
  virtual absl::StatusOr<intake::v1::GetReportReceiptResponse> GetReportReceipt(
      const intake::v1::GetReportReceiptRequest& request) = 0;

  // On a node of Bawaslu only.
  virtual absl::StatusOr<intake::v1::BreakGlassResponse> BreakGlass(
      const intake::v1::BreakGlassRequest& request) = 0;
  virtual absl::StatusOr<intake::v1::ListBreakGlassResponse> ListBreakGlass(
      const intake::v1::ListBreakGlassRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> ReviewBreakGlass(
      const intake::v1::ReviewBreakGlassRequest& request) = 0;

  // Sends the document, from header.offset on, as `chunk` gives it until it gives nothing more.
  // Answers how far the upload is; after an error GetUpload tells. Has no deadline.
  virtual absl::StatusOr<attachment::v1::Upload> Upload(
      const attachment::v1::UploadHeader& header,
      const std::function<absl::StatusOr<std::string>()>& chunk) = 0;
  virtual absl::StatusOr<attachment::v1::GetUploadResponse> GetUpload(
      const attachment::v1::GetUploadRequest& request) = 0;
  // Hands the document to `piece` bit by bit, whose first error ends it. Has no deadline.
  virtual absl::Status Download(
      const attachment::v1::DownloadRequest& request,
      const std::function<absl::Status(const attachment::v1::DownloadResponse& piece)>& piece) = 0;

  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const intake::v1::ExecuteBatchRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const referral::v1::ExecuteBatchRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const sanction::v1::ExecuteBatchRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const intake::v1::AddAttachmentRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const referral::v1::AddAttachmentRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const sanction::v1::AddAttachmentRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const intake::v1::RemoveAttachmentRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const referral::v1::RemoveAttachmentRequest& request) = 0;
  virtual absl::StatusOr<command::v1::CommandOutcome> Execute(
      const sanction::v1::RemoveAttachmentRequest& request) = 0;
};

}  // namespace selaras::cli
