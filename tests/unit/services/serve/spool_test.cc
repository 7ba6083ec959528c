#include "services/serve/spool.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/temp_directory.h"

namespace selaras::serve {
namespace {

TEST(Spool, GivesBackWhatWasPutInAndHasNoName) {
  const test::TempDirectory directory;
  const auto spool = Spool::Create(directory / "");
  ASSERT_TRUE(spool.ok()) << spool.status();
  EXPECT_TRUE((*spool)->Append("selaras ").ok());
  EXPECT_TRUE((*spool)->Append("exchange").ok());
  EXPECT_EQ((*spool)->size(), 16u);
  EXPECT_EQ((*spool)->Read(8, 4).value(), "exch");
  EXPECT_EQ((*spool)->Read(8, 100).value(), "exchange");
  EXPECT_EQ((*spool)->Read(16, 100).value(), "");
  EXPECT_TRUE(std::filesystem::is_empty(directory / ""));
}

TEST(Spool, WhereNothingCanBeWrittenIsAnError) {
  const test::TempDirectory directory;
  EXPECT_TRUE(absl::IsUnavailable(Spool::Create(directory / "none").status()));
}

}  // namespace
}  // namespace selaras::serve
