#pragma once

#include <mutex>

#include "absl/time/time.h"

#include "tools/selaras/clock.h"

namespace selaras::cli {

// Knows since when nothing has happened. Thread-safe.
class Patience {
 public:
  Patience(Clock& clock, absl::Duration wait) : clock_(clock), wait_(wait), last_(clock.Now()) {}

  // Something has happened: the wait begins anew.
  void Renew() {
    const std::lock_guard lock(mutex_);
    last_ = clock_.Now();
  }

  bool over() const {
    const std::lock_guard lock(mutex_);
    return clock_.Now() - last_ >= wait_;
  }

 private:
  Clock& clock_;
  const absl::Duration wait_;
  mutable std::mutex mutex_;
  absl::Time last_;
};

// How long to pause before asking again for the `attempt`-th time (from 0): doubles from 100 ms to
// 1 s, not shorter than the node asked for.
absl::Duration Pause(int attempt, absl::Duration asked);

}  // namespace selaras::cli
