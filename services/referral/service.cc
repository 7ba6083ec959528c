#include "services/referral/service.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/serve/command_service.h"

namespace selaras::referral {

std::unique_ptr<rpc::Service> MakeService(const serve::Parts& parts) {
  using Batch = v1::ExecuteBatchRequest;
  node::Sequencer& sequencer = parts.sequencer;
  auto service = std::make_unique<rpc::Service>("selaras.referral.v1.ReferralService", parts.access,
                                                parts.log);
  serve::ServeCommand<v1::ReceiveCaseRequest, v1::ReceiveCaseResponse, Batch>(
      *service, "ReceiveCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_receive_case() = body;
      });
  serve::ServeCommand<v1::VerifyCaseRequest, v1::VerifyCaseResponse, Batch>(
      *service, "VerifyCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_verify_case() = body;
      });
  serve::ServeCommand<v1::RecommendSanctionRequest, v1::RecommendSanctionResponse, Batch>(
      *service, "RecommendSanction", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_recommend_sanction() = body;
      });
  serve::ServeCommand<v1::DismissCaseRequest, v1::DismissCaseResponse, Batch>(
      *service, "DismissCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_dismiss_case() = body;
      });
  serve::ServeCommand<v1::ReturnCaseRequest, v1::ReturnCaseResponse, Batch>(
      *service, "ReturnCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_return_case() = body;
      });
  serve::ServeCommand<v1::AssignCaseRequest, v1::AssignCaseResponse, Batch>(
      *service, "AssignCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_assign_case() = body;
      });
  serve::ServeCommand<v1::RemindPpkRequest, v1::RemindPpkResponse, Batch>(
      *service, "RemindPpk", sequencer,
      [](v1::ReferralCommand& command, const auto& body) { *command.mutable_remind_ppk() = body; });
  serve::ServeCommand<v1::WarnPpkRequest, v1::WarnPpkResponse, Batch>(
      *service, "WarnPpk", sequencer,
      [](v1::ReferralCommand& command, const auto& body) { *command.mutable_warn_ppk() = body; });
  serve::ServeCommand<v1::BlockServicesRequest, v1::BlockServicesResponse, Batch>(
      *service, "BlockServices", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_block_services() = body;
      });
  serve::ServeCommand<v1::UnblockServicesRequest, v1::UnblockServicesResponse, Batch>(
      *service, "UnblockServices", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_unblock_services() = body;
      });
  serve::ServeCommand<v1::EscalateCaseRequest, v1::EscalateCaseResponse, Batch>(
      *service, "EscalateCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_escalate_case() = body;
      });
  serve::ServeCommand<v1::OpenLegacyCaseRequest, v1::OpenLegacyCaseResponse, Batch>(
      *service, "OpenLegacyCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_open_legacy_case() = body;
      });
  serve::ServeCommand<v1::CloseCaseRequest, v1::CloseCaseResponse, Batch>(
      *service, "CloseCase", sequencer,
      [](v1::ReferralCommand& command, const auto& body) { *command.mutable_close_case() = body; });
  serve::ServeCommand<v1::ReopenCaseRequest, v1::ReopenCaseResponse, Batch>(
      *service, "ReopenCase", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_reopen_case() = body;
      });
  serve::ServeCommand<v1::SendCopyRequest, v1::SendCopyResponse, Batch>(
      *service, "SendCopy", sequencer,
      [](v1::ReferralCommand& command, const auto& body) { *command.mutable_send_copy() = body; });
  serve::ServeCommand<v1::RecordCopyReceivedRequest, v1::RecordCopyReceivedResponse, Batch>(
      *service, "RecordCopyReceived", sequencer,
      [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_record_copy_received() = body;
      });
  serve::ServeCommand<v1::MakeRequestRequest, v1::MakeRequestResponse, Batch>(
      *service, "MakeRequest", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_make_request() = body;
      });
  serve::ServeCommand<v1::AnswerRequestRequest, v1::AnswerRequestResponse, Batch>(
      *service, "AnswerRequest", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_answer_request() = body;
      });
  serve::ServeCommand<v1::FlagConflictRequest, v1::FlagConflictResponse, Batch>(
      *service, "FlagConflict", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_flag_conflict() = body;
      });
  serve::ServeCommand<v1::PlaceLegalHoldRequest, v1::PlaceLegalHoldResponse, Batch>(
      *service, "PlaceLegalHold", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_place_legal_hold() = body;
      });
  serve::ServeCommand<v1::LiftLegalHoldRequest, v1::LiftLegalHoldResponse, Batch>(
      *service, "LiftLegalHold", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_lift_legal_hold() = body;
      });
  serve::ServeCommand<v1::OrderErasureRequest, v1::OrderErasureResponse, Batch>(
      *service, "OrderErasure", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_order_erasure() = body;
      });
  serve::ServeCommand<v1::AnswerErasureRequest, v1::AnswerErasureResponse, Batch>(
      *service, "AnswerErasure", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_answer_erasure() = body;
      });
  serve::ServeCommand<v1::EraseCaseRequest, v1::EraseCaseResponse, Batch>(
      *service, "EraseCase", sequencer,
      [](v1::ReferralCommand& command, const auto& body) { *command.mutable_erase_case() = body; });
  serve::ServeCommand<v1::AddAttachmentRequest, v1::AddAttachmentResponse, Batch>(
      *service, "AddAttachment", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_add_attachment() = body;
      });
  serve::ServeCommand<v1::RemoveAttachmentRequest, v1::RemoveAttachmentResponse, Batch>(
      *service, "RemoveAttachment", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_remove_attachment() = body;
      });
  serve::ServeCommand<v1::CorrectFactRequest, v1::CorrectFactResponse, Batch>(
      *service, "CorrectFact", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_correct_fact() = body;
      });
  serve::ServeCommand<v1::VoidFactRequest, v1::VoidFactResponse, Batch>(
      *service, "VoidFact", sequencer,
      [](v1::ReferralCommand& command, const auto& body) { *command.mutable_void_fact() = body; });
  serve::ServeOpenCaseCheck<v1::CheckOpenCasesRequest, v1::CheckOpenCasesResponse>(*service,
                                                                                   sequencer);
  serve::ServeBatch<Batch, v1::ExecuteBatchResponse>(*service, sequencer);
  serve::ServeStream<Batch, v1::ExecuteStreamRequest, v1::ExecuteStreamResponse>(*service,
                                                                                 sequencer);
  return service;
}

}  // namespace selaras::referral
