#include "services/serve/certificate_thread.h"

namespace selaras::serve {

CertificateThread::CertificateThread(runtime::TlsReload& reload, runtime::Clock& clock,
                                     absl::Duration every)
    : reload_(reload), clock_(clock), every_(every) {}

CertificateThread::~CertificateThread() { Stop(); }

void CertificateThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void CertificateThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CertificateThread::Run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, absl::ToChronoMilliseconds(every_), [this] { return stopping_; })) {
        return;
      }
    }
    reload_.Look(clock_.Now());
  }
}

}  // namespace selaras::serve
