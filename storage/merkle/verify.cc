#include "storage/merkle/verify.h"

#include <bit>
#include <cstdint>

#include "storage/merkle/errors.h"
#include "storage/merkle/hash.h"

namespace selaras::merkle {
namespace {

absl::Status Compare(base::TreeSize size, const base::Digest& given, const base::Digest& computed) {
  return given == computed ? absl::OkStatus() : RootMismatch(size, given, computed);
}

}  // namespace

// `place` and `last` are the numbers of the node reached so far and of the last
// node, both on the current level; halving them climbs one level.
absl::Status VerifyInclusion(const base::Digest& leaf_hash, base::Sequence leaf,
                             base::TreeSize size, std::span<const base::Digest> proof,
                             const base::Digest& root) {
  if (!base::Covers(size, leaf)) return ClaimImpossible(leaf, size);
  std::uint64_t place = leaf.value;
  std::uint64_t last = size.value - 1;
  base::Digest node = leaf_hash;
  for (const base::Digest& sibling : proof) {
    if (last == 0) return ProofWrongLength(proof.size());
    if (place % 2 == 1 || place == last) {
      node = HashChildren(sibling, node);
      while (place % 2 == 0 && place != 0) {  // no sibling on these levels
        place /= 2;
        last /= 2;
      }
    } else {
      node = HashChildren(node, sibling);
    }
    place /= 2;
    last /= 2;
  }
  if (last != 0) return ProofWrongLength(proof.size());
  return Compare(size, root, node);
}

// Climbs from the last subtree that both trees share; `old_node` collects what
// leads to the old root, `new_node` what leads to the new one.
absl::Status VerifyConsistency(base::TreeSize from, const base::Digest& from_root,
                               base::TreeSize to, const base::Digest& to_root,
                               std::span<const base::Digest> proof) {
  if (from > to) return ClaimImpossible(from, to);
  if (from.value == 0 || from == to) {
    if (!proof.empty()) return ProofWrongLength(proof.size());
    return Compare(from, from_root, from == to ? to_root : EmptyRoot());
  }

  std::uint64_t place = from.value - 1;
  std::uint64_t last = to.value - 1;
  const int shared_levels = std::countr_one(place);
  place >>= shared_levels;
  last >>= shared_levels;

  // An old tree that is a perfect subtree is itself the start, so proofs omit it.
  base::Digest old_node = from_root;
  std::span<const base::Digest> path = proof;
  if (!std::has_single_bit(from.value)) {
    if (path.empty()) return ProofWrongLength(proof.size());
    old_node = path.front();
    path = path.subspan(1);
  }
  base::Digest new_node = old_node;
  for (const base::Digest& sibling : path) {
    if (last == 0) return ProofWrongLength(proof.size());
    if (place % 2 == 1 || place == last) {
      old_node = HashChildren(sibling, old_node);
      new_node = HashChildren(sibling, new_node);
      while (place % 2 == 0 && place != 0) {  // no sibling on these levels
        place /= 2;
        last /= 2;
      }
    } else {
      new_node = HashChildren(new_node, sibling);
    }
    place /= 2;
    last /= 2;
  }
  if (last != 0) return ProofWrongLength(proof.size());
  if (old_node != from_root) return RootMismatch(from, from_root, old_node);
  return Compare(to, to_root, new_node);
}

}  // namespace selaras::merkle
