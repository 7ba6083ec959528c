#include "services/rpc/pipeline_call.h"

#include <string>
#include <utility>
#include <vector>

#include "services/rpc/call_log.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/messages.h"
#include "services/runtime/refusal.h"

namespace selaras::rpc {
namespace {

// One message holds answers up to here, or a single one: clients take 4 MiB by default.
constexpr std::size_t kMessageBytes = 256 << 10;

}  // namespace

struct PipelineCall::Slot {
  std::size_t bytes;
  std::unique_ptr<google::protobuf::Message> request;
  std::unique_ptr<google::protobuf::Message> response;
  bool answered = false;  // under mutex_
  grpc::Slice answer = {};
  ClientLimits::Lease lease = {};
};

PipelineCall::PipelineCall(const PipelineMethod& method, CallInfo info, runtime::Logger& log)
    : method_(method), info_(std::move(info)), log_(log) {}

PipelineCall* PipelineCall::Open() {
  self_ = shared_from_this();
  const std::lock_guard lock(mutex_);
  Read();
  return this;
}

void PipelineCall::Drain() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
  Write();
}

void PipelineCall::OnReadDone(bool ok) {
  if (!ok) {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    closed_ = true;
    return Write();
  }
  auto slot = std::make_shared<Slot>(
      Slot{arriving_.Length(), std::unique_ptr<google::protobuf::Message>(method_.request.New()),
           std::unique_ptr<google::protobuf::Message>(method_.response.New())});
  const absl::Status parsed = ParseRequest(arriving_, slot->request.get());
  arriving_.Clear();
  {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    handling_ = true;
    slots_.push_back(slot);
    ++requests_;
    bytes_ += slot->bytes;
  }
  Handle(slot, parsed);
  const std::lock_guard lock(mutex_);
  handling_ = false;
  Read();
  Write();
}

void PipelineCall::Handle(const std::shared_ptr<Slot>& slot, const absl::Status& parsed) {
  absl::StatusOr<ClientLimits::Lease> lease = method_.begin(info_);
  if (!lease.ok()) {
    if (!parsed.ok()) slot->request->Clear();
    return Answer(slot, lease.status());
  }
  slot->lease = *std::move(lease);
  if (!parsed.ok()) {
    slot->request->Clear();
    return Answer(slot, parsed);
  }
  if (const absl::Status refused = method_.check(*slot->request, info_); !refused.ok()) {
    return Answer(slot, refused);
  }
  method_.handler(*slot->request, slot->response.get(), info_,
                  Done([call = shared_from_this(), slot](const absl::Status& status) {
                    call->Answer(slot, status);
                  }));
}

void PipelineCall::Answer(const std::shared_ptr<Slot>& slot, const absl::Status& status) {
  if (!status.ok()) method_.refuse(*slot->request, status, slot->response.get());
  LogCall(log_, info_, status);
  slot->answer = grpc::Slice(slot->response->SerializeAsString());
  // A caller that does not read keeps no more than answers here.
  slot->lease.reset();
  slot->request.reset();
  slot->response.reset();
  const std::lock_guard lock(mutex_);
  slot->answered = true;
  Write();
}

void PipelineCall::Read() {
  if (reading_ || handling_ || closed_ || draining_ || gone_ || ended_) return;
  if (requests_ >= method_.bounds.requests || bytes_ >= method_.bounds.bytes) return;
  reading_ = true;
  StartRead(&arriving_);
}

void PipelineCall::Write() {
  if (writing_ || ended_) return;
  if (gone_) return End(absl::CancelledError("the caller went away"));
  std::vector<grpc::Slice> answers;
  std::size_t length = 0;
  while (!slots_.empty() && slots_.front()->answered && length < kMessageBytes) {
    Slot& slot = *slots_.front();
    length += slot.answer.size();
    answers.push_back(std::move(slot.answer));
    ++sending_requests_;
    sending_bytes_ += slot.bytes;
    slots_.pop_front();
  }
  if (!answers.empty()) {
    // Messages of repeated fields: one after the other they are one message that has all.
    leaving_ = grpc::ByteBuffer(answers.data(), answers.size());
    writing_ = true;
    return StartWrite(&leaving_);
  }
  if (!slots_.empty() || handling_) return;
  if (closed_) return End(absl::OkStatus());
  if (draining_) {
    End(runtime::Refusal(absl::StatusCode::kUnavailable, "DRAINING",
                         "the node is stopping; repeat what was not answered when it is back"));
  }
}

void PipelineCall::End(const absl::Status& status) {
  ended_ = true;
  Finish(ToGrpc(status));
}

void PipelineCall::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  requests_ -= std::exchange(sending_requests_, 0);
  bytes_ -= std::exchange(sending_bytes_, 0);
  if (!ok) gone_ = true;
  Write();
  Read();
}

void PipelineCall::OnCancel() {
  const std::lock_guard lock(mutex_);
  gone_ = true;
  Write();
}

void PipelineCall::OnDone() {
  // Handlers that still work for it hold it.
  const std::shared_ptr<PipelineCall> last = std::move(self_);
}

}  // namespace selaras::rpc
