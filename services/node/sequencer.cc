#include "services/node/sequencer.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "storage/base/thread_name.h"

namespace selaras::node {
namespace {

// What one sync carries at most; more waits for the next.
constexpr std::size_t kBatchRequestsMax = 256;

// What all waiting requests hold together at most.
constexpr std::size_t kQueueBytesMax = 64 << 20;

}  // namespace

Sequencer::Sequencer(Engine& engine, Now now, std::size_t queue_max,
                     std::function<void()> committed)
    : engine_(engine),
      now_(std::move(now)),
      queue_max_(queue_max),
      committed_(std::move(committed)),
      thread_([this] { Run(); }) {}

Sequencer::~Sequencer() { Drain(); }

void Sequencer::Submit(Request request, Done done) {
  absl::Status refused;
  const std::size_t bytes = request.header.ByteSizeLong() + request.body->ByteSizeLong();
  {
    const std::lock_guard lock(mutex_);
    if (draining_) {
      refused = domain::Refusal(absl::StatusCode::kUnavailable, "DRAINING",
                                "the node is stopping; try again when it is back");
    } else if (queue_.size() >= queue_max_ || queued_bytes_ + bytes > kQueueBytesMax) {
      refused = domain::Refusal(absl::StatusCode::kResourceExhausted, "QUEUE_FULL",
                                absl::StrCat(queue_.size(), " requests are waiting; try again"));
    } else {
      queued_bytes_ += bytes;
      queue_.push_back({std::move(request), std::move(done), bytes});
    }
  }
  if (!refused.ok()) return done(refused);
  wake_.notify_one();
}

std::size_t Sequencer::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Sequencer::Drain() {
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
  }
  wake_.notify_one();
  const std::lock_guard lock(join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void Sequencer::Run() {
  base::NameThread("sequencer");
  while (true) {
    std::vector<Waiting> batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return draining_ || !queue_.empty(); });
      if (queue_.empty()) return;
      while (!queue_.empty() && batch.size() < kBatchRequestsMax) {
        queued_bytes_ -= queue_.front().bytes;
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    const absl::StatusOr<absl::Time> now = now_();
    if (!now.ok()) {
      for (const Waiting& waiting : batch) waiting.done(now.status());
      continue;
    }
    std::vector<const Request*> requests;
    for (const Waiting& waiting : batch) requests.push_back(&waiting.request);
    std::vector<Outcome> outcomes = engine_.Execute(requests, *now);
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(outcomes[i]));
    committed_();
  }
}

}  // namespace selaras::node
