#pragma once

#include <functional>

#include "services/link/published_log.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/serve/repeating_thread.h"

namespace selaras::serve {

// Looks about once a second whether there is something to publish.
class PublisherThread {
 public:
  // Everything handed in must outlive the thread, on which `published` is called after each
  // publication.
  PublisherThread(link::PublishedLog& log, runtime::Clock& clock, runtime::Logger& logger,
                  std::function<void()> published);

  void Start() { thread_.Start(); }
  // Idempotent; the destructor does it, too.
  void Stop() { thread_.Stop(); }

 private:
  void Look();

  link::PublishedLog& log_;
  runtime::Clock& clock_;
  runtime::Logger& logger_;
  const std::function<void()> published_;
  bool failed_ = false;
  RepeatingThread thread_;
};

}  // namespace selaras::serve
