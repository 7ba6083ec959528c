#include "services/serve/projector_thread.h"

#include <utility>

#include "storage/base/check.h"

namespace selaras::serve {
namespace {

constexpr absl::Duration kFullDiskPause = absl::Seconds(1);
// From the first change to counting: what changes several times meanwhile is counted once.
constexpr absl::Duration kGather = absl::Milliseconds(500);

// What was verified when it was written cannot be read: the store is failing.
bool IsFull(const absl::Status& status) {
  const bool full = absl::IsUnavailable(status);
  SELARAS_CHECK(status.ok() || full) << status.ToString();
  return full;
}

}  // namespace

ProjectorThread::ProjectorThread(node::Projector& projector, runtime::Clock& clock, Stepped stepped)
    : projector_(projector), clock_(clock), stepped_(std::move(stepped)) {
  thread_.Wake();  // what a stop left over
  thread_.Start([this] { Run(); });
}

ProjectorThread::~ProjectorThread() { Stop(); }

void ProjectorThread::Run() {
  while (true) {
    const WorkerThread::Woken woken = Wait();
    if (woken == WorkerThread::Woken::kToEnd) break;
    if (woken == WorkerThread::Woken::kByWork) Step();
    if (count_at_ && *count_at_ <= clock_.Monotonic()) Count();
  }
  if (count_at_) IsFull(projector_.Count().status());
}

WorkerThread::Woken ProjectorThread::Wait() {
  return thread_.Await(count_at_ ? *count_at_ - clock_.Monotonic() : absl::InfiniteDuration());
}

void ProjectorThread::Step() {
  const auto stepped = projector_.Step();
  const bool full = IsFull(stepped.status());
  if (full) AwaitRoom();
  if (!full && !*stepped) return;
  thread_.Wake();  // there may be more
  // Also on a full disk: what could not be counted may follow from what was derived just before.
  if (!count_at_) count_at_ = clock_.Monotonic() + kGather;
  stepped_(projector_.TakeLinksDue());
}

void ProjectorThread::Count() {
  if (IsFull(projector_.Count().status())) {
    AwaitRoom();
  } else {
    count_at_.reset();
  }
}

void ProjectorThread::AwaitRoom() { thread_.Rest(kFullDiskPause); }

}  // namespace selaras::serve
