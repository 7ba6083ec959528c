#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/slice.h>

#include "services/rpc/client_limits.h"
#include "services/rpc/service.h"
#include "services/runtime/log.h"

namespace selaras::rpc {

// A method of Service::Pipeline.
struct PipelineMethod {
  const google::protobuf::Message& request;
  const google::protobuf::Message& response;
  PipelineBounds bounds;
  std::function<void(const google::protobuf::Message&, google::protobuf::Message*, const CallInfo&,
                     Done)>
      handler;
  std::function<void(const google::protobuf::Message&, const absl::Status&,
                     google::protobuf::Message*)>
      refuse;
  // Counts a request against what its client may have under way.
  std::function<absl::StatusOr<ClientLimits::Lease>(const CallInfo&)> begin;
  // Whether a request is understood and may be sent by the caller.
  std::function<absl::Status(const google::protobuf::Message&, const CallInfo&)> check;
};

// One stream. It may outlive what gRPC keeps of it: handlers still work for a caller that went.
class PipelineCall final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                           public std::enable_shared_from_this<PipelineCall> {
 public:
  // `method` and `log` must outlive it.
  PipelineCall(const PipelineMethod& method, CallInfo info, runtime::Logger& log);

  // Begins to read. Gives what gRPC waits on, which holds the object until gRPC is done.
  PipelineCall* Open();

  // Takes no more requests, and ends with UNAVAILABLE when all answers are sent. Any thread.
  void Drain();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // A request between its arrival and its answer.
  struct Slot;

  // Hands on what was read, and answers what is refused before.
  void Handle(const std::shared_ptr<Slot>& slot, const absl::Status& parsed);
  void Answer(const std::shared_ptr<Slot>& slot, const absl::Status& status);

  // These go on with what can be done; mutex_ is held.
  void Read();
  void Write();
  void End(const absl::Status& status);

  const PipelineMethod& method_;
  const CallInfo info_;
  runtime::Logger& log_;
  std::shared_ptr<PipelineCall> self_;
  grpc::ByteBuffer arriving_;  // gRPC's while reading_
  grpc::ByteBuffer leaving_;   // gRPC's while writing_

  std::mutex mutex_;
  std::deque<std::shared_ptr<Slot>> slots_;  // in the order of the requests
  std::size_t requests_ = 0;                 // under way: slots_, and those whose answers are sent
  std::size_t bytes_ = 0;                    // of these
  std::size_t sending_requests_ = 0;
  std::size_t sending_bytes_ = 0;
  bool reading_ = false;
  bool handling_ = false;  // a request is on its way to the handler: the next must wait
  bool writing_ = false;
  bool closed_ = false;  // the caller sends no more
  bool draining_ = false;
  bool gone_ = false;   // nobody reads answers any more
  bool ended_ = false;  // gRPC has the status
};

}  // namespace selaras::rpc
