#include "services/runtime/clock_guard.h"

#include "services/runtime/errors.h"

namespace selaras::runtime {
namespace {

constexpr absl::Duration kJump = absl::Minutes(10);
// Two clocks that people keep agree this well.
constexpr absl::Duration kApart = absl::Minutes(1);

}  // namespace

ClockGuard::ClockGuard(Clock& clock)
    : clock_(clock), wall_(clock.Now()), monotonic_(clock.Monotonic()) {}

absl::Duration ClockGuard::Ahead() const {
  return (clock_.Now() - wall_) - (clock_.Monotonic() - monotonic_);
}

bool ClockGuard::Trusted() {
  const std::lock_guard lock(mutex_);
  const absl::Duration ahead = Ahead();
  if (absl::AbsDuration(ahead - ahead_) > kJump) return false;
  ahead_ = ahead;
  return true;
}

absl::StatusOr<absl::Time> ClockGuard::Now() {
  if (!Trusted()) return ClockInDoubt();
  return clock_.Now();
}

absl::Status ClockGuard::Confirm(absl::Time stated) {
  const std::lock_guard lock(mutex_);
  const absl::Time now = clock_.Now();
  if (absl::AbsDuration(now - stated) > kApart) return ClockDiffers(now, stated);
  ahead_ = Ahead();
  return absl::OkStatus();
}

}  // namespace selaras::runtime
