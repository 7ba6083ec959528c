#include "services/runtime/clock_guard.h"

namespace selaras::runtime {
namespace {

constexpr absl::Duration kJump = absl::Minutes(10);

}  // namespace

ClockGuard::ClockGuard(Clock& clock)
    : clock_(clock), wall_(clock.Now()), monotonic_(clock.Monotonic()) {}

absl::Duration ClockGuard::Ahead() {
  return (clock_.Now() - wall_) - (clock_.Monotonic() - monotonic_);
}

bool ClockGuard::Trusted() {
  const absl::Duration ahead = Ahead();
  if (absl::AbsDuration(ahead - ahead_) > kJump) return false;
  ahead_ = ahead;
  return true;
}

}  // namespace selaras::runtime
