#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"

namespace selaras::merkle {

// OUT_OF_RANGE: asked to prove what cannot be true of this tree.
absl::Status LeafNotCovered(base::Sequence leaf, base::TreeSize size);
absl::Status SizesReversed(base::TreeSize from, base::TreeSize to);
absl::Status TreeTooLarge(base::TreeSize size);

// DATA_LOSS: a node source answered with another number of nodes than asked for.
absl::Status NodesMissing(int tile_level, std::uint64_t first, std::uint64_t wanted,
                          std::size_t found);

// DATA_LOSS: the number of hashes does not fit the size of the frontier.
absl::Status FrontierMalformed(base::TreeSize size, std::size_t hashes);

// DATA_LOSS: a proof claims what cannot be, has a wrong length, or leads elsewhere.
absl::Status ClaimImpossible(base::Sequence leaf, base::TreeSize size);
absl::Status ClaimImpossible(base::TreeSize from, base::TreeSize to);
absl::Status ProofWrongLength(std::size_t hashes);
absl::Status RootMismatch(base::TreeSize size, const base::Digest& given,
                          const base::Digest& computed);

}  // namespace selaras::merkle
