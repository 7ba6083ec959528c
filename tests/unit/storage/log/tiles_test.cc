#include "storage/log/tiles.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace selaras::log {
namespace {

TEST(Tiles, LieWhereTheSpecificationSays) {
  EXPECT_EQ(TilePath(0, 0, 256), "tile/0/000");
  EXPECT_EQ(TilePath(3, 67, 256), "tile/3/067");
  EXPECT_EQ(TilePath(0, 1'234'067, 256), "tile/0/x001/x234/067");
  EXPECT_EQ(TilePath(1, 1'000, 1), "tile/1/x001/000.p/1");
  EXPECT_EQ(TilePath(0, 5, 255), "tile/0/005.p/255");
  EXPECT_EQ(EntriesPath(1'234'067, 256), "tile/entries/x001/x234/067");
  EXPECT_EQ(EntriesPath(0, 8), "tile/entries/000.p/8");
}

TEST(Tiles, BundlesSayHowLongEachEntryIs) {
  const std::vector<std::string> entries = {"ab", "", std::string(300, 'x')};
  EXPECT_EQ(EntryBundle(entries), std::string("\0\2ab\0\0\1\x2c", 8) + std::string(300, 'x'));
}

}  // namespace
}  // namespace selaras::log
