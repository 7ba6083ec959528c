#include "services/serve/tail_stream.h"

#include <memory>
#include <mutex>
#include <utility>

#include <grpcpp/support/server_callback.h>

#include "services/rpc/grpc_status.h"
#include "services/rpc/stream.h"

namespace selaras::serve {
namespace {

using ledger::v1::TailEntriesRequest;
using ledger::v1::TailEntriesResponse;

class TailStream final : public grpc::ServerWriteReactor<TailEntriesResponse> {
 public:
  TailStream(Tails& tails, absl::StatusOr<TailSource> source, std::uint64_t next,
             std::shared_ptr<const void> lease)
      : tails_(tails), source_(std::move(source)), lease_(std::move(lease)), next_(next) {
    door_->stream = this;
  }

  void Open() {
    wake_ = tails_.Add([door = door_] {
      const std::lock_guard lock(door->mutex);
      if (door->stream != nullptr) door->stream->Advance();
    });
    Advance();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      if (!ok) gone_ = true;
    }
    Advance();
  }

  void OnCancel() override {
    {
      const std::lock_guard lock(mutex_);
      gone_ = true;
    }
    Advance();
  }

  void OnDone() override {
    {
      const std::lock_guard lock(door_->mutex);
      door_->stream = nullptr;
    }
    delete this;
  }

 private:
  // Where wake-ups come in; outlives the stream for one that is under way when it ends.
  struct Door {
    std::mutex mutex;
    TailStream* stream;
  };

  // Sends the next entry, if there is one and none is under way; ends if it is time.
  void Advance() {
    const std::lock_guard lock(mutex_);
    if (finished_ || writing_) return;
    if (!source_.ok() || gone_ || tails_.stopped()) {
      finished_ = true;
      Finish(rpc::ToGrpc(gone_ ? absl::CancelledError("the caller went") : source_.status()));
      return;
    }
    if (next_ >= source_->size()) return;
    auto record = source_->record(next_);
    if (!record.ok()) {
      finished_ = true;
      Finish(rpc::ToGrpc(record.status()));
      return;
    }
    ++next_;
    *response_.mutable_entry() = *std::move(record);
    writing_ = true;
    StartWrite(&response_);
  }

  Tails& tails_;
  const absl::StatusOr<TailSource> source_;
  const std::shared_ptr<const void> lease_;
  const std::shared_ptr<Door> door_ = std::make_shared<Door>();
  std::mutex mutex_;
  Tails::Handle wake_;
  std::uint64_t next_;
  bool writing_ = false;
  bool gone_ = false;
  bool finished_ = false;
  TailEntriesResponse response_;
};

}  // namespace

void AddTail(
    rpc::Service& service, Tails& tails,
    std::function<absl::StatusOr<TailSource>(const TailEntriesRequest&, const rpc::CallInfo&)>
        open) {
  rpc::AddServerStream<TailEntriesRequest, TailEntriesResponse>(
      service, "TailEntries",
      [&tails, open = std::move(open)](const TailEntriesRequest& request, const rpc::CallInfo& call)
          -> grpc::ServerWriteReactor<TailEntriesResponse>* {
        auto* stream = new TailStream(tails, open(request, call), request.start(), call.lease);
        stream->Open();
        return stream;
      });
}

}  // namespace selaras::serve
