#include "services/intake/service.h"

#include "selaras/intake/v1/intake.pb.h"

#include "services/serve/command_service.h"

namespace selaras::intake {

std::unique_ptr<rpc::Service> MakeService(node::Sequencer& sequencer,
                                          const runtime::NodeAuthorities& node,
                                          runtime::Logger& log) {
  using Batch = v1::ExecuteBatchRequest;
  auto service = std::make_unique<rpc::Service>("selaras.intake.v1.IntakeService", node, log);
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
  serve::ServeCommand<v1::CorrectFactRequest, v1::CorrectFactResponse, Batch>(
      *service, "CorrectFact", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_correct_fact() = body; });
  serve::ServeCommand<v1::VoidFactRequest, v1::VoidFactResponse, Batch>(
      *service, "VoidFact", sequencer,
      [](v1::IntakeCommand& command, const auto& body) { *command.mutable_void_fact() = body; });
  serve::ServeBatch<Batch, v1::ExecuteBatchResponse>(*service, sequencer);
  return service;
}

}  // namespace selaras::intake
