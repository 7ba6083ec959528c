#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "services/node/engine.h"

namespace selaras::node {

// The one thread that owns the order of a node's events. Callers hand in requests and are called
// back when the outcome is durable. Bounded: overload refuses (rule 12).
class Sequencer {
 public:
  // Tells the wall-clock time of a batch; an error is the answer to all its requests.
  using Now = std::function<absl::StatusOr<absl::Time>()>;
  // Called once, on the sequencer's thread: must be quick.
  using Done = std::function<void(Outcome)>;

  // `committed` is called after every commit, on the sequencer's thread.
  Sequencer(Engine& engine, Now now, std::size_t queue_max, std::function<void()> committed);
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;
  // Drains.
  ~Sequencer();

  // Queues a request. Calls `done` at once with RESOURCE_EXHAUSTED if the queue is full, of
  // requests or of bytes, and with UNAVAILABLE after Drain(). Thread-safe.
  void Submit(Request request, Done done);

  // Requests that wait. Thread-safe.
  std::size_t waiting() const;

  // Takes no more requests, answers those that wait, stops the thread. Thread-safe, idempotent.
  void Drain();

 private:
  struct Waiting {
    Request request;
    Done done;
    std::size_t bytes;
  };

  void Run();

  Engine& engine_;
  const Now now_;
  const std::size_t queue_max_;
  const std::function<void()> committed_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;     // under mutex_
  std::size_t queued_bytes_ = 0;  // under mutex_
  bool draining_ = false;         // under mutex_
  std::mutex join_mutex_;
  std::thread thread_;
};

}  // namespace selaras::node
