#include "services/serve/repeating_thread.h"

#include <utility>

namespace selaras::serve {

RepeatingThread::RepeatingThread(std::function<void()> work, absl::Duration every)
    : work_(std::move(work)), every_(every) {}

RepeatingThread::~RepeatingThread() { Stop(); }

void RepeatingThread::Start() {
  thread_.Start([this] {
    do {
      work_();
    } while (thread_.Rest(every_));
  });
}

}  // namespace selaras::serve
