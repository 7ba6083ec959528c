#include "tools/selaras/cosigned_bounds.h"

#include <gtest/gtest.h>

namespace selaras::cli {
namespace {

absl::Time At(int minute) { return absl::FromUnixSeconds(1'700'000'000) + absl::Minutes(minute); }

CosignedTree Tree(const char* witness, int minute, std::uint64_t size) {
  return {witness, At(minute), {size}};
}

TEST(CosignedTreesTest, WithoutCosignaturesNothingIsBounded) {
  CosignedTrees trees;
  EXPECT_EQ(trees.Bound({0}).without, std::nullopt);
  EXPECT_EQ(trees.Bound({7}).with, std::nullopt);
}

TEST(CosignedTreesTest, AnEntryCameAfterTheLastTreeWithoutItAndBeforeTheFirstWithIt) {
  CosignedTrees trees;
  trees.Add("b", At(11), {6});
  trees.Add("a", At(0), {3});
  trees.Add("b", At(2), {3});
  trees.Add("a", At(10), {6});
  const CosignedBounds first = trees.Bound({2});
  EXPECT_EQ(first.without, std::nullopt);
  EXPECT_EQ(first.with, Tree("a", 0, 3));
  const CosignedBounds second = trees.Bound({3});
  EXPECT_EQ(second.without, Tree("b", 2, 3));
  EXPECT_EQ(second.with, Tree("a", 10, 6));
  const CosignedBounds third = trees.Bound({6});
  EXPECT_EQ(third.without, Tree("b", 11, 6));
  EXPECT_EQ(third.with, std::nullopt);
}

TEST(CosignedTreesTest, AnIdleLogThatIsCosignedAnewBoundsWhatComesNext) {
  CosignedTrees trees;
  trees.Add("a", At(0), {3});
  trees.Add("a", At(60), {3});
  trees.Add("a", At(61), {4});
  EXPECT_EQ(trees.Bound({2}).with, Tree("a", 0, 3));
  EXPECT_EQ(trees.Bound({3}).without, Tree("a", 60, 3));
}

// On a slow line a mirror cosigns an old tree when others have long cosigned a larger one.
TEST(CosignedTreesTest, WhoWasLateToCosignATreeSaysNothingOfWhatCameAfterIt) {
  CosignedTrees trees;
  trees.Add("prompt", At(0), {3});
  trees.Add("late", At(90), {3});
  trees.Add("prompt", At(10), {4});
  trees.Add("prompt", At(100), {5});
  EXPECT_EQ(trees.Bound({3}).without, Tree("prompt", 0, 3));
  EXPECT_EQ(trees.Bound({3}).with, Tree("prompt", 10, 4));
  EXPECT_EQ(trees.Bound({4}).without, Tree("prompt", 10, 4));
  EXPECT_EQ(trees.Bound({4}).with, Tree("prompt", 100, 5));
}

TEST(CosignedTreesTest, TheOldestCosignatureCountsAlsoOfALargerTree) {
  CosignedTrees trees;
  trees.Add("late", At(50), {4});
  trees.Add("prompt", At(20), {9});
  EXPECT_EQ(trees.Bound({0}).with, Tree("prompt", 20, 9));
  EXPECT_EQ(trees.Bound({8}).with, Tree("prompt", 20, 9));
  EXPECT_EQ(trees.Bound({9}).with, std::nullopt);
  EXPECT_EQ(trees.Bound({9}).without, Tree("prompt", 20, 9));
}

}  // namespace
}  // namespace selaras::cli
