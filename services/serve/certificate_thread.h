#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace selaras::serve {

// Looks at the certificates at the start and again and again.
class CertificateThread {
 public:
  // `look` is called on the thread.
  CertificateThread(std::function<void()> look, absl::Duration every);
  // Stops.
  ~CertificateThread();

  void Start();
  // Idempotent.
  void Stop();

 private:
  void Run();

  const std::function<void()> look_;
  const absl::Duration every_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace selaras::serve
