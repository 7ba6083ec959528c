#include "services/serve/certificate_thread.h"

#include <utility>

namespace selaras::serve {

CertificateThread::CertificateThread(std::function<void()> look, absl::Duration every)
    : look_(std::move(look)), every_(every) {}

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
    look_();
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, absl::ToChronoMilliseconds(every_), [this] { return stopping_; })) {
      return;
    }
  }
}

}  // namespace selaras::serve
