#pragma once

#include <span>

#include "absl/status/status.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"

// What a sceptic runs. Needs no log, no store and no network, and shares nothing
// with prove.h but the hash functions. OK means proven; whatever is wrong with a
// proof is DATA_LOSS.
namespace selaras::merkle {

// That the leaf with this hash stands at `leaf` in the tree with this size and
// root (RFC 9162 section 2.1.3.2). Size and root must come from one checkpoint: the
// proof binds the leaf to its place, but several sizes can share a path's shape.
absl::Status VerifyInclusion(const base::Digest& leaf_hash, base::Sequence leaf,
                             base::TreeSize size, std::span<const base::Digest> proof,
                             const base::Digest& root);

// That the tree (to, to_root) begins with the leaves of the tree (from, from_root),
// unchanged and in order (RFC 9162 section 2.1.4.2). Every tree extends the empty
// one and itself, with an empty proof.
absl::Status VerifyConsistency(base::TreeSize from, const base::Digest& from_root,
                               base::TreeSize to, const base::Digest& to_root,
                               std::span<const base::Digest> proof);

}  // namespace selaras::merkle
