#include "storage/merkle/prove.h"

#include <algorithm>
#include <bit>

#include "storage/base/status.h"
#include "storage/merkle/errors.h"
#include "storage/merkle/hash.h"

namespace selaras::merkle {
namespace {

// Between one tree and the next. The right edge of any tree has at most eight.
constexpr std::size_t kTilesKept = 64;

// Where RFC 6962 splits a tree of `leaves` > 1: the largest power of two below.
std::uint64_t SplitPoint(std::uint64_t leaves) { return std::bit_floor(leaves - 1); }

}  // namespace

void Prover::MoveTo(base::TreeSize size) {
  if (tiles_.size() > kTilesKept) tiles_.clear();
  size_ = size;
}

// PATH(m, D[n]) of RFC 6962 section 2.1.1, walked from the root down.
absl::StatusOr<Proof> Prover::Inclusion(base::Sequence leaf) {
  RETURN_IF_ERROR(CheckSize());
  if (!base::Covers(size_, leaf)) return LeafNotCovered(leaf, size_);
  Proof proof;
  std::uint64_t first = 0;
  std::uint64_t end = size_.value;
  while (end - first > 1) {
    const std::uint64_t middle = first + SplitPoint(end - first);
    const bool goes_left = leaf.value < middle;
    ASSIGN_OR_RETURN(const base::Digest sibling,
                     goes_left ? Range(middle, end) : Range(first, middle));
    proof.push_back(sibling);
    (goes_left ? end : first) = middle;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

// SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2, walked from the root down.
absl::StatusOr<Proof> Prover::Consistency(base::TreeSize from) {
  RETURN_IF_ERROR(CheckSize());
  if (from > size_) return SizesReversed(from, size_);
  Proof proof;
  if (from.value == 0) return proof;
  std::uint64_t first = 0;
  std::uint64_t end = size_.value;
  while (end != from.value) {
    const std::uint64_t middle = first + SplitPoint(end - first);
    const bool goes_left = from.value <= middle;
    ASSIGN_OR_RETURN(const base::Digest sibling,
                     goes_left ? Range(middle, end) : Range(first, middle));
    proof.push_back(sibling);
    (goes_left ? end : first) = middle;
  }
  // The verifier holds the old root itself, but not the last part of a larger one.
  if (first != 0) {
    ASSIGN_OR_RETURN(const base::Digest shared, Range(first, end));
    proof.push_back(shared);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<Frontier> Prover::RightEdge() {
  RETURN_IF_ERROR(CheckSize());
  ASSIGN_OR_RETURN(std::vector<base::Digest> hashes, Decompose(0, size_.value));
  return Frontier::FromParts(size_, std::move(hashes));
}

absl::StatusOr<base::Digest> Prover::Root() {
  ASSIGN_OR_RETURN(const Frontier edge, RightEdge());
  return edge.Root();
}

absl::Status Prover::CheckSize() const {
  return size_ > kTreeSizeMax ? TreeTooLarge(size_) : absl::OkStatus();
}

// The root of the leaves [first, end), where `first` is a multiple of a power of
// two that is not smaller than their number: what splitting produces.
absl::StatusOr<base::Digest> Prover::Range(std::uint64_t first, std::uint64_t end) {
  ASSIGN_OR_RETURN(std::vector<base::Digest> parts, Decompose(first, end));
  ASSIGN_OR_RETURN(const Frontier edge,
                   Frontier::FromParts(base::TreeSize{end - first}, std::move(parts)));
  return edge.Root();
}

// The perfect subtrees that [first, end) consists of, the largest first.
absl::StatusOr<std::vector<base::Digest>> Prover::Decompose(std::uint64_t first,
                                                            std::uint64_t end) {
  std::vector<base::Digest> parts;
  while (first < end) {
    const int level = static_cast<int>(std::bit_width(end - first)) - 1;
    ASSIGN_OR_RETURN(const base::Digest part, Perfect(level, first >> level));
    parts.push_back(part);
    first += std::uint64_t{1} << level;
  }
  return parts;
}

// The root of the 2^level leaves from index * 2^level on.
absl::StatusOr<base::Digest> Prover::Perfect(int level, std::uint64_t index) {
  const int tile_level = level / kTileHeight;
  const int row = level % kTileHeight;
  const int height_above = kTileHeight - row;
  ASSIGN_OR_RETURN(const Tile* tile, Load(tile_level, index >> height_above));
  return (*tile)[row][index & ((std::uint64_t{1} << height_above) - 1)];
}

absl::StatusOr<const Prover::Tile*> Prover::Load(int tile_level, std::uint64_t tile_index) {
  const std::uint64_t first = tile_index << kTileHeight;
  const std::uint64_t count = std::min(kTileWidth, CompletedNodes(tile_level, size_.value) - first);
  Tile& tile = tiles_[{tile_level, tile_index}];
  if (tile.empty()) tile.resize(kTileHeight + 1);
  const std::uint64_t held = tile[0].size();
  if (held >= count) return &tile;

  ASSIGN_OR_RETURN(const std::vector<base::Digest> hashes,
                   nodes_.Hashes(tile_level, first + held, count - held));
  if (hashes.size() != count - held) {
    return NodesMissing(tile_level, first + held, count - held, hashes.size());
  }
  tile[0].insert(tile[0].end(), hashes.begin(), hashes.end());
  for (std::size_t height = 1; height < tile.size(); ++height) {
    const std::vector<base::Digest>& below = tile[height - 1];
    std::vector<base::Digest>& row = tile[height];
    row.reserve(below.size() / 2);
    while (row.size() < below.size() / 2) {
      row.push_back(HashChildren(below[2 * row.size()], below[2 * row.size() + 1]));
    }
  }
  return &tile;
}

absl::StatusOr<Proof> ProveInclusion(const NodeSource& nodes, base::Sequence leaf,
                                     base::TreeSize size) {
  return Prover(nodes, size).Inclusion(leaf);
}

absl::StatusOr<Proof> ProveConsistency(const NodeSource& nodes, base::TreeSize from,
                                       base::TreeSize to) {
  return Prover(nodes, to).Consistency(from);
}

absl::StatusOr<base::Digest> RootAt(const NodeSource& nodes, base::TreeSize size) {
  return Prover(nodes, size).Root();
}

absl::StatusOr<Frontier> FrontierAt(const NodeSource& nodes, base::TreeSize size) {
  return Prover(nodes, size).RightEdge();
}

}  // namespace selaras::merkle
