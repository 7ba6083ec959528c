#include "tests/support/merkle_reference.h"

#include "storage/merkle/hash.h"

namespace selaras::test::reference {
namespace {

// "the largest power of two smaller than n"
std::size_t SplitPoint(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

std::vector<base::Digest> With(std::vector<base::Digest> proof, const base::Digest& last) {
  proof.push_back(last);
  return proof;
}

std::vector<base::Digest> Subproof(std::uint64_t m, Leaves leaves, bool complete) {
  if (m == leaves.size()) {
    return complete ? std::vector<base::Digest>() : std::vector{Root(leaves)};
  }
  const std::size_t k = SplitPoint(leaves.size());
  if (m <= k) return With(Subproof(m, leaves.first(k), complete), Root(leaves.subspan(k)));
  return With(Subproof(m - k, leaves.subspan(k), false), Root(leaves.first(k)));
}

}  // namespace

base::Digest Root(Leaves leaves) {
  if (leaves.empty()) return merkle::EmptyRoot();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = SplitPoint(leaves.size());
  return merkle::HashChildren(Root(leaves.first(k)), Root(leaves.subspan(k)));
}

std::vector<base::Digest> InclusionProof(std::uint64_t m, Leaves leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = SplitPoint(leaves.size());
  if (m < k) return With(InclusionProof(m, leaves.first(k)), Root(leaves.subspan(k)));
  return With(InclusionProof(m - k, leaves.subspan(k)), Root(leaves.first(k)));
}

std::vector<base::Digest> ConsistencyProof(std::uint64_t m, Leaves leaves) {
  return m == 0 ? std::vector<base::Digest>() : Subproof(m, leaves, true);
}

}  // namespace selaras::test::reference
