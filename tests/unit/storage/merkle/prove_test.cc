#include "storage/merkle/prove.h"

#include <algorithm>
#include <bit>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "storage/merkle/hash.h"
#include "storage/merkle/verify.h"
#include "tests/support/memory_tree.h"
#include "tests/support/merkle_reference.h"
#include "tests/support/random.h"

namespace selaras::merkle {
namespace {

using absl::StatusCode;
using base::Digest;
using base::Sequence;
using base::TreeSize;

test::MemoryTree TreeOf(std::uint64_t leaves) {
  test::MemoryTree tree;
  for (std::uint64_t place = 0; place < leaves; ++place) {
    tree.Append(HashLeaf(absl::StrCat("entry ", place)));
  }
  return tree;
}

std::span<const Digest> First(const test::MemoryTree& tree, std::uint64_t size) {
  return std::span<const Digest>(tree.leaves()).first(size);
}

// Every leaf is the same, so every perfect subtree of a height is the same, and a
// tree of 2^63 leaves fits in 64 hashes.
class UniformTree final : public NodeSource {
 public:
  UniformTree() {
    perfect_.push_back(HashLeaf("the one entry"));
    while (perfect_.size() < 64) perfect_.push_back(HashChildren(perfect_.back(), perfect_.back()));
  }

  absl::StatusOr<std::vector<Digest>> Hashes(int tile_level, std::uint64_t,
                                             std::uint64_t count) const override {
    return std::vector<Digest>(count, perfect_.at(static_cast<std::size_t>(tile_level) * 8));
  }

  Digest leaf() const { return perfect_[0]; }

  Digest Root(std::uint64_t size) const {
    const auto split = std::bit_floor(size);
    const Digest& left = perfect_[static_cast<std::size_t>(std::countr_zero(split))];
    return size == split ? left : HashChildren(left, Root(size - split));
  }

 private:
  std::vector<Digest> perfect_;
};

TEST(Prove, RootAndFrontierAtEverySizeUpTo300AreThoseOfTheReference) {
  const test::MemoryTree tree = TreeOf(300);
  Frontier frontier;
  for (std::uint64_t size = 0; size <= 300; ++size) {
    EXPECT_EQ(RootAt(tree, TreeSize{size}).value(), test::reference::Root(First(tree, size)));
    EXPECT_EQ(FrontierAt(tree, TreeSize{size}).value(), frontier);
    if (size < 300) frontier.Append(tree.leaves()[size]);
  }
}

TEST(Prove, InclusionEqualsTheReferenceForEveryLeafOfEverySizeUpTo140AndAroundATile) {
  const test::MemoryTree tree = TreeOf(300);
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t size = 1; size <= 140; ++size) sizes.push_back(size);
  for (std::uint64_t size : {255, 256, 257, 258, 300}) sizes.push_back(size);
  for (const std::uint64_t size : sizes) {
    Prover prover(tree, TreeSize{size});
    const Digest root = test::reference::Root(First(tree, size));
    for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
      const Proof proof = prover.Inclusion(Sequence{leaf}).value();
      EXPECT_EQ(proof, test::reference::InclusionProof(leaf, First(tree, size)));
      EXPECT_EQ(VerifyInclusion(tree.leaves()[leaf], Sequence{leaf}, TreeSize{size}, proof, root),
                absl::OkStatus())
          << leaf << " of " << size;
    }
  }
}

TEST(Prove, ConsistencyEqualsTheReferenceForEveryPairUpTo140AndAroundATile) {
  const test::MemoryTree tree = TreeOf(300);
  std::vector<Digest> roots;
  for (std::uint64_t size = 0; size <= 300; ++size) {
    roots.push_back(test::reference::Root(First(tree, size)));
  }
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t size = 0; size <= 140; ++size) sizes.push_back(size);
  for (std::uint64_t size : {255, 256, 257, 258, 300}) sizes.push_back(size);
  for (const std::uint64_t to : sizes) {
    Prover prover(tree, TreeSize{to});
    for (std::uint64_t from = 0; from <= to; ++from) {
      const Proof proof = prover.Consistency(TreeSize{from}).value();
      EXPECT_EQ(proof, test::reference::ConsistencyProof(from, First(tree, to)));
      EXPECT_EQ(VerifyConsistency(TreeSize{from}, roots[from], TreeSize{to}, roots[to], proof),
                absl::OkStatus())
          << from << " to " << to;
    }
  }
}

// Counts what is read of a tree.
class CountedTree final : public NodeSource {
 public:
  explicit CountedTree(const test::MemoryTree& tree) : tree_(tree) {}
  absl::StatusOr<std::vector<Digest>> Hashes(int tile_level, std::uint64_t first,
                                             std::uint64_t count) const override {
    for (std::uint64_t i = first; i < first + count; ++i) ++read_[{tile_level, i}];
    return tree_.Hashes(tile_level, first, count);
  }
  int most() const {
    int most = 0;
    for (const auto& [node, times] : read_) most = std::max(most, times);
    return most;
  }

 private:
  const test::MemoryTree& tree_;
  mutable std::map<std::pair<int, std::uint64_t>, int> read_;
};

TEST(Prove, OneThatMovesWithAGrowingTreeProvesAsOneMadeAnewAndReadsNothingTwice) {
  std::mt19937_64 random = test::SeededRandom();
  const test::MemoryTree tree = TreeOf(3'000);
  const CountedTree counted(tree);
  Prover growing(counted, TreeSize{0});
  for (std::uint64_t size = 0; size < 3'000;) {
    const std::uint64_t before = size;
    size = std::min<std::uint64_t>(size + test::Between(random, 1, 70), 3'000);
    growing.MoveTo(TreeSize{size});
    for (std::uint64_t leaf = before; leaf < size; ++leaf) {
      EXPECT_EQ(growing.Inclusion(Sequence{leaf}).value(),
                ProveInclusion(tree, Sequence{leaf}, TreeSize{size}).value())
          << leaf << " of " << size;
    }
    EXPECT_EQ(growing.Root().value(), RootAt(tree, TreeSize{size}).value());
  }
  EXPECT_EQ(counted.most(), 1);
}

TEST(Prove, OneThatMovesToAnyOtherSizeProvesAsOneMadeAnew) {
  std::mt19937_64 random = test::SeededRandom();
  const test::MemoryTree tree = TreeOf(70'000);
  Prover moving(tree, TreeSize{0});
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t size = test::Between(random, 1, 70'000);
    const std::uint64_t leaf = test::Between(random, 0, size - 1);
    moving.MoveTo(TreeSize{size});
    EXPECT_EQ(moving.Inclusion(Sequence{leaf}).value(),
              ProveInclusion(tree, Sequence{leaf}, TreeSize{size}).value())
        << leaf << " of " << size;
  }
}

TEST(Prove, RandomLargeSizesThatCrossTileLevelsEqualTheReference) {
  std::mt19937_64 random = test::SeededRandom();
  const test::MemoryTree tree = TreeOf(140'000);
  std::vector<std::uint64_t> sizes = {65535, 65536, 65537, 65536 + 256, 131072};
  for (int i = 0; i < 4; ++i) sizes.push_back(test::Between(random, 65537, 140'000));
  for (const std::uint64_t size : sizes) {
    SCOPED_TRACE(size);
    const Digest root = test::reference::Root(First(tree, size));
    EXPECT_EQ(RootAt(tree, TreeSize{size}).value(), root);
    const std::uint64_t leaf = test::Between(random, 0, size - 1);
    const Proof path = ProveInclusion(tree, Sequence{leaf}, TreeSize{size}).value();
    EXPECT_EQ(path, test::reference::InclusionProof(leaf, First(tree, size))) << leaf;
    EXPECT_EQ(VerifyInclusion(tree.leaves()[leaf], Sequence{leaf}, TreeSize{size}, path, root),
              absl::OkStatus());

    const std::uint64_t from = test::Between(random, 1, size);
    const Digest from_root = RootAt(tree, TreeSize{from}).value();
    const Proof proof = ProveConsistency(tree, TreeSize{from}, TreeSize{size}).value();
    EXPECT_EQ(proof, test::reference::ConsistencyProof(from, First(tree, size))) << from;
    EXPECT_EQ(VerifyConsistency(TreeSize{from}, from_root, TreeSize{size}, root, proof),
              absl::OkStatus());
  }
}

TEST(Prove, SizesUpToTheLargestWork) {
  const UniformTree tree;
  std::mt19937_64 random = test::SeededRandom();
  std::vector<std::uint64_t> sizes = {1ull << 63, (1ull << 63) - 1, (1ull << 62) + 1, 1ull << 56,
                                      (1ull << 56) - 1};
  for (int i = 0; i < 20; ++i) sizes.push_back(test::Between(random, 1, 1ull << 63));
  for (const std::uint64_t size : sizes) {
    SCOPED_TRACE(size);
    const Digest root = tree.Root(size);
    EXPECT_EQ(RootAt(tree, TreeSize{size}).value(), root);
    for (const std::uint64_t leaf :
         {std::uint64_t{0}, size / 2, size - 1, test::Between(random, 0, size - 1)}) {
      const Proof path = ProveInclusion(tree, Sequence{leaf}, TreeSize{size}).value();
      EXPECT_EQ(VerifyInclusion(tree.leaf(), Sequence{leaf}, TreeSize{size}, path, root),
                absl::OkStatus());
    }
    for (const std::uint64_t from :
         {std::uint64_t{1}, size / 2, size - 1, test::Between(random, 1, size)}) {
      if (from == 0) continue;
      const Proof proof = ProveConsistency(tree, TreeSize{from}, TreeSize{size}).value();
      EXPECT_EQ(VerifyConsistency(TreeSize{from}, tree.Root(from), TreeSize{size}, root, proof),
                absl::OkStatus());
    }
  }
}

TEST(Prove, RefusesWhatCannotBeTrue) {
  const test::MemoryTree tree = TreeOf(10);
  EXPECT_EQ(ProveInclusion(tree, Sequence{5}, TreeSize{5}).status().code(),
            StatusCode::kOutOfRange);
  EXPECT_EQ(ProveInclusion(tree, Sequence{0}, TreeSize{0}).status().code(),
            StatusCode::kOutOfRange);
  EXPECT_EQ(ProveConsistency(tree, TreeSize{6}, TreeSize{5}).status().code(),
            StatusCode::kOutOfRange);
  const TreeSize too_large{(1ull << 63) + 1};
  EXPECT_EQ(RootAt(tree, too_large).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(ProveInclusion(tree, Sequence{0}, too_large).status().code(), StatusCode::kOutOfRange);
}

TEST(Prove, PassesOnTheErrorOfTheNodesAndAsksForNoneBeyondTheTree) {
  const test::MemoryTree tree = TreeOf(10);
  EXPECT_TRUE(RootAt(tree, TreeSize{10}).ok());
  EXPECT_EQ(RootAt(tree, TreeSize{11}).status().code(), StatusCode::kOutOfRange);
}

class ShortAnswer final : public NodeSource {
 public:
  absl::StatusOr<std::vector<Digest>> Hashes(int, std::uint64_t,
                                             std::uint64_t count) const override {
    return std::vector<Digest>(count - 1);
  }
};

TEST(Prove, ANodeSourceThatAnswersWithFewerIsDataLoss) {
  EXPECT_EQ(RootAt(ShortAnswer(), TreeSize{7}).status().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace selaras::merkle
