#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

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
  void Stop();

 private:
  void Run();

  const std::function<void()> work_;
  const absl::Duration every_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace selaras::serve
