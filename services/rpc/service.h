#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>

#include "services/rpc/done.h"
#include "services/runtime/access.h"
#include "services/runtime/identity.h"
#include "services/runtime/log.h"

// Serving the methods of a service without seeing gRPC: a handler is parse, act, answer.
namespace selaras::rpc {

// What a handler learns about a call besides the request.
struct CallInfo {
  runtime::Identity caller;
  std::string method;    // `/package.Service/Method`
  std::string from;      // address of the other end, e.g. `ipv4:10.1.2.3:40112`
  runtime::Grant grant;  // what the access table lets the caller reach by it
  absl::Time deadline = absl::InfiniteFuture();
  // When the caller's certificate ends; of streams in both directions only.
  std::optional<absl::Time> certificate_ends = {};
  // It counts against its client's limits as long as somebody has this: whoever serves a stream
  // keeps it. Of other calls it is kept here.
  std::shared_ptr<const void> lease = {};
};

// How much of one pipeline may be under way: read and not answered, or its answer not sent.
struct PipelineBounds {
  std::size_t requests;
  std::size_t bytes;  // of requests
};

class GrpcService;  // services/rpc/grpc_service.h

// The methods of one service of the contract, behind the access table.
//
// Before a handler runs: the certificate names the caller, the table lets it call the method, the
// request parses and has no unknown field or enumeration value, and a command's header.authority
// is one that the caller may use. A method that is not added answers UNIMPLEMENTED.
//
//   rpc::Service service("selaras.query.v1.QueryService", access, log);
//   service.Unary<GetCaseRequest, GetCaseResponse>("GetCase", [&](const auto& request, const auto&
//   call) {
//     return GetCase(views, request, call.grant);
//   });
//
// Add everything, hand it to Server::Start, and keep it until the server is gone. `access` and
// `log` must outlive it. Handlers run on gRPC's threads, several at once.
class Service {
 public:
  Service(absl::string_view name, const runtime::Access& access, runtime::Logger& log);
  ~Service();

  // A handler that answers at once. It must not wait: the threads are few.
  template <typename Request, typename Response>
  void Unary(absl::string_view method,
             std::function<absl::StatusOr<Response>(const Request&, const CallInfo&)> handler) {
    UnaryLater<Request, Response>(
        method, [handler = std::move(handler)](const Request& request, Response* response,
                                               const CallInfo& call, const Done& done) {
          absl::StatusOr<Response> answer = handler(request, call);
          if (answer.ok()) *response = *std::move(answer);
          done(answer.status());
        });
  }

  // A handler that answers when it can. Request and response live until `done` was called;
  // the call info only until the handler returns.
  template <typename Request, typename Response>
  void UnaryLater(absl::string_view method,
                  std::function<void(const Request&, Response*, const CallInfo&, Done)> handler) {
    AddUnary(method, Request::default_instance(), Response::default_instance(),
             [handler = std::move(handler)](const google::protobuf::Message& request,
                                            google::protobuf::Message* response,
                                            const CallInfo& call, Done done) {
               handler(static_cast<const Request&>(request), static_cast<Response*>(response), call,
                       std::move(done));
             });
  }

  // A stream of requests, each of which is checked, handled, answered and counted like a call of
  // its own; answers are sent in the order of the requests. A request that is refused does not end
  // the stream: `refuse` puts the error into its answer, in place of what the handler had put
  // there. It is handed an empty request if the bytes were none.
  //
  // Requests reach the handler one by one, in order. No more are read while `bounds` are reached,
  // so that memory stays bounded whatever callers do. Response must be a message of repeated
  // fields: answers that are ready at the same time are sent as one.
  template <typename Request, typename Response>
  void Pipeline(absl::string_view method, const PipelineBounds& bounds,
                std::function<void(const Request&, Response*, const CallInfo&, Done)> handler,
                std::function<void(const Request&, const absl::Status&, Response*)> refuse) {
    AddPipeline(
        method, Request::default_instance(), Response::default_instance(), bounds,
        [handler = std::move(handler)](const google::protobuf::Message& request,
                                       google::protobuf::Message* response, const CallInfo& call,
                                       Done done) {
          handler(static_cast<const Request&>(request), static_cast<Response*>(response), call,
                  std::move(done));
        },
        [refuse = std::move(refuse)](const google::protobuf::Message& request,
                                     const absl::Status& status,
                                     google::protobuf::Message* response) {
          refuse(static_cast<const Request&>(request), status, static_cast<Response*>(response));
        });
  }

  // For services/rpc/stream.h and services/rpc/server.h.
  GrpcService& grpc() { return *grpc_; }

 private:
  using AnyHandler = std::function<void(const google::protobuf::Message&,
                                        google::protobuf::Message*, const CallInfo&, Done)>;

  using AnyRefuse = std::function<void(const google::protobuf::Message&, const absl::Status&,
                                       google::protobuf::Message*)>;

  // These stop the process if the contract has no such method with these messages: a wrong program.
  void AddUnary(absl::string_view method, const google::protobuf::Message& request,
                const google::protobuf::Message& response, AnyHandler handler);
  void AddPipeline(absl::string_view method, const google::protobuf::Message& request,
                   const google::protobuf::Message& response, const PipelineBounds& bounds,
                   AnyHandler handler, AnyRefuse refuse);

  std::unique_ptr<GrpcService> grpc_;
};

}  // namespace selaras::rpc
