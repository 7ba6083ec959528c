#include "storage/merkle/frontier.h"

#include <bit>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "storage/merkle/hash.h"
#include "storage/merkle/node_source.h"
#include "tests/support/merkle_reference.h"

namespace selaras::merkle {
namespace {

base::Digest Leaf(std::uint64_t place) { return HashLeaf(absl::StrCat("entry ", place)); }

TEST(Frontier, RootEqualsTheReferenceForEverySizeUpTo300) {
  Frontier frontier;
  std::vector<base::Digest> leaves;
  for (std::uint64_t size = 0; size <= 300; ++size) {
    EXPECT_EQ(frontier.size(), base::TreeSize{size});
    EXPECT_EQ(frontier.Root(), test::reference::Root(leaves)) << size;
    EXPECT_EQ(frontier.hashes().size(), static_cast<std::size_t>(std::popcount(size)));
    leaves.push_back(Leaf(size));
    frontier.Append(leaves.back());
  }
}

TEST(Frontier, ContinuesFromItsPartsAsIfItHadNeverStopped) {
  Frontier whole;
  for (std::uint64_t place = 0; place < 300; ++place) {
    absl::StatusOr<Frontier> resumed = Frontier::FromParts(whole.size(), whole.hashes());
    ASSERT_TRUE(resumed.ok());
    EXPECT_EQ(*resumed, whole);
    resumed->Append(Leaf(place));
    whole.Append(Leaf(place));
    EXPECT_EQ(*resumed, whole);
  }
}

TEST(Frontier, RefusesPartsThatDoNotFitItsSize) {
  const std::vector<base::Digest> two(2);
  EXPECT_TRUE(Frontier::FromParts(base::TreeSize{5}, two).ok());
  for (const std::uint64_t size : {0ull, 1ull, 4ull, 7ull, (1ull << 63) + 1, ~0ull}) {
    EXPECT_EQ(Frontier::FromParts(base::TreeSize{size}, two).status().code(),
              absl::StatusCode::kDataLoss)
        << size;
  }
}

TEST(Frontier, HandsOverEveryNodeOfATileLevelOnceWhenItIsComplete) {
  constexpr std::uint64_t kLeaves = 65536 + 300;
  Frontier frontier;
  std::vector<base::Digest> leaves;
  std::uint64_t nodes[3] = {};
  for (std::uint64_t place = 0; place < kLeaves; ++place) {
    leaves.push_back(Leaf(place));
    frontier.Append(leaves.back(), [&](int level, std::uint64_t index, const base::Digest& hash) {
      ASSERT_LE(level, 2);
      EXPECT_EQ(index, nodes[level]++);
      const std::uint64_t width = std::uint64_t{1} << (kTileHeight * level);
      ASSERT_EQ((index + 1) * width, leaves.size());
      const std::span<const base::Digest> covered(leaves);
      EXPECT_EQ(hash, test::reference::Root(covered.subspan(index * width, width)));
    });
  }
  EXPECT_EQ(nodes[0], kLeaves);
  EXPECT_EQ(nodes[1], CompletedNodes(1, kLeaves));
  EXPECT_EQ(nodes[1], 257u);
  EXPECT_EQ(nodes[2], 1u);
}

}  // namespace
}  // namespace selaras::merkle
