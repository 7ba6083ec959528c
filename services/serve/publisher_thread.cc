#include "services/serve/publisher_thread.h"

#include <chrono>
#include <utility>

namespace selaras::serve {
namespace {

constexpr std::chrono::seconds kLook{1};

}  // namespace

PublisherThread::PublisherThread(link::PublishedLog& log, runtime::Clock& clock,
                                 runtime::Logger& logger, std::function<void()> published)
    : log_(log), clock_(clock), logger_(logger), published_(std::move(published)) {}

PublisherThread::~PublisherThread() { Stop(); }

void PublisherThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void PublisherThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void PublisherThread::Run() {
  bool failed = false;
  while (true) {
    const absl::StatusOr<bool> published = log_.Look(clock_.Monotonic());
    // A full disk is said once, not every second.
    if (!published.ok() && !std::exchange(failed, true)) {
      logger_.Warning("checkpoint not published", {{"reason", published.status().message()}});
    }
    if (published.ok()) failed = false;
    if (published.ok() && *published) published_();
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kLook, [this] { return stopping_; })) return;
  }
}

}  // namespace selaras::serve
