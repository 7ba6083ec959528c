#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include "selaras/intake/v1/intake.grpc.pb.h"

#include "tools/load/commander.h"
#include "tools/selaras/channel.h"

namespace selaras::load {
namespace {

using intake::v1::ExecuteBatchRequest;
using intake::v1::ExecuteStreamRequest;
using intake::v1::ExecuteStreamResponse;
using intake::v1::IntakeService;

// One stream for all callers.
class StreamCommander final
    : public Commander,
      public grpc::ClientBidiReactor<ExecuteStreamRequest, ExecuteStreamResponse> {
 public:
  StreamCommander(const std::shared_ptr<grpc::Channel>& channel, cli::NodeAddress address)
      : stub_(IntakeService::NewStub(channel)), address_(std::move(address)) {
    stub_->async()->ExecuteStream(&context_, this);
    // Writes come from the threads of callers.
    AddHold();
    StartRead(&arriving_);
    StartCall();
  }
  StreamCommander(const StreamCommander&) = delete;
  StreamCommander& operator=(const StreamCommander&) = delete;

  ~StreamCommander() override {
    std::unique_lock lock(mutex_);
    if (!writing_ && !broken_) StartWritesDone();
    LetGo();
    done_.wait(lock, [this] { return ended_; });
  }

  void Execute(const ExecuteBatchRequest& request, Answer answer) override {
    absl::Status broken;
    {
      const std::lock_guard lock(mutex_);
      if (broken_) {
        broken = absl::UnavailableError("the stream has ended");
      } else {
        waiting_.push_back({request.header().request_id(), std::move(answer)});
        ExecuteStreamRequest& queued = queued_.emplace_back();
        *queued.mutable_header() = request.header();
        *queued.mutable_commands() = request.commands();
        Write();
      }
    }
    if (!broken.ok()) answer(broken);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    broken_ = broken_ || !ok;
    Write();
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      const std::lock_guard lock(mutex_);
      LetGo();
      return;
    }
    for (command::v1::CommandResult& result : *arriving_.mutable_results()) Take(&result);
    StartRead(&arriving_);
  }

  void OnDone(const grpc::Status& status) override {
    std::deque<Waiting> unanswered;
    {
      const std::lock_guard lock(mutex_);
      broken_ = true;
      unanswered.swap(waiting_);
    }
    const absl::Status why =
        status.ok() ? absl::DataLossError("the node ended the stream without answering all")
                    : cli::StatusOf(status, address_.address);
    for (const Waiting& each : unanswered) each.answer(why);
    const std::lock_guard lock(mutex_);
    ended_ = true;
    done_.notify_one();
  }

 private:
  struct Waiting {
    std::string request_id;
    Answer answer;
  };

  // Sends nothing any more, so that gRPC may say how the stream ended. Under mutex_.
  void LetGo() {
    broken_ = true;
    if (std::exchange(held_, false)) RemoveHold();
  }

  // Sends the next request, if none is being sent. Under mutex_.
  void Write() {
    if (writing_ || broken_ || queued_.empty()) return;
    leaving_ = std::move(queued_.front());
    queued_.pop_front();
    writing_ = true;
    StartWrite(&leaving_);
  }

  // Gives a result to whoever waits for it: answers come in the order of the requests.
  void Take(command::v1::CommandResult* result) {
    Waiting first;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) return;
      first = std::move(waiting_.front());
      waiting_.pop_front();
    }
    if (result->request_id() != first.request_id) {
      first.answer(absl::DataLossError(absl::StrCat("the answer to ", first.request_id,
                                                    " was expected, that to ", result->request_id(),
                                                    " came")));
    } else if (result->has_error()) {
      const auto& error = result->error();
      first.answer(cli::StatusOf(grpc::Status(static_cast<grpc::StatusCode>(error.code()),
                                              error.message(), error.SerializeAsString()),
                                 address_.address));
    } else {
      first.answer(std::move(*result->mutable_outcome()));
    }
  }

  const std::unique_ptr<IntakeService::Stub> stub_;
  const cli::NodeAddress address_;
  grpc::ClientContext context_;
  ExecuteStreamRequest leaving_;    // gRPC's while writing_
  ExecuteStreamResponse arriving_;  // gRPC's, but in OnReadDone

  std::mutex mutex_;
  std::condition_variable done_;
  std::deque<ExecuteStreamRequest> queued_;
  std::deque<Waiting> waiting_;  // for answers
  bool held_ = true;             // gRPC must not end the stream
  bool writing_ = false;
  bool broken_ = false;  // nothing can be sent any more
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Commander> OpenStream(const std::shared_ptr<grpc::Channel>& channel,
                                      const cli::NodeAddress& address) {
  return std::make_unique<StreamCommander>(channel, address);
}

}  // namespace selaras::load
