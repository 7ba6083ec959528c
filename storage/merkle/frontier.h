#pragma once

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"

namespace selaras::merkle {

// Receives a node that a store keeps: see node_source.h for tile level and index.
using NodeSink =
    absl::FunctionRef<void(int tile_level, std::uint64_t index, const base::Digest& hash)>;

// The right edge of a tree: all that is needed to append to it and to know its
// root. At most 63 hashes whatever the size. A value: copy it to try something.
class Frontier {
 public:
  // The frontier of the empty tree.
  Frontier() = default;

  // As hashes() gave them. DATA_LOSS unless there is one hash for every bit set
  // in `size` and the size is at most kTreeSizeMax. That they are the *right*
  // hashes shows only when Root() is compared with a root that is trusted.
  static absl::StatusOr<Frontier> FromParts(base::TreeSize size, std::vector<base::Digest> hashes);

  void Append(const base::Digest& leaf_hash);

  // Also hands over the nodes to keep: the leaf (tile level 0), then each subtree
  // of 256, 65536, ... leaves that this leaf completes, smallest first.
  void Append(const base::Digest& leaf_hash, NodeSink sink);

  // The root of RFC 6962 over all leaves appended so far. Costs one hash for each
  // of hashes() but the first.
  base::Digest Root() const;

  base::TreeSize size() const { return size_; }

  // The roots of the perfect subtrees that the tree decomposes into, from the
  // first and largest to the last.
  const std::vector<base::Digest>& hashes() const { return hashes_; }

  friend bool operator==(const Frontier&, const Frontier&) = default;

 private:
  base::TreeSize size_;
  std::vector<base::Digest> hashes_;
};

}  // namespace selaras::merkle
