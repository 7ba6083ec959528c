#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/log_keys.h"
#include "storage/merkle/node_source.h"

namespace selaras::log {

// Reads one log: an own one, or a mirror of somebody else's. As a NodeSource it serves the
// rows of the tree, so proofs of any size can be made from it.
//
// Thread-safe; readers never wait for the writer. What a reader sees is durable, for own
// logs also verified and signed.
class LogReader : public merkle::NodeSource {
 public:
  // Name of the log, e.g. `bawaslu-13` or `bawaslu-13/private`: what positions show.
  virtual const std::string& name() const = 0;
  // C2SP origin: what checkpoints show.
  virtual const std::string& origin() const = 0;
  // What signs its checkpoints, and did before. Nothing where only a checkpoint is at hand, as in
  // an export; a store always knows.
  virtual std::optional<LogKeys> keys() const { return std::nullopt; }
  // Leaves.
  virtual base::TreeSize size() const = 0;
  // The newest checkpoint: it covers exactly size() leaves. Of an empty mirror: an empty note.
  // In a store that was killed and then opened read-only, an own log's may lack the last batch.
  virtual SignedCheckpoint checkpoint() const = 0;
  // The bytes of an entry; nothing if the entry was not disclosed to this node, or is lost.
  // OUT_OF_RANGE from size() on; DATA_LOSS if the store cannot give what it should.
  virtual absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const = 0;
  // Calls `entry` for the `count` entries from `first` on, in order, but for those that are not
  // here. Errors as above; what stands before the place at fault was handed over by then.
  virtual absl::Status Entries(
      base::Sequence first, std::uint64_t count,
      absl::FunctionRef<void(base::Sequence sequence, absl::string_view bytes)> entry) const;
  // Those of the `count` leaves from `first` on that are known to be lost, in order: this node
  // wrote the entry, a restore left it behind, and nobody gave it back (Store::Recover). None of
  // logs of others. Any other own entry that is not here is DATA_LOSS.
  virtual absl::StatusOr<std::vector<base::Sequence>> Lost(base::Sequence first,
                                                           std::uint64_t count) const;
};

// The leaf hash at `sequence`. OUT_OF_RANGE from size() on.
absl::StatusOr<base::Digest> LeafHash(const LogReader& log, base::Sequence sequence);

}  // namespace selaras::log
