#include "tools/selaras/tree_source.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "logs.h"
#include "tools/selaras/stored_ledger.h"
#include "tools/selaras/tiles_export.h"

namespace selaras::cli {
namespace {

// So many entries; from `fork` on others.
std::shared_ptr<Ledger> LedgerOf(std::uint64_t size, std::uint64_t fork) {
  std::vector<std::string> entries;
  for (std::uint64_t i = 0; i < size; ++i) {
    entries.push_back(absl::StrCat(i < fork ? "entry " : "other ", i));
  }
  return std::make_shared<StoredLedger>(test::StoreOf("bkn", std::move(entries)));
}

std::unique_ptr<TreeSource> TreeOf(std::uint64_t size, std::uint64_t fork = 1'000) {
  return *OpenLedgerTree(LedgerOf(size, fork), "");
}

std::unique_ptr<TreeSource> TilesOf(std::uint64_t size, std::uint64_t fork = 1'000) {
  const std::string folder = absl::StrCat(testing::TempDir(), "/tiles-", size, "-", fork);
  std::filesystem::remove_all(folder);
  const auto exported = ExportTiles(*LedgerOf(size, fork), "", folder, [](auto, auto) {});
  EXPECT_TRUE(exported.ok()) << exported.status();
  return *OpenTiles(folder);
}

TEST(TreeSourceTest, EverySourceLeadsToItsRootAtEverySize) {
  for (std::uint64_t size = 0; size < 40; ++size) {
    const auto tree = TreeOf(size);
    EXPECT_EQ(*RootOf(*tree), tree->head().root) << size;
  }
  for (const std::uint64_t size : {1, 255, 256, 257, 700}) {
    const auto tree = TreeOf(size);
    const auto tiles = TilesOf(size);
    EXPECT_EQ(*RootOf(*tree), tree->head().root) << size;
    EXPECT_EQ(*RootOf(*tiles), tiles->head().root) << size;
  }
}

TEST(TreeSourceTest, TheFirstDifferenceIsFoundAtEveryPlace) {
  for (std::uint64_t size = 1; size < 20; ++size) {
    for (std::uint64_t fork = 0; fork < size; ++fork) {
      const auto found = CompareTrees(*TreeOf(size), *TreeOf(19, fork));
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_TRUE(found->forked);
      EXPECT_EQ(found->first, fork) << size;
      EXPECT_NE(found->leaf_a, found->leaf_b);
    }
  }
}

TEST(TreeSourceTest, WhatOnlyGrewDoesNotDiffer) {
  for (std::uint64_t size = 0; size < 20; ++size) {
    EXPECT_FALSE(CompareTrees(*TreeOf(size), *TreeOf(19))->forked);
    EXPECT_FALSE(CompareTrees(*TreeOf(19, 19), *TreeOf(size))->forked);
  }
}

TEST(TreeSourceTest, AnExportIsComparedWithTheLogItself) {
  EXPECT_FALSE(CompareTrees(*TilesOf(300), *TreeOf(300))->forked);
  for (const std::uint64_t fork : {0, 255, 256, 299}) {
    EXPECT_EQ(CompareTrees(*TilesOf(300), *TreeOf(300, fork))->first, fork);
  }
}

TEST(TreeSourceTest, ATreeReadsFewNodes) {
  class Counting final : public TreeSource {
   public:
    explicit Counting(std::uint64_t fork) : tree_(TreeOf(700, fork)) {}
    const log::Checkpoint& head() const override { return tree_->head(); }
    absl::StatusOr<base::Digest> Subtree(int level, std::uint64_t index) override {
      ++asked;
      return tree_->Subtree(level, index);
    }
    absl::StatusOr<std::vector<bool>> Held(std::uint64_t, std::uint64_t) override {
      return std::vector<bool>();
    }
    int asked = 0;

   private:
    const std::unique_ptr<TreeSource> tree_;
  };
  Counting a(1'000), b(511);
  EXPECT_EQ(CompareTrees(a, b)->first, 511);
  EXPECT_LE(a.asked, 12);  // a part or two, ten levels, the leaf
}

TEST(TreeSourceTest, EntriesThatAreThereAreHeld) {
  EXPECT_EQ(*TreeOf(3)->Held(1, 2), std::vector({true, true}));
  EXPECT_EQ(*TilesOf(3)->Held(0, 3), std::vector({true, true, true}));
  EXPECT_FALSE(TreeOf(3)->Held(2, 2).ok());
}

}  // namespace
}  // namespace selaras::cli
