#include "services/referral/service.h"

#include "selaras/referral/v1/referral.pb.h"

#include "services/serve/command_service.h"

namespace selaras::referral {

std::unique_ptr<rpc::Service> MakeService(node::Sequencer& sequencer,
                                          const runtime::NodeAuthorities& node,
                                          runtime::Logger& log) {
  using Batch = v1::ExecuteBatchRequest;
  auto service = std::make_unique<rpc::Service>("selaras.referral.v1.ReferralService", node, log);
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
  serve::ServeCommand<v1::CorrectFactRequest, v1::CorrectFactResponse, Batch>(
      *service, "CorrectFact", sequencer, [](v1::ReferralCommand& command, const auto& body) {
        *command.mutable_correct_fact() = body;
      });
  serve::ServeCommand<v1::VoidFactRequest, v1::VoidFactResponse, Batch>(
      *service, "VoidFact", sequencer,
      [](v1::ReferralCommand& command, const auto& body) { *command.mutable_void_fact() = body; });
  serve::ServeBatch<Batch, v1::ExecuteBatchResponse>(*service, sequencer);
  return service;
}

}  // namespace selaras::referral
