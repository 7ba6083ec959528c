#pragma once

#include <functional>

#include "absl/time/time.h"

#include "services/serve/worker_thread.h"

namespace selaras::serve {

// Does something when it starts, and again and again.
class RepeatingThread {
 public:
  // `work` is called on the thread, `every` so long after it was done.
  RepeatingThread(std::function<void()> work, absl::Duration every);
  // Stops.
  ~RepeatingThread();

  void Start();
  // Idempotent.
  void Stop() { thread_.Stop(); }

 private:
  const std::function<void()> work_;
  const absl::Duration every_;
  WorkerThread thread_{"housekeeping"};
};

}  // namespace selaras::serve
