#pragma once

#include <algorithm>

#include "absl/time/time.h"

namespace selaras::serve {

// When a link looks what it has to tell its peer. At once if something was disclosed to the peer,
// or is wanted of it; that there are more leaves it is told of in gathered steps, so that with
// hundreds of peers not each commit is hundreds of frames. Not thread-safe. Times are monotonic.
class PushPace {
 public:
  // So long at least lies between two steps of leaves alone.
  explicit PushPace(absl::Duration gather) : gather_(gather) {}

  // The log grew, or there is something that the link is to see to at once. Whether to wake who
  // waits: otherwise he was told already, or wakes in time by himself.
  bool Grew(bool at_once, absl::Duration now) {
    const bool told = grew_ && (at_once_ || !at_once);
    grew_ = true;
    at_once_ = at_once_ || at_once;
    return !told && Due(now);
  }

  // Whether there is something to tell the peer now.
  bool Due(absl::Duration now) const { return grew_ && (at_once_ || now >= next_); }

  // Takes it, if there is: true once. What grows from then on is told in a later step.
  bool Take(absl::Duration now) {
    if (!Due(now)) return false;
    grew_ = at_once_ = false;
    next_ = now + gather_;
    return true;
  }

  // So long who waits may wait, if nobody wakes him; at most `longest`.
  absl::Duration Wait(absl::Duration now, absl::Duration longest) const {
    return now < next_ ? std::min(next_ - now, longest) : longest;
  }

 private:
  const absl::Duration gather_;
  bool grew_ = false;
  bool at_once_ = false;
  absl::Duration next_ = -absl::InfiniteDuration();
};

}  // namespace selaras::serve
