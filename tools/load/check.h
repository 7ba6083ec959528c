#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"

#include "selaras/command/v1/command.pb.h"

// What a load must have done for its figures to mean anything.
namespace selaras::load {

// DATA_LOSS unless the log holds exactly the entries that were acknowledged: `acknowledged` are the
// positions that answers named, `found` those of the entries that bear the run's trace.
absl::Status CheckExactly(std::vector<std::uint64_t> acknowledged,
                          std::vector<std::uint64_t> found);

// DATA_LOSS unless `again` is the answer `first`, given once more (rule 2).
absl::Status CheckSameAnswer(const command::v1::CommandOutcome& first,
                             const command::v1::CommandOutcome& again);

}  // namespace selaras::load
