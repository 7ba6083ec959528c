#pragma once

#include <algorithm>

#include "absl/time/time.h"

namespace selaras::link {

// A wait, stretched by the jitter of config.h.
inline absl::Duration Stretched(absl::Duration wait, double jitter) {
  return wait * (1 + std::clamp(jitter, 0.0, 1.0) / 2);
}

// A wait that doubles. It starts at the first Expired() after a Reset(), because only there the
// time is known.
class Patience {
 public:
  Patience(absl::Duration first, absl::Duration longest)
      : first_(first), longest_(std::max(first, longest)), wait_(first) {}

  // There was progress, or there is nothing to wait for.
  void Reset() {
    since_ = absl::InfiniteFuture();
    wait_ = first_;
  }

  // Whether the wait is over at `now`. If so, the next and longer one begins.
  bool Expired(absl::Time now) {
    // Also a clock that was set back begins anew instead of waiting for the old time.
    if (now < since_) since_ = now;
    if (now - since_ < wait_) return false;
    since_ = now;
    wait_ = std::min(wait_ * 2, longest_);
    return true;
  }

 private:
  absl::Duration first_;
  absl::Duration longest_;
  absl::Duration wait_;
  absl::Time since_ = absl::InfiniteFuture();
};

}  // namespace selaras::link
