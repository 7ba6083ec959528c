#include "services/rpc/grpc_service.h"

#include <chrono>
#include <optional>

#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <grpcpp/support/byte_buffer.h>

#include "services/rpc/peer.h"
#include "services/rpc/unary_call.h"
#include "services/runtime/known_fields.h"
#include "storage/base/check.h"
#include "storage/base/status.h"

namespace selaras::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What the command's header names. Nothing if the request has no such field: then it is no command.
std::optional<std::string> CommandAuthority(const Message& request) {
  const FieldDescriptor* header = request.GetDescriptor()->FindFieldByName("header");
  if (header == nullptr || header->is_repeated() || header->message_type() == nullptr) {
    return std::nullopt;
  }
  const FieldDescriptor* authority = header->message_type()->FindFieldByName("authority");
  if (authority == nullptr || authority->is_repeated() ||
      authority->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return std::nullopt;
  }
  const Message& found = request.GetReflection()->GetMessage(request, header);
  return found.GetReflection()->GetString(found, authority);
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  return deadline == decltype(deadline)::max() ? absl::InfiniteFuture()
                                               : absl::FromChrono(deadline);
}

}  // namespace

GrpcService::GrpcService(absl::string_view name, const runtime::Access& access,
                         runtime::Logger& log)
    : name_(name), access_(access), log_(log) {}

void GrpcService::AddUnary(absl::string_view method, const Message& request,
                           const Message& response, AnyHandler handler) {
  const std::string& path =
      Path(method, request.GetDescriptor(), response.GetDescriptor(), Kind::kUnary);
  const auto serve = [this, &path, &request, &response, handler = std::move(handler)](
                         grpc::CallbackServerContext* context, const grpc::ByteBuffer* bytes,
                         grpc::ByteBuffer* answer) -> grpc::ServerUnaryReactor* {
    auto call = std::make_shared<UnaryCall>(request, response, answer, log_);
    grpc::ServerUnaryReactor* reactor = call->MakeReactor();
    absl::Status admitted = Admit(*context, path, ClientLimits::Kind::kCall, &call->info());
    call->Hold(std::move(call->info().lease));
    if (admitted.ok()) admitted = call->Parse(*bytes);
    if (admitted.ok()) admitted = Check(call->request(), call->info());
    if (!admitted.ok()) {
      call->Answer(admitted);
      return reactor;
    }
    handler(call->request(), call->response(), call->info(),
            Done([call](const absl::Status& status) { call->Answer(status); }));
    return reactor;
  };
  // As bytes, so that also a malformed request gets an answer with details.
  Register(path, grpc::internal::RpcMethod::NORMAL_RPC,
           new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(serve),
           Messages::kAsBytes);
}

void GrpcService::AddPipeline(absl::string_view method, PipelineMethod pipeline) {
  const std::string& path = Path(method, pipeline.request.GetDescriptor(),
                                 pipeline.response.GetDescriptor(), Kind::kBidiStream);
  PipelineMethod& kept = pipelines_.emplace_back(std::move(pipeline));
  kept.check = [this](const Message& request, const CallInfo& call) {
    return Check(request, call);
  };
  kept.begin = [this](const CallInfo& call) { return Begin(call, ClientLimits::Kind::kCall); };
  using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
  const auto serve = [this, &path, &kept](grpc::CallbackServerContext* context) -> Reactor* {
    CallInfo info;
    const absl::Status status = Admit(*context, path, ClientLimits::Kind::kStream, &info);
    if (!status.ok()) {
      LogCall(log_, info, status);
      return new Refusing<Reactor>(status);
    }
    const auto call = std::make_shared<PipelineCall>(kept, std::move(info), log_);
    Keep(call);
    return call->Open();
  };
  Register(path, grpc::internal::RpcMethod::BIDI_STREAMING,
           new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(serve),
           Messages::kAsBytes);
}

void GrpcService::Keep(const std::shared_ptr<PipelineCall>& call) {
  const std::lock_guard lock(mutex_);
  std::erase_if(opened_, [](const auto& each) { return each.expired(); });
  opened_.push_back(call);
  if (draining_) call->Drain();
}

void GrpcService::Drain() {
  std::vector<std::weak_ptr<PipelineCall>> opened;
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    opened = opened_;
  }
  for (const auto& each : opened) {
    if (const std::shared_ptr<PipelineCall> call = each.lock()) call->Drain();
  }
}

const std::string& GrpcService::Path(absl::string_view method, const Descriptor* request,
                                     const Descriptor* response, Kind kind) {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name_);
  SELARAS_CHECK(service != nullptr) << "the contract has no service " << name_;
  const auto* found = service->FindMethodByName(std::string(method));
  SELARAS_CHECK(found != nullptr) << name_ << " has no method " << method;
  SELARAS_CHECK(found->input_type() == request && found->output_type() == response)
      << found->full_name() << " has other messages";
  SELARAS_CHECK(found->client_streaming() == (kind == Kind::kBidiStream) &&
                found->server_streaming() == (kind != Kind::kUnary))
      << found->full_name() << " streams in another way";
  return paths_.emplace_back(absl::StrCat("/", name_, "/", method));
}

void GrpcService::Register(const std::string& path, grpc::internal::RpcMethod::RpcType type,
                           grpc::internal::MethodHandler* handler, Messages messages) {
  const int index = static_cast<int>(paths_.size()) - 1;
  AddMethod(new grpc::internal::RpcServiceMethod(path.c_str(), type, nullptr));
  if (messages == Messages::kAsBytes) {
    MarkMethodRawCallback(index, handler);
  } else {
    MarkMethodCallback(index, handler);
  }
}

absl::Status GrpcService::Admit(const grpc::CallbackServerContext& context, const std::string& path,
                                ClientLimits::Kind kind, CallInfo* call) const {
  call->method = path;
  call->from = context.peer();
  call->deadline = DeadlineOf(context);
  ASSIGN_OR_RETURN(call->caller, IdentityOf(*context.auth_context()));
  // Also of what the table refuses.
  ASSIGN_OR_RETURN(call->lease, Begin(*call, kind));
  ASSIGN_OR_RETURN(call->grant, access_.Admit(call->caller, path));
  return absl::OkStatus();
}

absl::StatusOr<ClientLimits::Lease> GrpcService::Begin(const CallInfo& call,
                                                       ClientLimits::Kind kind) const {
  if (limits_ == nullptr) return nullptr;
  return limits_->Begin(call.caller, kind);
}

absl::Status GrpcService::Check(const Message& request, const CallInfo& call) const {
  RETURN_IF_ERROR(runtime::CheckAllKnown(request));
  const std::optional<std::string> authority = CommandAuthority(request);
  return authority ? runtime::MayCommandFor(call.caller, call.grant, *authority) : absl::OkStatus();
}

}  // namespace selaras::rpc
