#include "services/sanction/service.h"

#include "selaras/sanction/v1/sanction.pb.h"

#include "services/serve/command_service.h"

namespace selaras::sanction {

std::unique_ptr<rpc::Service> MakeService(node::Sequencer& sequencer,
                                          const runtime::NodeAuthorities& node,
                                          runtime::Logger& log) {
  using Batch = v1::ExecuteBatchRequest;
  auto service = std::make_unique<rpc::Service>("selaras.sanction.v1.SanctionService", node, log);
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
  serve::ServeCommand<v1::CorrectFactRequest, v1::CorrectFactResponse, Batch>(
      *service, "CorrectFact", sequencer, [](v1::SanctionCommand& command, const auto& body) {
        *command.mutable_correct_fact() = body;
      });
  serve::ServeCommand<v1::VoidFactRequest, v1::VoidFactResponse, Batch>(
      *service, "VoidFact", sequencer,
      [](v1::SanctionCommand& command, const auto& body) { *command.mutable_void_fact() = body; });
  serve::ServeBatch<Batch, v1::ExecuteBatchResponse>(*service, sequencer);
  return service;
}

}  // namespace selaras::sanction
