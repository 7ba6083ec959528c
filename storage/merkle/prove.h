#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/merkle/frontier.h"
#include "storage/merkle/node_source.h"

namespace selaras::merkle {

// A proof as RFC 6962 sections 2.1.1 and 2.1.2 order it: from the leaves up.
using Proof = std::vector<base::Digest>;

// Proves things about one tree, the first `size` leaves of what `nodes` holds,
// which may be more. Every node is read and hashed once and kept, so one prover
// serves a whole batch of proofs, and the next batch of a tree that grows. One
// thread at a time; `nodes` must outlive it. Errors of `nodes` are passed on.
class Prover {
 public:
  Prover(const NodeSource& nodes, base::TreeSize size) : nodes_(nodes), size_(size) {}

  // From now on it is about this many leaves, of the same nodes. Of what was read
  // so much is kept that memory stays bounded.
  void MoveTo(base::TreeSize size);

  // That the leaf is in the tree. OUT_OF_RANGE if the tree does not cover it.
  absl::StatusOr<Proof> Inclusion(base::Sequence leaf);

  // That the tree extends its first `from` leaves; empty if `from` is 0 or the
  // whole. OUT_OF_RANGE if `from` is larger than the tree.
  absl::StatusOr<Proof> Consistency(base::TreeSize from);

  absl::StatusOr<Frontier> RightEdge();
  absl::StatusOr<base::Digest> Root();

 private:
  // The nodes inside one tile, as many as were needed so far: row h holds the roots of 2^h kept
  // nodes each.
  using Tile = std::vector<std::vector<base::Digest>>;

  absl::StatusOr<const Tile*> Load(int tile_level, std::uint64_t tile_index);
  absl::StatusOr<base::Digest> Perfect(int level, std::uint64_t index);
  absl::StatusOr<std::vector<base::Digest>> Decompose(std::uint64_t first, std::uint64_t end);
  absl::StatusOr<base::Digest> Range(std::uint64_t first, std::uint64_t end);
  absl::Status CheckSize() const;

  const NodeSource& nodes_;
  base::TreeSize size_;
  absl::flat_hash_map<std::pair<int, std::uint64_t>, Tile> tiles_;
};

// The same for a single question.
absl::StatusOr<Proof> ProveInclusion(const NodeSource& nodes, base::Sequence leaf,
                                     base::TreeSize size);
absl::StatusOr<Proof> ProveConsistency(const NodeSource& nodes, base::TreeSize from,
                                       base::TreeSize to);
absl::StatusOr<base::Digest> RootAt(const NodeSource& nodes, base::TreeSize size);
absl::StatusOr<Frontier> FrontierAt(const NodeSource& nodes, base::TreeSize size);

}  // namespace selaras::merkle
