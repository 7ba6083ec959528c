#pragma once

#include <mutex>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "services/runtime/clock.h"

namespace selaras::runtime {

// Doubts a wall clock that jumps. Thread-safe.
class ClockGuard {
 public:
  explicit ClockGuard(Clock& clock);

  // Whether the wall clock has gone with the monotonic one, but for 10 minutes, since the look
  // before. Once it has not, it is trusted again when it is back where it should be, or confirmed.
  // What it says at the start is believed: to start again confirms it.
  bool Trusted();

  // What the wall clock says. UNAVAILABLE, CLOCK_IN_DOUBT, if it is not trusted.
  absl::StatusOr<absl::Time> Now();

  // Trusts the wall clock from here on, because somebody who looked at another one says that it is
  // `stated`. FAILED_PRECONDITION, CLOCK_DIFFERS, if the two are more than a minute apart.
  absl::Status Confirm(absl::Time stated);

 private:
  absl::Duration Ahead() const;

  Clock& clock_;
  const absl::Time wall_;
  const absl::Duration monotonic_;
  std::mutex mutex_;
  absl::Duration ahead_;  // when it was last trusted; under mutex_
};

}  // namespace selaras::runtime
