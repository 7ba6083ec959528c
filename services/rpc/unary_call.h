#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "services/rpc/client_limits.h"
#include "services/rpc/service.h"
#include "services/runtime/log.h"

namespace selaras::rpc {

// One unary call between its arrival and its answer. It may outlive what gRPC keeps of the call:
// a client that goes away is answered at once, while the handler still works on the messages.
class UnaryCall : public std::enable_shared_from_this<UnaryCall> {
 public:
  UnaryCall(const google::protobuf::Message& request, const google::protobuf::Message& response,
            grpc::ByteBuffer* answer, runtime::Logger& log);

  // What gRPC waits on; it holds the call until it was answered.
  grpc::ServerUnaryReactor* MakeReactor();

  // Keeps it until the call is answered, or until the handler is done if the caller went away.
  void Hold(ClientLimits::Lease lease) { lease_ = std::move(lease); }

  // INVALID_ARGUMENT unless the bytes are a request.
  absl::Status Parse(const grpc::ByteBuffer& bytes);

  // Answers, if nobody did before. Any thread.
  void Answer(const absl::Status& status);
  // The caller went away: the answer reaches nobody, but gRPC waits for one.
  void Abandon();

  CallInfo& info() { return info_; }
  const google::protobuf::Message& request() const { return *request_; }
  google::protobuf::Message* response() { return response_.get(); }

 private:
  class Reactor;

  void Finish(const absl::Status& status);  // mutex_ is held

  CallInfo info_;
  const std::unique_ptr<google::protobuf::Message> request_;
  const std::unique_ptr<google::protobuf::Message> response_;
  runtime::Logger& log_;
  std::mutex mutex_;
  ClientLimits::Lease lease_;
  grpc::ServerUnaryReactor* reactor_ = nullptr;  // null once answered
  grpc::ByteBuffer* const answer_;               // gRPC's, gone once answered
};

}  // namespace selaras::rpc
