#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/base/bytes.h"

// RFC 6962 section 2.1 word by word, over leaf hashes. Slow on purpose: what the
// clever code is compared with.
namespace selaras::test::reference {

using Leaves = std::span<const base::Digest>;

base::Digest Root(Leaves leaves);                                               // MTH(D[n])
std::vector<base::Digest> InclusionProof(std::uint64_t leaf, Leaves leaves);    // PATH(m, D[n])
std::vector<base::Digest> ConsistencyProof(std::uint64_t from, Leaves leaves);  // PROOF(m, D[n])

}  // namespace selaras::test::reference
