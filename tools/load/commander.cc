#include "tools/load/commander.h"

#include <utility>

#include "selaras/intake/v1/intake.grpc.pb.h"

#include "storage/base/check.h"
#include "tools/load/call.h"

namespace selaras::load {
namespace {

using intake::v1::ExecuteBatchRequest;
using intake::v1::ExecuteBatchResponse;
using intake::v1::IntakeCommand;
using intake::v1::IntakeService;

class UnaryCommander : public Commander {
 public:
  UnaryCommander(const std::shared_ptr<grpc::Channel>& channel, cli::NodeAddress address)
      : stub_(IntakeService::NewStub(channel)), address_(std::move(address)) {}

 protected:
  // `method` starts the call: (stub, context, request, response, callback).
  template <typename Request, typename Response, typename Method>
  void Call(Request request, Method method, Answer answer) {
    StartCall<Response>(*stub_, address_, std::move(request), method,
                        [answer = std::move(answer)](const absl::Status& status, const Request&,
                                                     Response& response) {
                          if (!status.ok()) return answer(status);
                          answer(std::move(*response.mutable_outcome()));
                        });
  }

 private:
  const std::unique_ptr<IntakeService::Stub> stub_;
  const cli::NodeAddress address_;
};

class SingleCommander final : public UnaryCommander {
 public:
  using UnaryCommander::UnaryCommander;

  void Execute(const ExecuteBatchRequest& request, Answer answer) override {
    SELARAS_CHECK(request.commands_size() == 1) << "a course of single commands";
    const IntakeCommand& command = request.commands(0);
    switch (command.command_case()) {
      case IntakeCommand::kReceiveReport:
        return Send<intake::v1::ReceiveReportRequest, intake::v1::ReceiveReportResponse>(
            request, command.receive_report(),
            [](auto* stub, auto... call) { stub->ReceiveReport(std::move(call)...); },
            std::move(answer));
      case IntakeCommand::kNameRespondent:
        return Send<intake::v1::NameRespondentRequest, intake::v1::NameRespondentResponse>(
            request, command.name_respondent(),
            [](auto* stub, auto... call) { stub->NameRespondent(std::move(call)...); },
            std::move(answer));
      case IntakeCommand::kReviewCase:
        return Send<intake::v1::ReviewCaseRequest, intake::v1::ReviewCaseResponse>(
            request, command.review_case(),
            [](auto* stub, auto... call) { stub->ReviewCase(std::move(call)...); },
            std::move(answer));
      default:
        return Send<intake::v1::ConcludeCaseRequest, intake::v1::ConcludeCaseResponse>(
            request, command.conclude_case(),
            [](auto* stub, auto... call) { stub->ConcludeCase(std::move(call)...); },
            std::move(answer));
    }
  }

 private:
  template <typename Request, typename Response, typename Body, typename Method>
  void Send(const ExecuteBatchRequest& batch, const Body& body, Method method, Answer answer) {
    Request request;
    *request.mutable_header() = batch.header();
    *request.mutable_command() = body;
    Call<Request, Response>(std::move(request), method, std::move(answer));
  }
};

class BatchCommander final : public UnaryCommander {
 public:
  using UnaryCommander::UnaryCommander;

  void Execute(const ExecuteBatchRequest& request, Answer answer) override {
    Call<ExecuteBatchRequest, ExecuteBatchResponse>(
        request, [](auto* stub, auto... call) { stub->ExecuteBatch(std::move(call)...); },
        std::move(answer));
  }
};

}  // namespace

std::unique_ptr<Commander> CallSingly(const std::shared_ptr<grpc::Channel>& channel,
                                      const cli::NodeAddress& address) {
  return std::make_unique<SingleCommander>(channel, address);
}

std::unique_ptr<Commander> CallBatches(const std::shared_ptr<grpc::Channel>& channel,
                                       const cli::NodeAddress& address) {
  return std::make_unique<BatchCommander>(channel, address);
}

}  // namespace selaras::load
