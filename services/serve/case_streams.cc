#include "services/serve/case_streams.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include <grpcpp/support/server_callback.h>

#include "selaras/query/v1/query.pb.h"

#include "services/domain/refusal.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/stream.h"
#include "services/serve/viewer_of.h"

namespace selaras::serve {
namespace {

using query::v1::WatchCasesRequest;
using query::v1::WatchCasesResponse;

// Changes in one message.
constexpr int kPage = 100;

absl::Status Draining() {
  return domain::Refusal(absl::StatusCode::kUnavailable, "DRAINING",
                         "the node is stopping; go on from the last cursor when it is back");
}

}  // namespace

// One call. Lives until gRPC is done with it, and no reading is under way.
class CaseStream final : public grpc::ServerWriteReactor<WatchCasesResponse>,
                         public std::enable_shared_from_this<CaseStream> {
 public:
  CaseStream(CaseStreams& streams, const rpc::CallInfo& call, std::uint64_t after)
      : streams_(streams),
        viewer_(ViewerOf(call)),
        holds_(call.grant.holds),
        lease_(call.lease),
        cursor_(after) {}

  void Open() {
    self_ = shared_from_this();
    const absl::Status refused = streams_.Add(self_);
    if (refused.ok()) {
      streams_.Wake();
    } else {
      End(refused);
    }
  }

  // Reads and sends the next page if nothing is under way. True if there may be more to read.
  bool Advance(const node::CaseReader& reader) {
    query::v1::ListChangesRequest request;
    {
      const std::lock_guard lock(mutex_);
      if (reading_ || writing_ || ended_) return false;
      reading_ = true;
      request.set_after_cursor(cursor_);
    }
    request.set_page_size(kPage);
    const absl::Status holds = holds_ ? holds_() : absl::OkStatus();
    auto page = holds.ok() ? reader.ListChanges(request, viewer_) : holds;
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (ended_ || !page.ok()) {
      EndLocked(page.status());
      return false;
    }
    const bool moved = page->cursor() != cursor_;
    cursor_ = page->cursor();
    if (page->changes().empty()) {
      if (moved) return true;  // only cases of others: further on
      if (told_all_) return false;
    }
    told_all_ = page->changes().empty();
    *response_.mutable_changes() = std::move(*page->mutable_changes());
    response_.set_cursor(cursor_);
    writing_ = true;
    StartWrite(&response_);
    return false;
  }

  void End(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    EndLocked(status);
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      if (!ok || ended_) {
        EndLocked(absl::CancelledError("the caller went"));
        return;
      }
    }
    streams_.Wake();
  }

  void OnCancel() override { End(absl::CancelledError("the caller went")); }

  void OnDone() override {
    streams_.Remove(this);
    // Whoever reads for it still holds it.
    const std::shared_ptr<CaseStream> last = std::move(self_);
  }

 private:
  // The first reason counts. gRPC hears of it when nothing is under way.
  void EndLocked(const absl::Status& status) {
    if (!ended_) reason_ = status;
    ended_ = true;
    if (reading_ || writing_ || finished_) return;
    finished_ = true;
    Finish(rpc::ToGrpc(reason_));
  }

  CaseStreams& streams_;
  const node::Viewer viewer_;
  const std::function<absl::Status()> holds_;
  const std::shared_ptr<const void> lease_;
  std::shared_ptr<CaseStream> self_;
  std::mutex mutex_;
  std::uint64_t cursor_;
  bool told_all_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool ended_ = false;
  bool finished_ = false;
  absl::Status reason_;
  WatchCasesResponse response_;
};

CaseStreams::CaseStreams(const node::CaseReader& reader, std::size_t streams_max)
    : reader_(reader), streams_max_(streams_max) {
  thread_.Start([this] { Run(); });
}

CaseStreams::~CaseStreams() { Stop(); }

std::size_t CaseStreams::size() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

absl::Status CaseStreams::Add(std::shared_ptr<CaseStream> stream) {
  const std::lock_guard lock(mutex_);
  if (thread_.stopping()) return Draining();  // told to end before it takes the last ones
  if (streams_.size() >= streams_max_) {
    return domain::Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_WATCHERS",
                           absl::StrCat(streams_.size(),
                                        " callers watch cases already; ask with ListChanges, or "
                                        "try again later"));
  }
  streams_.push_back(std::move(stream));
  return absl::OkStatus();
}

void CaseStreams::Remove(const CaseStream* stream) {
  const std::lock_guard lock(mutex_);
  std::erase_if(streams_, [stream](const auto& each) { return each.get() == stream; });
}

void CaseStreams::Run() {
  bool ending = false;
  while (!ending) {
    ending = thread_.Await() == WorkerThread::Woken::kToEnd;
    std::vector<std::shared_ptr<CaseStream>> streams;
    {
      const std::lock_guard lock(mutex_);
      streams = streams_;
    }
    bool more = false;
    for (const auto& stream : streams) {
      if (ending) {
        stream->End(Draining());
      } else {
        more = stream->Advance(reader_) || more;
      }
    }
    if (more) Wake();
  }
}

void AddWatchCases(rpc::Service& service, CaseStreams& streams) {
  rpc::AddServerStream<WatchCasesRequest, WatchCasesResponse>(
      service, "WatchCases",
      [&streams](const WatchCasesRequest& request,
                 const rpc::CallInfo& call) -> grpc::ServerWriteReactor<WatchCasesResponse>* {
        const auto stream = std::make_shared<CaseStream>(streams, call, request.after_cursor());
        stream->Open();
        return stream.get();
      });
}

}  // namespace selaras::serve
