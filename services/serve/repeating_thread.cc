#include "services/serve/repeating_thread.h"

#include <utility>

#include "storage/base/thread_name.h"

namespace selaras::serve {

RepeatingThread::RepeatingThread(std::function<void()> work, absl::Duration every)
    : work_(std::move(work)), every_(every) {}

RepeatingThread::~RepeatingThread() { Stop(); }

void RepeatingThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void RepeatingThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void RepeatingThread::Run() {
  base::NameThread("housekeeping");
  while (true) {
    work_();
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, absl::ToChronoMilliseconds(every_), [this] { return stopping_; })) {
      return;
    }
  }
}

}  // namespace selaras::serve
