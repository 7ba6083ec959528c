#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "services/link/published_log.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"

namespace selaras::serve {

// Looks about once a second whether there is something to publish.
class PublisherThread {
 public:
  // Everything handed in must outlive the thread, on which `published` is called after each
  // publication.
  PublisherThread(link::PublishedLog& log, runtime::Clock& clock, runtime::Logger& logger,
                  std::function<void()> published);
  // Stops.
  ~PublisherThread();

  void Start();
  // Idempotent.
  void Stop();

 private:
  void Run();

  link::PublishedLog& log_;
  runtime::Clock& clock_;
  runtime::Logger& logger_;
  const std::function<void()> published_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace selaras::serve
