#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

#include "storage/base/thread_name.h"

namespace selaras::serve {

// A thread that rests until there is work, and ends when it is told to.
class WorkerThread {
 public:
  explicit WorkerThread(base::ThreadName name) : name_(name) {}
  // Stops.
  ~WorkerThread() { Stop(); }
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  // Once at most. `run` returns soon after it is told to end.
  void Start(std::function<void()> run);

  // There is work. Also before the start. Thread-safe.
  void Wake();
  // Tells the thread to end, and waits for it; also without a start. Idempotent.
  void Stop();
  // Whether it was told to end. Thread-safe.
  bool stopping() const;

  // What the thread itself waits with.

  enum class Woken { kByWork, kByTime, kToEnd };
  // Until there was work since it was last woken by some, the time is over, or it is to end, which
  // comes before both.
  Woken Await(absl::Duration time = absl::InfiniteDuration());
  // So long, which is finite, work or not. False if it is to end.
  bool Rest(absl::Duration time);

 private:
  const base::ThreadName name_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool work_ = false;      // under mutex_
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace selaras::serve
