#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/bytes.h"

namespace selaras::merkle {

// Of the tree's perfect subtrees only those of 256^L leaves are kept: tile level L.
// Everything between two tile levels is recomputed from at most 256 of them. This
// is the layout of C2SP tlog-tiles; it costs 1 + 1/256 + ... hashes per leaf.
inline constexpr int kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = 1 << kTileHeight;

// How many nodes of this tile level a tree of `leaves` leaves has completed.
constexpr std::uint64_t CompletedNodes(int tile_level, std::uint64_t leaves) {
  return tile_level < 8 ? leaves >> (kTileHeight * tile_level) : 0;
}

// Reads kept nodes. Node `index` of tile level L covers the leaves from
// index * 256^L up to (index + 1) * 256^L; tile level 0 holds the leaf hashes.
class NodeSource {
 public:
  virtual ~NodeSource() = default;

  // Exactly `count` hashes, from `first` on. Callers ask only for nodes that are
  // complete at the size that they work with; an implementation that misses one
  // answers with an error, never with fewer.
  virtual absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                           std::uint64_t count) const = 0;
};

}  // namespace selaras::merkle
