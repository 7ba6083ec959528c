#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"

#include "services/node/projector.h"
#include "services/runtime/clock.h"
#include "services/serve/worker_thread.h"

namespace selaras::serve {

// Runs the projector whenever it is woken, and counts a moment later what changed.
class ProjectorThread {
 public:
  // Called on the thread after each step that may have handled something, with the peers whose
  // links have something to do.
  using Stepped = std::function<void(const std::set<std::string>& links_due)>;

  // Everything handed in must outlive the object.
  ProjectorThread(node::Projector& projector, runtime::Clock& clock, Stepped stepped);
  // Stops.
  ~ProjectorThread();

  void Wake() { thread_.Wake(); }
  // Counts what is left. Idempotent.
  void Stop() { thread_.Stop(); }

 private:
  void Run();
  // Waits until there is something to handle or to count, or to stop.
  WorkerThread::Woken Wait();
  void Step();
  void Count();
  // On a full disk the work waits; what is there can be read meanwhile.
  void AwaitRoom();

  node::Projector& projector_;
  runtime::Clock& clock_;
  const Stepped stepped_;
  // When to count, by the monotonic clock. The thread's own.
  std::optional<absl::Duration> count_at_ = absl::ZeroDuration();
  WorkerThread thread_{"projector"};
};

}  // namespace selaras::serve
