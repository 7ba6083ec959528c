#include "services/intake/service.h"

#include <utility>

#include "selaras/intake/v1/intake.pb.h"

#include "services/serve/command_service.h"

namespace selaras::intake {

namespace {

using Batch = v1::ExecuteBatchRequest;

// The code is in no entry and no row: it is derived anew for whoever repeats the request.
void ServeReceiptCodes(rpc::Service& service, node::Sequencer& sequencer,
                       const node::NodeKeys& keys) {
  service.UnaryLater<v1::IssueReceiptCodeRequest, v1::IssueReceiptCodeResponse>(
      "IssueReceiptCode", [&sequencer, &keys](const v1::IssueReceiptCodeRequest& request,
                                              v1::IssueReceiptCodeResponse* response,
                                              const rpc::CallInfo& call, const rpc::Done& done) {
        auto body = std::make_shared<Batch>();
        *body->add_commands()->mutable_issue_receipt_code() = request.command();
        const rpc::Done with_code([&request, response, &keys, done](const absl::Status& status) {
          const auto& header = request.header();
          if (status.ok() && !header.validate_only()) {
            response->set_receipt_code(keys.ReceiptCode(
                header.authority(), request.command().report_id(), header.request_id()));
          }
          done(status);
        });
        serve::SubmitCommand(sequencer,
                             serve::RequestOf(request.header(), std::move(body), call, true),
                             response, with_code);
      });
}

}  // namespace

std::unique_ptr<rpc::Service> MakeService(const serve::Parts& parts) {
  node::Sequencer& sequencer = parts.sequencer;
  auto service =
      std::make_unique<rpc::Service>("selaras.intake.v1.IntakeService", parts.access, parts.log);
  ServeReceiptCodes(*service, sequencer, parts.engine.keys());
  serve::ServeCommand<v1::SendReporterMessageRequest, v1::SendReporterMessageResponse, Batch>(
      *service, "SendReporterMessage", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_send_reporter_message() = body;
      });
  serve::ServeCommand<v1::ReceiveReportRequest, v1::ReceiveReportResponse, Batch>(
      *service, "ReceiveReport", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_receive_report() = body;
      });
  serve::ServeCommand<v1::NameRespondentRequest, v1::NameRespondentResponse, Batch>(
      *service, "NameRespondent", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_name_respondent() = body;
      });
  serve::ServeCommand<v1::IdentifyRespondentRequest, v1::IdentifyRespondentResponse, Batch>(
      *service, "IdentifyRespondent", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_identify_respondent() = body;
      });
  serve::ServeCommand<v1::ReviewCaseRequest, v1::ReviewCaseResponse, Batch>(
      *service, "ReviewCase", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_review_case() = body; });
  serve::ServeCommand<v1::ConcludeCaseRequest, v1::ConcludeCaseResponse, Batch>(
      *service, "ConcludeCase", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_conclude_case() = body;
      });
  serve::ServeCommand<v1::ReferCaseRequest, v1::ReferCaseResponse, Batch>(
      *service, "ReferCase", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_refer_case() = body; });
  serve::ServeCommand<v1::RequestCompletionRequest, v1::RequestCompletionResponse, Batch>(
      *service, "RequestCompletion", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_request_completion() = body;
      });
  serve::ServeCommand<v1::CompleteReportRequest, v1::CompleteReportResponse, Batch>(
      *service, "CompleteReport", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_complete_report() = body;
      });
  serve::ServeCommand<v1::TraceReportRequest, v1::TraceReportResponse, Batch>(
      *service, "TraceReport", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_trace_report() = body; });
  serve::ServeCommand<v1::RegisterReportRequest, v1::RegisterReportResponse, Batch>(
      *service, "RegisterReport", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_register_report() = body;
      });
  serve::ServeCommand<v1::AdoptReportRequest, v1::AdoptReportResponse, Batch>(
      *service, "AdoptReport", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_adopt_report() = body; });
  serve::ServeCommand<v1::OpenTrackRequest, v1::OpenTrackResponse, Batch>(
      *service, "OpenTrack", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_open_track() = body; });
  serve::ServeCommand<v1::EndTrackRequest, v1::EndTrackResponse, Batch>(
      *service, "EndTrack", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_end_track() = body; });
  serve::ServeCommand<v1::ClarifyRespondentRequest, v1::ClarifyRespondentResponse, Batch>(
      *service, "ClarifyRespondent", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_clarify_respondent() = body;
      });
  serve::ServeCommand<v1::LinkCaseRequest, v1::LinkCaseResponse, Batch>(
      *service, "LinkCase", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_link_case() = body; });
  serve::ServeCommand<v1::HandElsewhereRequest, v1::HandElsewhereResponse, Batch>(
      *service, "HandElsewhere", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_hand_elsewhere() = body;
      });
  serve::ServeCommand<v1::SupplementCaseRequest, v1::SupplementCaseResponse, Batch>(
      *service, "SupplementCase", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_supplement_case() = body;
      });
  serve::ServeCommand<v1::DelegateCaseRequest, v1::DelegateCaseResponse, Batch>(
      *service, "DelegateCase", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_delegate_case() = body;
      });
  serve::ServeCommand<v1::ReceiveDelegatedCaseRequest, v1::ReceiveDelegatedCaseResponse, Batch>(
      *service, "ReceiveDelegatedCase", sequencer,
      [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_receive_delegated_case() = body;
      });
  serve::ServeCommand<v1::TakeOverCaseRequest, v1::TakeOverCaseResponse, Batch>(
      *service, "TakeOverCase", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_take_over_case() = body;
      });
  serve::ServeCommand<v1::ReceiveNoticeRequest, v1::ReceiveNoticeResponse, Batch>(
      *service, "ReceiveNotice", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_receive_notice() = body;
      });
  serve::ServeCommand<v1::SendCopyRequest, v1::SendCopyResponse, Batch>(
      *service, "SendCopy", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_send_copy() = body; });
  serve::ServeCommand<v1::RecordCopyReceivedRequest, v1::RecordCopyReceivedResponse, Batch>(
      *service, "RecordCopyReceived", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_record_copy_received() = body;
      });
  serve::ServeCommand<v1::MakeRequestRequest, v1::MakeRequestResponse, Batch>(
      *service, "MakeRequest", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_make_request() = body; });
  serve::ServeCommand<v1::AnswerRequestRequest, v1::AnswerRequestResponse, Batch>(
      *service, "AnswerRequest", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_answer_request() = body;
      });
  serve::ServeCommand<v1::FlagConflictRequest, v1::FlagConflictResponse, Batch>(
      *service, "FlagConflict", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_flag_conflict() = body;
      });
  serve::ServeCommand<v1::PlaceLegalHoldRequest, v1::PlaceLegalHoldResponse, Batch>(
      *service, "PlaceLegalHold", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_place_legal_hold() = body;
      });
  serve::ServeCommand<v1::LiftLegalHoldRequest, v1::LiftLegalHoldResponse, Batch>(
      *service, "LiftLegalHold", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_lift_legal_hold() = body;
      });
  serve::ServeCommand<v1::OrderErasureRequest, v1::OrderErasureResponse, Batch>(
      *service, "OrderErasure", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_order_erasure() = body;
      });
  serve::ServeCommand<v1::AnswerErasureRequest, v1::AnswerErasureResponse, Batch>(
      *service, "AnswerErasure", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_answer_erasure() = body;
      });
  serve::ServeCommand<v1::EraseCaseRequest, v1::EraseCaseResponse, Batch>(
      *service, "EraseCase", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_erase_case() = body; });
  serve::ServeCommand<v1::AddAttachmentRequest, v1::AddAttachmentResponse, Batch>(
      *service, "AddAttachment", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_add_attachment() = body;
      });
  serve::ServeCommand<v1::RemoveAttachmentRequest, v1::RemoveAttachmentResponse, Batch>(
      *service, "RemoveAttachment", sequencer, [](v1::IntakeCommand& command, const auto& body) {
        *command.mutable_remove_attachment() = body;
      });
  serve::ServeCommand<v1::CorrectFactRequest, v1::CorrectFactResponse, Batch>(
      *service, "CorrectFact", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_correct_fact() = body; });
  serve::ServeCommand<v1::VoidFactRequest, v1::VoidFactResponse, Batch>(
      *service, "VoidFact", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_void_fact() = body; });
  serve::ServeBatch<Batch, v1::ExecuteBatchResponse>(*service, sequencer);
  serve::ServeStream<Batch, v1::ExecuteStreamRequest, v1::ExecuteStreamResponse>(*service,
                                                                                 sequencer);
  return service;
}

}  // namespace selaras::intake
