#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "selaras/command/v1/command.pb.h"

#include "services/node/sequencer.h"
#include "services/rpc/service.h"
#include "services/serve/viewer_of.h"

// Commands on their way from gRPC to the sequencer.
namespace selaras::serve {

// Hands a request to the sequencer and its outcome back to the caller.
template <typename Response>
void SubmitCommand(node::Sequencer& sequencer, node::Request request, Response* response,
                   const rpc::Done& done) {
  sequencer.Submit(std::move(request), [response, done](node::Outcome outcome) {
    const absl::Status status = outcome.status();
    if (status.ok()) *response->mutable_outcome() = *std::move(outcome);
    done(status);
  });
}

// What the caller asks of the sequencer.
inline node::Request RequestOf(const command::v1::CommandHeader& header,
                               std::shared_ptr<const google::protobuf::Message> body,
                               const rpc::CallInfo& call, bool single) {
  node::Request request{header, std::move(body), single};
  request.delegation = DelegationOf(call, header.authority());
  return request;
}

// Serves one command as a batch of one: `place(batch, command)` puts it into the batch.
template <typename Request, typename Response, typename Batch, typename Place>
void ServeCommand(rpc::Service& service, absl::string_view method, node::Sequencer& sequencer,
                  Place place) {
  service.UnaryLater<Request, Response>(
      method, [&sequencer, place](const Request& request, Response* response,
                                  const rpc::CallInfo& call, const rpc::Done& done) {
        auto body = std::make_shared<Batch>();
        place(*body->add_commands(), request.command());
        SubmitCommand(sequencer, RequestOf(request.header(), std::move(body), call, true), response,
                      done);
      });
}

// Serves CheckOpenCases, which stands in no batch.
template <typename Request, typename Response>
void ServeOpenCaseCheck(rpc::Service& service, node::Sequencer& sequencer) {
  service.UnaryLater<Request, Response>(
      "CheckOpenCases", [&sequencer](const Request& request, Response* response,
                                     const rpc::CallInfo& call, const rpc::Done& done) {
        auto body = std::make_shared<command::v1::CheckOpenCases>(request.command());
        sequencer.Submit(RequestOf(request.header(), std::move(body), call, true),
                         [response, done](node::Outcome outcome) {
                           const absl::Status status = outcome.status();
                           if (status.ok()) {
                             response->set_open(outcome->affirmed());
                             *response->mutable_outcome() = *std::move(outcome);
                           }
                           done(status);
                         });
      });
}

// Serves ExecuteBatch.
template <typename Batch, typename Response>
void ServeBatch(rpc::Service& service, node::Sequencer& sequencer) {
  service.UnaryLater<Batch, Response>(
      "ExecuteBatch", [&sequencer](const Batch& request, Response* response,
                                   const rpc::CallInfo& call, const rpc::Done& done) {
        auto body = std::make_shared<Batch>(request);
        body->clear_header();
        SubmitCommand(sequencer, RequestOf(request.header(), std::move(body), call, false),
                      response, done);
      });
}

// What one stream of commands may have under way: two commits, so that one is collected while the
// other one is written.
inline constexpr rpc::PipelineBounds kStreamBounds{512, 8 << 20};

// Puts a refusal into the result of a request.
void SetError(const absl::Status& status, command::v1::CommandResult* result);

// Serves ExecuteStream: each request as ServeBatch does.
template <typename Batch, typename Request, typename Response>
void ServeStream(rpc::Service& service, node::Sequencer& sequencer) {
  service.Pipeline<Request, Response>(
      "ExecuteStream", kStreamBounds,
      [&sequencer](const Request& request, Response* response, const rpc::CallInfo& call,
                   const rpc::Done& done) {
        // The same body as that of a batch, so that either is a repeat of the other.
        auto body = std::make_shared<Batch>();
        *body->mutable_commands() = request.commands();
        command::v1::CommandResult* result = response->add_results();
        result->set_request_id(request.header().request_id());
        SubmitCommand(sequencer, RequestOf(request.header(), std::move(body), call, false), result,
                      done);
      },
      [](const Request& request, const absl::Status& status, Response* response) {
        response->clear_results();
        command::v1::CommandResult* result = response->add_results();
        result->set_request_id(request.header().request_id());
        SetError(status, result);
      });
}

}  // namespace selaras::serve
