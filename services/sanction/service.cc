#include "services/sanction/service.h"

#include "selaras/sanction/v1/sanction.pb.h"

#include "services/serve/command_service.h"

namespace selaras::sanction {

std::unique_ptr<rpc::Service> MakeService(const serve::Parts& parts) {
  using Batch = v1::ExecuteBatchRequest;
  node::Sequencer& sequencer = parts.sequencer;
  auto service = std::make_unique<rpc::Service>("selaras.sanction.v1.SanctionService", parts.access,
                                                parts.log);
  serve::ServeCommand<v1::ReceiveRecommendationRequest, v1::ReceiveRecommendationResponse, Batch>(
      *service, "ReceiveRecommendation", sequencer,
      [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_receive_recommendation() = body;
      });
  serve::ServeCommand<v1::SummonRespondentRequest, v1::SummonRespondentResponse, Batch>(
      *service, "SummonRespondent", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_summon_respondent() = body;
      });
  serve::ServeCommand<v1::ExamineRespondentRequest, v1::ExamineRespondentResponse, Batch>(
      *service, "ExamineRespondent", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_examine_respondent() = body;
      });
  serve::ServeCommand<v1::RecordBlockerRequest, v1::RecordBlockerResponse, Batch>(
      *service, "RecordBlocker", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_blocker() = body;
      });
  serve::ServeCommand<v1::DecideSanctionRequest, v1::DecideSanctionResponse, Batch>(
      *service, "DecideSanction", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_decide_sanction() = body;
      });
  serve::ServeCommand<v1::HandOverDecisionRequest, v1::HandOverDecisionResponse, Batch>(
      *service, "HandOverDecision", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_hand_over_decision() = body;
      });
  serve::ServeCommand<v1::FileObjectionRequest, v1::FileObjectionResponse, Batch>(
      *service, "FileObjection", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_file_objection() = body;
      });
  serve::ServeCommand<v1::DeclineSanctionRequest, v1::DeclineSanctionResponse, Batch>(
      *service, "DeclineSanction", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_decline_sanction() = body;
      });
  serve::ServeCommand<v1::DecideObjectionRequest, v1::DecideObjectionResponse, Batch>(
      *service, "DecideObjection", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_decide_objection() = body;
      });
  serve::ServeCommand<v1::RevokeSanctionRequest, v1::RevokeSanctionResponse, Batch>(
      *service, "RevokeSanction", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_revoke_sanction() = body;
      });
  serve::ServeCommand<v1::RecordServedRequest, v1::RecordServedResponse, Batch>(
      *service, "RecordServed", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_served() = body;
      });
  serve::ServeCommand<v1::RecordLeftRequest, v1::RecordLeftResponse, Batch>(
      *service, "RecordLeft", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_left() = body;
      });
  serve::ServeCommand<v1::RecordMovedRequest, v1::RecordMovedResponse, Batch>(
      *service, "RecordMoved", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_moved() = body;
      });
  serve::ServeCommand<v1::RecordRenumberedRequest, v1::RecordRenumberedResponse, Batch>(
      *service, "RecordRenumbered", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_renumbered() = body;
      });
  serve::ServeCommand<v1::RecordDeliveryStepRequest, v1::RecordDeliveryStepResponse, Batch>(
      *service, "RecordDeliveryStep", sequencer,
      [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_delivery_step() = body;
      });
  serve::ServeCommand<v1::RecordAppealStepRequest, v1::RecordAppealStepResponse, Batch>(
      *service, "RecordAppealStep", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_appeal_step() = body;
      });
  serve::ServeCommand<v1::NoticeViolationRequest, v1::NoticeViolationResponse, Batch>(
      *service, "NoticeViolation", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_notice_violation() = body;
      });
  serve::ServeCommand<v1::SendCopyRequest, v1::SendCopyResponse, Batch>(
      *service, "SendCopy", sequencer,
      [](v1::SanctionCommand& command, const auto& body) { *command.mutable_send_copy() = body; });
  serve::ServeCommand<v1::RecordCopyReceivedRequest, v1::RecordCopyReceivedResponse, Batch>(
      *service, "RecordCopyReceived", sequencer,
      [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_record_copy_received() = body;
      });
  serve::ServeCommand<v1::MakeRequestRequest, v1::MakeRequestResponse, Batch>(
      *service, "MakeRequest", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_make_request() = body;
      });
  serve::ServeCommand<v1::AnswerRequestRequest, v1::AnswerRequestResponse, Batch>(
      *service, "AnswerRequest", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_answer_request() = body;
      });
  serve::ServeCommand<v1::FlagConflictRequest, v1::FlagConflictResponse, Batch>(
      *service, "FlagConflict", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_flag_conflict() = body;
      });
  serve::ServeCommand<v1::PlaceLegalHoldRequest, v1::PlaceLegalHoldResponse, Batch>(
      *service, "PlaceLegalHold", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_place_legal_hold() = body;
      });
  serve::ServeCommand<v1::LiftLegalHoldRequest, v1::LiftLegalHoldResponse, Batch>(
      *service, "LiftLegalHold", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_lift_legal_hold() = body;
      });
  serve::ServeCommand<v1::OrderErasureRequest, v1::OrderErasureResponse, Batch>(
      *service, "OrderErasure", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_order_erasure() = body;
      });
  serve::ServeCommand<v1::AnswerErasureRequest, v1::AnswerErasureResponse, Batch>(
      *service, "AnswerErasure", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_answer_erasure() = body;
      });
  serve::ServeCommand<v1::EraseCaseRequest, v1::EraseCaseResponse, Batch>(
      *service, "EraseCase", sequencer,
      [](v1::SanctionCommand& command, const auto& body) { *command.mutable_erase_case() = body; });
  serve::ServeCommand<v1::AddAttachmentRequest, v1::AddAttachmentResponse, Batch>(
      *service, "AddAttachment", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_add_attachment() = body;
      });
  serve::ServeCommand<v1::RemoveAttachmentRequest, v1::RemoveAttachmentResponse, Batch>(
      *service, "RemoveAttachment", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_remove_attachment() = body;
      });
  serve::ServeCommand<v1::CorrectFactRequest, v1::CorrectFactResponse, Batch>(
      *service, "CorrectFact", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_correct_fact() = body;
      });
  serve::ServeCommand<v1::VoidFactRequest, v1::VoidFactResponse, Batch>(
      *service, "VoidFact", sequencer,
      [](v1::SanctionCommand& command, const auto& body) { *command.mutable_void_fact() = body; });
  serve::ServeOpenCaseCheck<v1::CheckOpenCasesRequest, v1::CheckOpenCasesResponse>(*service,
                                                                                   sequencer);
  serve::ServeBatch<Batch, v1::ExecuteBatchResponse>(*service, sequencer);
  serve::ServeStream<Batch, v1::ExecuteStreamRequest, v1::ExecuteStreamResponse>(*service,
                                                                                 sequencer);
  return service;
}

}  // namespace selaras::sanction
