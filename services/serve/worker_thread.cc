#include "services/serve/worker_thread.h"

#include <utility>

namespace selaras::serve {

void WorkerThread::Start(std::function<void()> run) {
  thread_ = std::thread([name = name_, run = std::move(run)] {
    base::NameThread(name);
    run();
  });
}

void WorkerThread::Wake() {
  {
    const std::lock_guard lock(mutex_);
    work_ = true;
  }
  wake_.notify_one();
}

void WorkerThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool WorkerThread::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

WorkerThread::Woken WorkerThread::Await(absl::Duration time) {
  const auto awake = [this] { return stopping_ || work_; };
  std::unique_lock lock(mutex_);
  if (time == absl::InfiniteDuration()) {
    wake_.wait(lock, awake);
  } else {
    wake_.wait_for(lock, absl::ToChronoNanoseconds(time), awake);
  }
  if (stopping_) return Woken::kToEnd;
  return std::exchange(work_, false) ? Woken::kByWork : Woken::kByTime;
}

bool WorkerThread::Rest(absl::Duration time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, absl::ToChronoNanoseconds(time), [this] { return stopping_; });
}

}  // namespace selaras::serve
