#pragma once

#include "absl/time/time.h"

namespace selaras::runtime {

// Tells the time. Handed in, so that tests and simulations decide what time it is; only main()
// creates the real one. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  // What the wall says. May jump in either direction.
  virtual absl::Time Now() = 0;

  // Time since some moment before the start. Never goes back; compare only with itself.
  virtual absl::Duration Monotonic() = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() override;
  absl::Duration Monotonic() override;
};

}  // namespace selaras::runtime
