#pragma once

#include "absl/time/time.h"

#include "services/runtime/clock.h"

namespace selaras::runtime {

// Doubts a wall clock that jumps. One thread.
class ClockGuard {
 public:
  explicit ClockGuard(Clock& clock);

  // Whether the wall clock has gone with the monotonic one, but for 10 minutes, since the look
  // before. Once it has not, it is trusted again when it is back where it should be. What it says
  // at the start is believed: to start again confirms it.
  bool Trusted();

 private:
  absl::Duration Ahead();

  Clock& clock_;
  const absl::Time wall_;
  const absl::Duration monotonic_;
  absl::Duration ahead_;  // when it was last trusted
};

}  // namespace selaras::runtime
