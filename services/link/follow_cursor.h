#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace selaras::link {

// How far the peer's disclosure list was handled.
struct FollowPosition {
  std::string epoch;  // empty: nothing was handled yet
  std::uint64_t index = 0;

  friend bool operator==(const FollowPosition&, const FollowPosition&) = default;
};

// Remembers the position between sessions. It may fall back (a crash that lost the last Save
// only repeats some frames) but must never be ahead of the mirror: whoever drops the mirror
// drops the cursor.
class FollowCursor {
 public:
  virtual ~FollowCursor() = default;

  // What was saved last, or an empty position.
  virtual absl::StatusOr<FollowPosition> Load() const = 0;
  virtual absl::Status Save(const FollowPosition& position) = 0;
};

}  // namespace selaras::link
