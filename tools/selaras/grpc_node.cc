#include "tools/selaras/grpc_node.h"

#include <algorithm>
#include <string>
#include <utility>

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include "selaras/attachment/v1/attachment.grpc.pb.h"
#include "selaras/intake/v1/emergency.grpc.pb.h"
#include "selaras/intake/v1/intake.grpc.pb.h"
#include "selaras/intake/v1/reporter.grpc.pb.h"
#include "selaras/ledger/v1/ledger.grpc.pb.h"
#include "selaras/ledger/v1/operations.grpc.pb.h"
#include "selaras/ledger/v1/recovery.grpc.pb.h"
#include "selaras/ledger/v1/witness.grpc.pb.h"
#include "selaras/query/v1/query.grpc.pb.h"
#include "selaras/query/v1/statistics.grpc.pb.h"
#include "selaras/referral/v1/referral.grpc.pb.h"
#include "selaras/sanction/v1/sanction.grpc.pb.h"

#include "storage/base/status.h"
#include "tools/selaras/channel.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

bool IsWithheld(query::v1::PersonalState state) {
  return state == query::v1::PERSONAL_STATE_WITHHELD;
}

bool AnyWithheld(const auto& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [](const auto& part) { return IsWithheld(part.personal()); });
}

// Whether something is left out of the answer because it could not be recorded that it is read.
bool IsWithheld(const query::v1::GetCaseResponse& answer) {
  return IsWithheld(answer.case_().personal());
}
bool IsWithheld(const query::v1::ListCasesResponse& answer) { return AnyWithheld(answer.cases()); }
bool IsWithheld(const query::v1::GetReportResponse& answer) {
  return IsWithheld(answer.report().personal());
}
bool IsWithheld(const query::v1::ListReportsResponse& answer) {
  return AnyWithheld(answer.reports());
}
bool IsWithheld(const query::v1::GetWorklistResponse& answer) {
  return AnyWithheld(answer.items());
}
bool IsWithheld(const query::v1::GetTimelineResponse& answer) {
  return std::any_of(answer.steps().begin(), answer.steps().end(),
                     [](const auto& step) { return IsWithheld(step.personal_state()); });
}
bool IsWithheld(const query::v1::LookUpCasesResponse& /*answer*/) { return false; }
bool IsWithheld(const query::v1::ListReadsResponse& /*answer*/) { return false; }

class GrpcNode final : public Node {
 public:
  GrpcNode(NodeAddress address, const std::shared_ptr<grpc::Channel>& channel)
      : address_(std::move(address)),
        ledger_(ledger::v1::LedgerService::NewStub(channel)),
        operations_(ledger::v1::OperationsService::NewStub(channel)),
        witness_(ledger::v1::WitnessService::NewStub(channel)),
        recovery_(ledger::v1::RecoveryService::NewStub(channel)),
        query_(query::v1::QueryService::NewStub(channel)),
        statistics_(query::v1::StatisticsService::NewStub(channel)),
        intake_(intake::v1::IntakeService::NewStub(channel)),
        reporter_(intake::v1::ReporterService::NewStub(channel)),
        emergency_(intake::v1::EmergencyService::NewStub(channel)),
        referral_(referral::v1::ReferralService::NewStub(channel)),
        sanction_(sanction::v1::SanctionService::NewStub(channel)),
        attachments_(attachment::v1::AttachmentService::NewStub(channel)) {}

  absl::StatusOr<ledger::v1::GetNodeResponse> GetNode() override {
    return Call(*ledger_, &LedgerStub::GetNode, ledger::v1::GetNodeRequest());
  }
  absl::StatusOr<ledger::v1::GetCheckpointResponse> GetCheckpoint(
      const ledger::v1::GetCheckpointRequest& request) override {
    return Call(*ledger_, &LedgerStub::GetCheckpoint, request);
  }
  absl::StatusOr<ledger::v1::ListEntriesResponse> ListEntries(
      const ledger::v1::ListEntriesRequest& request) override {
    return Call(*ledger_, &LedgerStub::ListEntries, request);
  }
  absl::StatusOr<ledger::v1::GetReceiptResponse> GetReceipt(
      const ledger::v1::GetReceiptRequest& request) override {
    return Call(*ledger_, &LedgerStub::GetReceipt, request);
  }
  absl::StatusOr<ledger::v1::ProveInclusionResponse> ProveInclusion(
      const ledger::v1::ProveInclusionRequest& request) override {
    return Call(*ledger_, &LedgerStub::ProveInclusion, request);
  }
  absl::StatusOr<ledger::v1::ProveConsistencyResponse> ProveConsistency(
      const ledger::v1::ProveConsistencyRequest& request) override {
    return Call(*ledger_, &LedgerStub::ProveConsistency, request);
  }
  absl::StatusOr<ledger::v1::ListPublishedResponse> ListPublished(
      const ledger::v1::ListPublishedRequest& request) override {
    return Call(*ledger_, &LedgerStub::ListPublished, request);
  }
  absl::StatusOr<ledger::v1::GetCatalogueResponse> GetCatalogue(
      const ledger::v1::GetCatalogueRequest& request) override {
    return Call(*ledger_, &LedgerStub::GetCatalogue, request);
  }
  absl::StatusOr<query::v1::GetCaseResponse> GetCase(
      const query::v1::GetCaseRequest& request) override {
    return Read(&QueryStub::GetCase, request);
  }
  absl::StatusOr<query::v1::ListCasesResponse> ListCases(
      const query::v1::ListCasesRequest& request) override {
    return Read(&QueryStub::ListCases, request);
  }
  absl::StatusOr<query::v1::GetReportResponse> GetReport(
      const query::v1::GetReportRequest& request) override {
    return Read(&QueryStub::GetReport, request);
  }
  absl::StatusOr<query::v1::ListReportsResponse> ListReports(
      const query::v1::ListReportsRequest& request) override {
    return Read(&QueryStub::ListReports, request);
  }
  absl::StatusOr<query::v1::GetStatisticsResponse> GetStatistics(
      const query::v1::GetStatisticsRequest& request) override {
    return Call(*statistics_, &query::v1::StatisticsService::Stub::GetStatistics, request);
  }
  absl::StatusOr<query::v1::GetTimelineResponse> GetTimeline(
      const query::v1::GetTimelineRequest& request) override {
    return Read(&QueryStub::GetTimeline, request);
  }
  absl::StatusOr<query::v1::GetWorklistResponse> GetWorklist(
      const query::v1::GetWorklistRequest& request) override {
    return Read(&QueryStub::GetWorklist, request);
  }

  absl::StatusOr<query::v1::ListDeadlinesResponse> ListDeadlines(
      const query::v1::ListDeadlinesRequest& request) override {
    return Call(*query_, &QueryStub::ListDeadlines, request);
  }
  absl::StatusOr<query::v1::LookUpCasesResponse> LookUpCases(
      const query::v1::LookUpCasesRequest& request) override {
    return Read(&QueryStub::LookUpCases, request);
  }
  absl::StatusOr<query::v1::ListReadsResponse> ListReads(
      const query::v1::ListReadsRequest& request) override {
    return Read(&QueryStub::ListReads, request);
  }
  absl::StatusOr<ledger::v1::GetAccessResponse> GetAccess() override {
    return Call(*ledger_, &LedgerStub::GetAccess, ledger::v1::GetAccessRequest());
  }
  absl::Status ConfirmClock(const ledger::v1::ConfirmClockRequest& request) override {
    return Call(*operations_, &OperationsStub::ConfirmClock, request).status();
  }
  absl::StatusOr<ledger::v1::ExchangeSummary> PackExchange(
      const ledger::v1::PackExchangeRequest& request,
      const std::function<absl::Status(absl::string_view bytes)>& chunk) override {
    grpc::ClientContext context;
    ledger::v1::ExchangeSummary summary;
    RETURN_IF_ERROR(ReceiveAll<ledger::v1::PackExchangeResponse>(
        context, *operations_->PackExchange(&context, request),
        [&](const ledger::v1::PackExchangeResponse& response) {
          if (response.has_summary()) summary = response.summary();
          return chunk(response.chunk());
        }));
    return summary;
  }
  absl::StatusOr<ledger::v1::UnpackExchangeResponse> UnpackExchange(
      const std::function<absl::StatusOr<std::string>()>& chunk) override {
    grpc::ClientContext context;
    return SendAll<ledger::v1::UnpackExchangeResponse>(
        context, *operations_->UnpackExchange(&context), chunk,
        [request = ledger::v1::UnpackExchangeRequest()](std::string part) mutable -> auto& {
          request.set_chunk(std::move(part));
          return request;
        });
  }
  absl::Status ResumeLink(const ledger::v1::ResumeLinkRequest& request) override {
    return Call(*operations_, &OperationsStub::ResumeLink, request).status();
  }
  absl::StatusOr<ledger::v1::CreateBackupResponse> CreateBackup(
      const ledger::v1::CreateBackupRequest& request) override {
    return Call(*operations_, &OperationsStub::CreateBackup, request);
  }
  absl::Status ConfirmRestored(const ledger::v1::ConfirmRestoredRequest& request) override {
    return Call(*operations_, &OperationsStub::ConfirmRestored, request).status();
  }
  absl::StatusOr<ledger::v1::GetPublishedResponse> GetPublished(
      const ledger::v1::GetPublishedRequest& request) override {
    return Call(*witness_, &WitnessStub::GetPublished, request);
  }
  absl::Status AddCosignature(const ledger::v1::AddCosignatureRequest& request) override {
    return Call(*witness_, &WitnessStub::AddCosignature, request).status();
  }
  absl::StatusOr<ledger::v1::GetHeldResponse> GetHeld(
      const ledger::v1::GetHeldRequest& request) override {
    return Call(*recovery_, &RecoveryStub::GetHeld, request);
  }
  absl::StatusOr<intake::v1::GetReportStatusResponse> GetReportStatus(
      const intake::v1::GetReportStatusRequest& request) override {
    return Call(*reporter_, &ReporterStub::GetReportStatus, request);
  }
  absl::StatusOr<intake::v1::ListReporterMessagesResponse> ListReporterMessages(
      const intake::v1::ListReporterMessagesRequest& request) override {
    return Call(*reporter_, &ReporterStub::ListReporterMessages, request);
  }
  absl::StatusOr<intake::v1::WriteToOfficeResponse> WriteToOffice(
      const intake::v1::WriteToOfficeRequest& request) override {
    return Call(*reporter_, &ReporterStub::WriteToOffice, request);
  }
  absl::StatusOr<intake::v1::GetReportReceiptResponse> GetReportReceipt(
      const intake::v1::GetReportReceiptRequest& request) override {
    return Call(*reporter_, &ReporterStub::GetReportReceipt, request);
  }
  absl::StatusOr<intake::v1::BreakGlassResponse> BreakGlass(
      const intake::v1::BreakGlassRequest& request) override {
    return Call(*emergency_, &EmergencyStub::BreakGlass, request);
  }
  absl::StatusOr<intake::v1::ListBreakGlassResponse> ListBreakGlass(
      const intake::v1::ListBreakGlassRequest& request) override {
    return Call(*emergency_, &EmergencyStub::ListBreakGlass, request);
  }
  absl::StatusOr<command::v1::CommandOutcome> ReviewBreakGlass(
      const intake::v1::ReviewBreakGlassRequest& request) override {
    return OutcomeOf(Call(*emergency_, &EmergencyStub::ReviewBreakGlass, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const intake::v1::ExecuteBatchRequest& request) override {
    return OutcomeOf(Call(*intake_, &intake::v1::IntakeService::Stub::ExecuteBatch, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const referral::v1::ExecuteBatchRequest& request) override {
    return OutcomeOf(Call(*referral_, &referral::v1::ReferralService::Stub::ExecuteBatch, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const sanction::v1::ExecuteBatchRequest& request) override {
    return OutcomeOf(Call(*sanction_, &sanction::v1::SanctionService::Stub::ExecuteBatch, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const intake::v1::AddAttachmentRequest& request) override {
    return OutcomeOf(Call(*intake_, &intake::v1::IntakeService::Stub::AddAttachment, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const referral::v1::AddAttachmentRequest& request) override {
    return OutcomeOf(
        Call(*referral_, &referral::v1::ReferralService::Stub::AddAttachment, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const sanction::v1::AddAttachmentRequest& request) override {
    return OutcomeOf(
        Call(*sanction_, &sanction::v1::SanctionService::Stub::AddAttachment, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const intake::v1::RemoveAttachmentRequest& request) override {
    return OutcomeOf(Call(*intake_, &intake::v1::IntakeService::Stub::RemoveAttachment, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const referral::v1::RemoveAttachmentRequest& request) override {
    return OutcomeOf(
        Call(*referral_, &referral::v1::ReferralService::Stub::RemoveAttachment, request));
  }
  absl::StatusOr<command::v1::CommandOutcome> Execute(
      const sanction::v1::RemoveAttachmentRequest& request) override {
    return OutcomeOf(
        Call(*sanction_, &sanction::v1::SanctionService::Stub::RemoveAttachment, request));
  }

  absl::StatusOr<attachment::v1::Upload> Upload(
      const attachment::v1::UploadHeader& header,
      const std::function<absl::StatusOr<std::string>()>& chunk) override {
    grpc::ClientContext context;
    const auto stream = attachments_->Upload(&context);
    attachment::v1::UploadRequest request;
    *request.mutable_header() = header;
    stream->Write(request);  // if it fails, so does the next one
    ASSIGN_OR_RETURN(auto response, SendAll<attachment::v1::UploadResponse>(
                                        context, *stream, chunk, [&](std::string part) -> auto& {
                                          request.set_data(std::move(part));
                                          return request;
                                        }));
    return std::move(*response.mutable_upload());
  }
  absl::StatusOr<attachment::v1::GetUploadResponse> GetUpload(
      const attachment::v1::GetUploadRequest& request) override {
    return Call(*attachments_, &attachment::v1::AttachmentService::Stub::GetUpload, request);
  }
  absl::Status Download(
      const attachment::v1::DownloadRequest& request,
      const std::function<absl::Status(const attachment::v1::DownloadResponse& piece)>& piece)
      override {
    grpc::ClientContext context;
    attachment::v1::DownloadRequest with_reading = request;
    *with_reading.mutable_reading() = address_.reading;
    return ReceiveAll<attachment::v1::DownloadResponse>(
        context, *attachments_->Download(&context, with_reading), piece);
  }

  absl::Status TailEntries(
      const ledger::v1::TailEntriesRequest& request,
      const std::function<bool(const ledger::v1::EntryRecord& entry)>& entry) override {
    grpc::ClientContext context;
    const auto stream = ledger_->TailEntries(&context, request);
    ledger::v1::TailEntriesResponse response;
    while (stream->Read(&response)) {
      if (entry(response.entry())) continue;
      context.TryCancel();
      stream->Finish();
      return absl::OkStatus();
    }
    return StatusOf(stream->Finish(), address_.address);
  }
  absl::Status WatchCases(
      const query::v1::WatchCasesRequest& request,
      const std::function<bool(const query::v1::WatchCasesResponse& told)>& told) override {
    grpc::ClientContext context;
    const auto stream = query_->WatchCases(&context, request);
    query::v1::WatchCasesResponse response;
    while (stream->Read(&response)) {
      if (told(response)) continue;
      context.TryCancel();
      stream->Finish();
      return absl::OkStatus();
    }
    return StatusOf(stream->Finish(), address_.address);
  }

 private:
  using LedgerStub = ledger::v1::LedgerService::Stub;
  using OperationsStub = ledger::v1::OperationsService::Stub;
  using QueryStub = query::v1::QueryService::Stub;
  using WitnessStub = ledger::v1::WitnessService::Stub;
  using RecoveryStub = ledger::v1::RecoveryService::Stub;
  using EmergencyStub = intake::v1::EmergencyService::Stub;
  using ReporterStub = intake::v1::ReporterService::Stub;

  template <typename Request, typename Response>
  absl::StatusOr<Response> Read(grpc::Status (QueryStub::*method)(grpc::ClientContext*,
                                                                  const Request&, Response*),
                                Request request) const {
    *request.mutable_reading() = address_.reading;
    absl::StatusOr<Response> response = Call(*query_, method, request);
    if (response.ok() && !address_.takes_withheld && IsWithheld(*response)) {
      return PersonalDataWithheld();
    }
    return response;
  }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    context.set_deadline(gpr_time_add(
        gpr_now(GPR_CLOCK_REALTIME),
        gpr_time_from_millis(absl::ToInt64Milliseconds(address_.timeout), GPR_TIMESPAN)));
    Response response;
    RETURN_IF_ERROR(StatusOf((stub.*method)(&context, request, &response), address_.address));
    return response;
  }

  // Hands over all that comes, until `take` answers with an error, which ends the call.
  template <typename Response, typename Stream, typename Take>
  absl::Status ReceiveAll(grpc::ClientContext& context, Stream& stream, const Take& take) const {
    Response response;
    absl::Status taken;
    while (taken.ok() && stream.Read(&response)) taken = take(response);
    if (!taken.ok()) context.TryCancel();
    const grpc::Status ended = stream.Finish();
    RETURN_IF_ERROR(taken);
    return StatusOf(ended, address_.address);
  }

  // Sends the parts that `chunk` gives, each in a request, until it gives nothing more; gives the
  // last answer.
  template <typename Response, typename Stream, typename RequestOf>
  absl::StatusOr<Response> SendAll(grpc::ClientContext& context, Stream& stream,
                                   const std::function<absl::StatusOr<std::string>()>& chunk,
                                   RequestOf request_of) const {
    absl::Status given;
    while (true) {
      absl::StatusOr<std::string> part = chunk();
      given = part.status();
      if (!given.ok() || part->empty() || !stream.Write(request_of(*std::move(part)))) break;
    }
    if (!given.ok()) context.TryCancel();
    stream.WritesDone();
    Response response;
    while (stream.Read(&response)) {
    }
    const grpc::Status ended = stream.Finish();
    RETURN_IF_ERROR(given);
    RETURN_IF_ERROR(StatusOf(ended, address_.address));
    return response;
  }

  template <typename Response>
  static absl::StatusOr<command::v1::CommandOutcome> OutcomeOf(absl::StatusOr<Response> response) {
    if (!response.ok()) return response.status();
    return std::move(*response->mutable_outcome());
  }

  const NodeAddress address_;
  const std::unique_ptr<ledger::v1::LedgerService::Stub> ledger_;
  const std::unique_ptr<ledger::v1::OperationsService::Stub> operations_;
  const std::unique_ptr<ledger::v1::WitnessService::Stub> witness_;
  const std::unique_ptr<ledger::v1::RecoveryService::Stub> recovery_;
  const std::unique_ptr<query::v1::QueryService::Stub> query_;
  const std::unique_ptr<query::v1::StatisticsService::Stub> statistics_;
  const std::unique_ptr<intake::v1::IntakeService::Stub> intake_;
  const std::unique_ptr<intake::v1::ReporterService::Stub> reporter_;
  const std::unique_ptr<intake::v1::EmergencyService::Stub> emergency_;
  const std::unique_ptr<referral::v1::ReferralService::Stub> referral_;
  const std::unique_ptr<sanction::v1::SanctionService::Stub> sanction_;
  const std::unique_ptr<attachment::v1::AttachmentService::Stub> attachments_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Node>> ConnectNode(const NodeAddress& address) {
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> channel, OpenChannel(address));
  return std::make_unique<GrpcNode>(address, channel);
}

}  // namespace selaras::cli
