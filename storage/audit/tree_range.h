#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

#include "storage/audit/audit.h"
#include "storage/audit/notes.h"
#include "storage/base/bytes.h"
#include "storage/log/log_reader.h"

namespace selaras::audit {

// Receives the entries that match their leaf hash: in order within a range, on any thread.
using SoundEntry =
    std::function<void(base::Sequence sequence, absl::string_view bytes, Notes* notes)>;

// A leaf, or a root over leaves, as entries and stored hashes have it.
struct Leaf {
  base::Digest from_entry;
  base::Digest stored;
};

// A range of whole tiles of a log, or its end.
struct Range {
  base::Sequence first;
  std::uint64_t count = 0;
  bool keep_leaves = false;  // someone wants a root in the midst of it, or it ends within a tile
};

// The same, hashed again.
struct RangeHashes {
  Range range;
  std::vector<Leaf> tiles;  // roots of its full tiles
  // The inner nodes that are stored for these; none if one of them cannot be read.
  std::vector<base::Digest> nodes;
  std::vector<Leaf> leaves;          // all of its leaves, if they were to be kept
  std::uint64_t entries = 0;         // that are here
  std::vector<base::Sequence> lost;  // that are known to be lost
  std::uint64_t bytes = 0;           // of entries and hashes
  bool complete = true;              // every leaf is known from somewhere; else there are no hashes
  Notes notes;                       // findings by place
};

// Whether such a log is asked for inner nodes: another node hands out leaves only.
bool HasInnerNodes(Origin kind);

RangeHashes HashRange(const log::LogReader& log, Origin kind, const Range& range,
                      const SoundEntry& sound);

}  // namespace selaras::audit
