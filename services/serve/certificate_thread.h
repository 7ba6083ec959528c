#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

#include "services/runtime/clock.h"
#include "services/runtime/tls_in_force.h"

namespace selaras::serve {

// Looks again and again whether certificates were replaced.
class CertificateThread {
 public:
  // Everything handed in must outlive the thread.
  CertificateThread(runtime::TlsReload& reload, runtime::Clock& clock, absl::Duration every);
  // Stops.
  ~CertificateThread();

  void Start();
  // Idempotent.
  void Stop();

 private:
  void Run();

  runtime::TlsReload& reload_;
  runtime::Clock& clock_;
  const absl::Duration every_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace selaras::serve
