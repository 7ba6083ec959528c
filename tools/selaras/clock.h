#pragma once

#include "absl/time/time.h"

namespace selaras::cli {

// Tells the time and lets it pass. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
  virtual void Sleep(absl::Duration duration) = 0;
};

}  // namespace selaras::cli
