#include "services/serve/projector_thread.h"

#include <chrono>
#include <utility>

#include "storage/base/check.h"
#include "storage/base/thread_name.h"

namespace selaras::serve {
namespace {

constexpr std::chrono::seconds kFullDiskPause{1};
// From the first change to counting: what changes several times meanwhile is counted once.
constexpr absl::Duration kGather = absl::Milliseconds(500);

// What was verified when it was written cannot be read: the store is failing.
bool IsFull(const absl::Status& status) {
  const bool full = absl::IsUnavailable(status);
  SELARAS_CHECK(status.ok() || full) << status.ToString();
  return full;
}

}  // namespace

ProjectorThread::ProjectorThread(node::Projector& projector, runtime::Clock& clock,
                                 std::function<void()> stepped)
    : projector_(projector),
      clock_(clock),
      stepped_(std::move(stepped)),
      thread_([this] { Run(); }) {}

ProjectorThread::~ProjectorThread() { Stop(); }

void ProjectorThread::Wake() {
  {
    const std::lock_guard lock(mutex_);
    work_ = true;
  }
  wake_.notify_one();
}

void ProjectorThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void ProjectorThread::Run() {
  base::NameThread("projector");
  while (true) {
    Wait();
    bool work = false;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
      work = std::exchange(work_, false);
    }
    if (work) Step();
    if (count_at_ && *count_at_ <= clock_.Monotonic()) Count();
  }
  if (count_at_) IsFull(projector_.Count().status());
}

void ProjectorThread::Wait() {
  const auto awake = [this] { return stopping_ || work_; };
  std::unique_lock lock(mutex_);
  if (count_at_) {
    wake_.wait_for(lock, absl::ToChronoNanoseconds(*count_at_ - clock_.Monotonic()), awake);
  } else {
    wake_.wait(lock, awake);
  }
}

void ProjectorThread::Step() {
  const auto stepped = projector_.Step();
  const bool full = IsFull(stepped.status());
  if (full) AwaitRoom();
  if (!full && !*stepped) return;
  {
    const std::lock_guard lock(mutex_);
    work_ = true;  // there may be more
  }
  if (full) return;
  if (!count_at_) count_at_ = clock_.Monotonic() + kGather;
  stepped_();
}

void ProjectorThread::Count() {
  if (IsFull(projector_.Count().status())) {
    AwaitRoom();
  } else {
    count_at_.reset();
  }
}

void ProjectorThread::AwaitRoom() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, kFullDiskPause, [this] { return stopping_; });
}

}  // namespace selaras::serve
