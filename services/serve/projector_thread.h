#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/time/time.h"

#include "services/node/projector.h"
#include "services/runtime/clock.h"

namespace selaras::serve {

// Runs the projector whenever it is woken, and counts a moment later what changed.
class ProjectorThread {
 public:
  // `stepped` is called on the thread after each step that handled something. Everything handed in
  // must outlive the object.
  ProjectorThread(node::Projector& projector, runtime::Clock& clock, std::function<void()> stepped);
  // Stops.
  ~ProjectorThread();

  void Wake();
  // Counts what is left. Idempotent.
  void Stop();

 private:
  void Run();
  // Waits until there is something to handle or to count, or to stop.
  void Wait();
  void Step();
  void Count();
  // On a full disk the work waits; what is there can be read meanwhile.
  void AwaitRoom();

  node::Projector& projector_;
  runtime::Clock& clock_;
  const std::function<void()> stepped_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool work_ = true;       // under mutex_; what a stop left over
  bool stopping_ = false;  // under mutex_
  // When to count, by the monotonic clock. The thread's own.
  std::optional<absl::Duration> count_at_ = absl::ZeroDuration();
  std::thread thread_;
};

}  // namespace selaras::serve
