#include <string>

#include <gtest/gtest.h>

#include "minimal_catalogue.h"
#include "services/reference/catalogue.h"
#include "storage/base/bytes.h"

namespace selaras::reference {
namespace {

base::Digest DigestOf(Catalogue::Files files) {
  auto catalogue = Catalogue::FromFiles(std::move(files));
  EXPECT_TRUE(catalogue.ok()) << catalogue.status();
  return catalogue.ok() ? (*catalogue)->digest() : base::Digest();
}

// The value was computed by another program from the rule in catalogue.h. If it
// changes, events that cite a version can no longer be matched with it.
TEST(CatalogueDigest, IsTheGoldenOne) {
  EXPECT_EQ(base::HexEncode(DigestOf(MinimalFiles()).view()),
            "e8fb971299991eeef904f5e14e3095cb5a2f4d3f3d1cd4ac8b2bee3e450b5515");
}

TEST(CatalogueDigest, ChangesWithAByteOfAnyTable) {
  const base::Digest before = DigestOf(MinimalFiles());
  for (const absl::string_view name : CatalogueFileNames()) {
    Catalogue::Files files = MinimalFiles();
    std::string& text = files.at(std::string(name));
    text.insert(text.size() - 1, "x");  // the last column is a source or a note: free text
    EXPECT_NE(DigestOf(files), before) << name;
  }
}

TEST(CatalogueDigest, IsTheSameForTheSameBytes) {
  EXPECT_EQ(DigestOf(MinimalFiles()), DigestOf(MinimalFiles()));
}

TEST(CatalogueDigest, ACatalogueIsMadeAgainFromItsBytes) {
  const auto first = Catalogue::FromFiles(MinimalFiles());
  ASSERT_TRUE(first.ok());
  const auto again = Catalogue::FromFiles((*first)->files());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ((*again)->digest(), (*first)->digest());
}

}  // namespace
}  // namespace selaras::reference
