#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "tools/load/figures.h"

namespace selaras::load {

// How much is asked for how long.
struct Pace {
  int in_flight = 1;
  absl::Duration time = absl::Seconds(10);
};

// How many operations a call has done, or why it failed. Called once, from any thread.
using Answered = std::function<void(absl::StatusOr<std::uint64_t> operations)>;
// Sends the next call of caller `caller` (from 0). Each caller has one call under way at a time.
using Send = std::function<void(int caller, Answered answered)>;

// Keeps `pace.in_flight` calls under way for `pace.time`, and returns when all are answered. The
// first call that fails ends it: its error is the result, because a load that is refused measures
// nothing.
absl::StatusOr<Figures> Drive(const Pace& pace, const Send& send);

}  // namespace selaras::load
