#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/number.h"
#include "storage/log/log_reader.h"

// Where a log can be closed, by what its followers hold of it.
namespace selaras::cli {

// What one follower holds of a log.
struct HeldByFollower {
  std::string file;  // from which it was read
  base::TreeSize size;
  enum class Relation {
    kSame,    // the beginning of the log, or all of it
    kAhead,   // more than there is here
    kForked,  // another history
  } relation = Relation::kSame;
};

// Reads the checkpoints that followers hold, which must be signed by a key of the log. IsUsage() if
// one is not.
absl::StatusOr<std::vector<HeldByFollower>> ReadHeld(const log::LogReader& log,
                                                     const std::vector<std::string>& files);

// Whether it is right to close the log at `size`. FAILED_PRECONDITION if not, with the size that
// is; `force` lets everything pass but what a follower must refuse.
absl::Status CheckClosing(const log::LogReader& log, base::TreeSize size,
                          const std::vector<HeldByFollower>& held, bool force);

}  // namespace selaras::cli
