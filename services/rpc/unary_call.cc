#include "services/rpc/unary_call.h"

#include <utility>

#include <grpcpp/support/proto_buffer_writer.h>

#include "services/rpc/call_log.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/messages.h"

namespace selaras::rpc {
namespace {

absl::Status Serialize(const google::protobuf::Message& message, grpc::ByteBuffer* bytes) {
  const std::size_t size = message.ByteSizeLong();
  if (size <= static_cast<std::size_t>(INT32_MAX)) {
    grpc::ProtoBufferWriter writer(bytes, grpc::kProtoBufferWriterMaxBufferLength,
                                   static_cast<int>(size));
    if (message.SerializeToZeroCopyStream(&writer)) return absl::OkStatus();
  }
  return absl::InternalError("the answer could not be written; ask for less at once");
}

}  // namespace

class UnaryCall::Reactor final : public grpc::ServerUnaryReactor {
 public:
  explicit Reactor(std::shared_ptr<UnaryCall> call) : call_(std::move(call)) {}

  void OnCancel() override { call_->Abandon(); }
  void OnDone() override { delete this; }

 private:
  const std::shared_ptr<UnaryCall> call_;
};

UnaryCall::UnaryCall(const google::protobuf::Message& request,
                     const google::protobuf::Message& response, grpc::ByteBuffer* answer,
                     runtime::Logger& log)
    : request_(request.New()), response_(response.New()), log_(log), answer_(answer) {}

grpc::ServerUnaryReactor* UnaryCall::MakeReactor() {
  reactor_ = new Reactor(shared_from_this());
  return reactor_;
}

absl::Status UnaryCall::Parse(const grpc::ByteBuffer& bytes) {
  return ParseRequest(bytes, request_.get());
}

void UnaryCall::Answer(const absl::Status& status) {
  const std::lock_guard lock(mutex_);
  // Before the caller can send the next.
  lease_.reset();
  Finish(status);
}

void UnaryCall::Abandon() {
  const std::lock_guard lock(mutex_);
  Finish(absl::CancelledError("the caller went away"));
}

void UnaryCall::Finish(const absl::Status& status) {
  if (reactor_ == nullptr) return;
  const absl::Status result = status.ok() ? Serialize(*response_, answer_) : status;
  LogCall(log_, info_, result);
  // With Finish the reactor may be gone, and what it points to.
  std::exchange(reactor_, nullptr)->Finish(ToGrpc(result));
}

}  // namespace selaras::rpc
