#include "storage/merkle/frontier.h"

#include <bit>
#include <cstddef>
#include <utility>

#include "storage/base/check.h"
#include "storage/merkle/errors.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/node_source.h"

namespace selaras::merkle {

absl::StatusOr<Frontier> Frontier::FromParts(base::TreeSize size,
                                             std::vector<base::Digest> hashes) {
  if (size > kTreeSizeMax) return FrontierMalformed(size, hashes.size());
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size.value))) {
    return FrontierMalformed(size, hashes.size());
  }
  Frontier frontier;
  frontier.size_ = size;
  frontier.hashes_ = std::move(hashes);
  return frontier;
}

void Frontier::Append(const base::Digest& leaf_hash) {
  Append(leaf_hash, [](int, std::uint64_t, const base::Digest&) {});
}

// Like adding one to a binary number: every trailing 1 of the old size is a
// subtree that is now merged with its right sibling, and carries.
void Frontier::Append(const base::Digest& leaf_hash, NodeSink sink) {
  SELARAS_CHECK(size_ < kTreeSizeMax) << "the tree is full";
  base::Digest node = leaf_hash;
  std::uint64_t index = size_.value;
  sink(0, index, node);
  for (int level = 1; index % 2 == 1; ++level) {
    node = HashChildren(hashes_.back(), node);
    hashes_.pop_back();
    index /= 2;
    if (level % kTileHeight == 0) sink(level / kTileHeight, index, node);
  }
  hashes_.push_back(node);
  ++size_.value;
}

base::Digest Frontier::Root() const {
  if (hashes_.empty()) return EmptyRoot();
  base::Digest root = hashes_.back();
  for (auto left = hashes_.rbegin() + 1; left != hashes_.rend(); ++left) {
    root = HashChildren(*left, root);
  }
  return root;
}

}  // namespace selaras::merkle
