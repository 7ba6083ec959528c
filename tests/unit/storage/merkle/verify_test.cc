#include "storage/merkle/verify.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "storage/merkle/hash.h"
#include "tests/support/merkle_reference.h"

namespace selaras::merkle {
namespace {

using absl::StatusCode;
using base::Digest;
using base::Sequence;
using base::TreeSize;
using Hashes = std::vector<Digest>;

// A tree, its earlier roots, and the proofs that the reference makes.
class Verify : public testing::Test {
 protected:
  static constexpr std::uint64_t kLargest = 40;

  Verify() {
    for (std::uint64_t size = 0; size <= kLargest; ++size) {
      roots_.push_back(test::reference::Root(leaves_));
      leaves_.push_back(HashLeaf(absl::StrCat("entry ", size)));
    }
  }

  std::span<const Digest> First(std::uint64_t size) const {
    return std::span<const Digest>(leaves_).first(size);
  }
  Hashes Path(std::uint64_t leaf, std::uint64_t size) const {
    return test::reference::InclusionProof(leaf, First(size));
  }
  Hashes Proof(std::uint64_t from, std::uint64_t to) const {
    return test::reference::ConsistencyProof(from, First(to));
  }
  StatusCode Included(std::uint64_t leaf, std::uint64_t size, const Hashes& path) const {
    return VerifyInclusion(leaves_[leaf], Sequence{leaf}, TreeSize{size}, path, roots_[size])
        .code();
  }
  StatusCode Extends(std::uint64_t from, std::uint64_t to, const Hashes& proof) const {
    return VerifyConsistency(TreeSize{from}, roots_[from], TreeSize{to}, roots_[to], proof).code();
  }

  Hashes leaves_;
  Hashes roots_;
};

// Calls `refused` with the proof after each change that a forger or a bad line
// could make to it.
template <typename Refused>
void EveryMutation(const Hashes& proof, Refused refused) {
  for (std::size_t at = 0; at < proof.size(); ++at) {
    for (std::size_t byte = 0; byte < Digest::kSize; ++byte) {
      Hashes changed = proof;
      changed[at].bytes[byte] ^= 1;
      refused(changed);
    }
    Hashes missing = proof;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(at));
    refused(missing);
    if (at > 0) {
      Hashes swapped = proof;
      std::swap(swapped[at - 1], swapped[at]);
      refused(swapped);
    }
  }
  for (std::size_t at = 0; at <= proof.size(); ++at) {
    Hashes longer = proof;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), Digest());
    refused(longer);
  }
  if (!proof.empty()) {
    Hashes doubled = proof;
    doubled.push_back(proof.back());
    refused(doubled);
  }
}

TEST_F(Verify, RefusesEveryMutationOfAnInclusionProof) {
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
      const Hashes path = Path(leaf, size);
      ASSERT_EQ(Included(leaf, size, path), StatusCode::kOk);
      EveryMutation(path, [&](const Hashes& changed) {
        EXPECT_EQ(Included(leaf, size, changed), StatusCode::kDataLoss) << leaf << " of " << size;
      });
    }
  }
}

TEST_F(Verify, RefusesEveryMutationOfAConsistencyProof) {
  for (std::uint64_t to = 0; to <= kLargest; ++to) {
    for (std::uint64_t from = 0; from <= to; ++from) {
      const Hashes proof = Proof(from, to);
      ASSERT_EQ(Extends(from, to, proof), StatusCode::kOk);
      EveryMutation(proof, [&](const Hashes& changed) {
        EXPECT_EQ(Extends(from, to, changed), StatusCode::kDataLoss) << from << " to " << to;
      });
    }
  }
}

TEST_F(Verify, RefusesAnInclusionProofForAnyOtherPlaceOrSize) {
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
      const Hashes path = Path(leaf, size);
      for (std::uint64_t other = 0; other <= kLargest; ++other) {
        if (other != size) {
          EXPECT_EQ(
              VerifyInclusion(leaves_[leaf], Sequence{leaf}, TreeSize{other}, path, roots_[other])
                  .code(),
              StatusCode::kDataLoss);
        }
        if (other != leaf) {
          EXPECT_EQ(
              VerifyInclusion(leaves_[leaf], Sequence{other}, TreeSize{size}, path, roots_[size])
                  .code(),
              StatusCode::kDataLoss)
              << leaf << " as " << other << " of " << size;
        }
      }
    }
  }
}

TEST_F(Verify, RefusesAConsistencyProofBetweenAnyOtherSizes) {
  for (std::uint64_t to = 2; to <= kLargest; ++to) {
    for (std::uint64_t from = 1; from < to; ++from) {
      const Hashes proof = Proof(from, to);
      for (std::uint64_t other = 0; other <= kLargest; ++other) {
        if (other != to) {
          EXPECT_EQ(Extends(from, other, proof), StatusCode::kDataLoss);
        }
        if (other != from) {
          EXPECT_EQ(Extends(other, to, proof), StatusCode::kDataLoss);
        }
      }
    }
  }
}

TEST_F(Verify, RefusesOtherRootsAndOtherLeaves) {
  const Hashes path = Path(11, 21);
  Digest changed = roots_[21];
  changed.bytes[31] ^= 1;
  EXPECT_EQ(VerifyInclusion(leaves_[11], Sequence{11}, TreeSize{21}, path, changed).code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(VerifyInclusion(leaves_[12], Sequence{11}, TreeSize{21}, path, roots_[21]).code(),
            StatusCode::kDataLoss);
  for (const std::uint64_t from : {0, 1, 8, 11, 21}) {
    const Hashes proof = Proof(from, 21);
    Digest other = roots_[from];
    other.bytes[0] ^= 1;
    EXPECT_EQ(VerifyConsistency(TreeSize{from}, other, TreeSize{21}, roots_[21], proof).code(),
              StatusCode::kDataLoss)
        << from;
    if (from == 0) continue;  // says nothing about the later root
    EXPECT_EQ(VerifyConsistency(TreeSize{from}, roots_[from], TreeSize{21}, changed, proof).code(),
              StatusCode::kDataLoss)
        << from;
  }
}

TEST_F(Verify, AHistoryThatWasRewrittenIsNoExtension) {
  Hashes rewritten = leaves_;
  rewritten[3] = HashLeaf("another entry 3");
  const std::span<const Digest> first(rewritten.data(), 21);
  EXPECT_EQ(VerifyConsistency(TreeSize{11}, roots_[11], TreeSize{21}, test::reference::Root(first),
                              test::reference::ConsistencyProof(11, first))
                .code(),
            StatusCode::kDataLoss);
}

TEST_F(Verify, SaysWhatIsWrong) {
  EXPECT_EQ(VerifyConsistency(TreeSize{5}, roots_[5], TreeSize{4}, roots_[4], {}).message(),
            "proof refused: it claims that a tree of 4 leaves extends one of 5; the log was rolled "
            "back or the sizes are swapped");
}

}  // namespace
}  // namespace selaras::merkle
