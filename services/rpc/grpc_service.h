#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "services/rpc/call_log.h"
#include "services/rpc/client_limits.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/peer.h"
#include "services/rpc/pipeline_call.h"
#include "services/rpc/service.h"

namespace selaras::rpc {

// What gRPC sees of a Service: registers methods the way generated code does, so that services
// need neither generated stubs nor gRPC's headers.
class GrpcService final : public grpc::Service {
 public:
  using AnyHandler = std::function<void(const google::protobuf::Message&,
                                        google::protobuf::Message*, const CallInfo&, Done)>;

  GrpcService(absl::string_view name, const runtime::Access& access, runtime::Logger& log);

  const std::string& name() const { return name_; }

  void AddUnary(absl::string_view method, const google::protobuf::Message& request,
                const google::protobuf::Message& response, AnyHandler handler);

  // `method.check` is filled in here.
  void AddPipeline(absl::string_view method, PipelineMethod pipeline);

  // Sets what each client may have under way. Before the server starts.
  void Limit(std::shared_ptr<ClientLimits> limits) { limits_ = std::move(limits); }

  // Lets pipelines take no more requests and end when what they took is answered, also those that
  // are opened later. Idempotent.
  void Drain();

  template <typename Request, typename Response>
  void AddServerStream(
      absl::string_view method,
      std::function<grpc::ServerWriteReactor<Response>*(const Request&, const CallInfo&)> make) {
    const std::string& path =
        Path(method, Request::descriptor(), Response::descriptor(), Kind::kServerStream);
    Register(path, grpc::internal::RpcMethod::SERVER_STREAMING,
             new grpc::internal::CallbackServerStreamingHandler<Request, Response>(
                 [this, &path, make = std::move(make)](
                     grpc::CallbackServerContext* context,
                     const Request* request) -> grpc::ServerWriteReactor<Response>* {
                   CallInfo call;
                   absl::Status status = Admit(*context, path, ClientLimits::Kind::kStream, &call);
                   if (status.ok()) status = Check(*request, call);
                   if (status.ok()) return make(*request, call);
                   LogCall(log_, call, status);
                   return new Refusing<grpc::ServerWriteReactor<Response>>(status);
                 }));
  }

  template <typename Request, typename Response>
  void AddBidiStream(
      absl::string_view method,
      std::function<grpc::ServerBidiReactor<Request, Response>*(const CallInfo&)> make) {
    const std::string& path =
        Path(method, Request::descriptor(), Response::descriptor(), Kind::kBidiStream);
    Register(path, grpc::internal::RpcMethod::BIDI_STREAMING,
             new grpc::internal::CallbackBidiHandler<Request, Response>(
                 [this, &path, make = std::move(make)](grpc::CallbackServerContext* context)
                     -> grpc::ServerBidiReactor<Request, Response>* {
                   CallInfo call;
                   absl::Status status = Admit(*context, path, ClientLimits::Kind::kStream, &call);
                   call.certificate_ends = CertificateEndOf(*context->auth_context());
                   if (status.ok()) return make(call);
                   LogCall(log_, call, status);
                   return new Refusing<grpc::ServerBidiReactor<Request, Response>>(status);
                 }));
  }

 private:
  enum class Kind { kUnary, kServerStream, kBidiStream };
  enum class Messages { kTyped, kAsBytes };

  // Answers a stream with an error and goes.
  template <typename Reactor>
  class Refusing final : public Reactor {
   public:
    explicit Refusing(const absl::Status& status) { this->Finish(ToGrpc(status)); }
    void OnDone() override { delete this; }
  };

  // `/package.Service/Method`, kept as long as this object. Stops the process unless the contract
  // has the method with these messages and this kind.
  const std::string& Path(absl::string_view method, const google::protobuf::Descriptor* request,
                          const google::protobuf::Descriptor* response, Kind kind);
  void Register(const std::string& path, grpc::internal::RpcMethod::RpcType type,
                grpc::internal::MethodHandler* handler, Messages messages = Messages::kTyped);

  // Whether the caller may call the method, and what it may reach. Says in `call` what is known of
  // it either way, and counts it.
  absl::Status Admit(const grpc::CallbackServerContext& context, const std::string& path,
                     ClientLimits::Kind kind, CallInfo* call) const;
  // Counts the call against what its client may have; gives nothing while there are no limits.
  absl::StatusOr<ClientLimits::Lease> Begin(const CallInfo& call, ClientLimits::Kind kind) const;
  // Whether the request is understood, and sent for an authority of the caller.
  absl::Status Check(const google::protobuf::Message& request, const CallInfo& call) const;

  // Remembers a pipeline for Drain().
  void Keep(const std::shared_ptr<PipelineCall>& call);

  const std::string name_;
  const runtime::Access& access_;
  runtime::Logger& log_;
  std::shared_ptr<ClientLimits> limits_;
  std::list<std::string> paths_;
  std::list<PipelineMethod> pipelines_;
  std::mutex mutex_;
  bool draining_ = false;                            // under mutex_
  std::vector<std::weak_ptr<PipelineCall>> opened_;  // under mutex_
};

}  // namespace selaras::rpc
