#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/node/sequencer.h"
#include "services/node/watcher.h"
#include "services/runtime/clock.h"
#include "services/runtime/clock_guard.h"
#include "services/runtime/log.h"
#include "services/serve/worker_thread.h"

namespace selaras::serve {

// Runs the watcher: when something changed, and when something is due. States nothing while the
// clock is in doubt.
class WatcherThread {
 public:
  // Everything handed in must outlive the thread, on which `trusted` is told whenever the clock
  // comes into doubt, or out of it. Nothing is stated while `may_write` answers false.
  WatcherThread(node::Watcher& watcher, node::Sequencer& sequencer, runtime::Clock& clock,
                runtime::ClockGuard& guard, runtime::Logger& log, std::function<void(bool)> trusted,
                std::function<bool()> may_write);
  // Stops.
  ~WatcherThread();

  void Start();
  // Something changed: it is looked at within a quarter of a second. Thread-safe, also before the
  // start.
  void Wake() { thread_.Wake(); }
  // Waits until what was asked for is answered: before the sequencer drains. Idempotent.
  void Stop() { thread_.Stop(); }

 private:
  void Run();
  // Indexes what changed; false to stop.
  bool Learn();
  // How long to wait before the next look.
  absl::Duration Speak();
  bool IsClockTrusted();
  void State(std::vector<node::Request> requests);

  node::Watcher& watcher_;
  node::Sequencer& sequencer_;
  runtime::Clock& clock_;
  runtime::ClockGuard& guard_;
  runtime::Logger& log_;
  const std::function<void(bool)> trusted_;
  const std::function<bool()> may_write_;
  bool doubted_ = false;
  WorkerThread thread_{"watcher"};
};

}  // namespace selaras::serve
