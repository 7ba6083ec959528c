#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/ledger/v1/ledger.pb.h"

// An entry as CloudEvents 1.0 shows it; FORMAT.md says what stands where.
namespace selaras::cli {

// By which origins a log was written: one that was closed goes on under its successor's, so that
// what was cut off and what stands in its place are different events.
class Origins {
 public:
  // INVALID_ARGUMENT if a key is none.
  static absl::StatusOr<Origins> Of(const ledger::v1::GetCheckpointResponse& head);

  const std::string& At(std::uint64_t sequence) const;

 private:
  std::vector<std::pair<std::uint64_t, std::string>>
      closed_;  // so many leaves, and by which origin
  std::string newest_;
};

// In the JSON format, as a line. Empty for an entry that was not disclosed, or is not understood.
std::string CloudEventLine(const ledger::v1::EntryRecord& record, const Origins& origins);

// In the protobuf format: a CloudEventBatch of this one event. Such texts, one after another, are
// the batch of all. Empty as above.
std::string CloudEventBatch(const ledger::v1::EntryRecord& record, const Origins& origins);

}  // namespace selaras::cli
