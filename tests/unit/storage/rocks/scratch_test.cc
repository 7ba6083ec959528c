#include "storage/rocks/scratch.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "gtest/gtest.h"
#include "tests/support/temp_directory.h"

namespace selaras::rocks {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows RowsOf(const log::Scratch& scratch, absl::string_view prefix, absl::string_view from,
            std::size_t most) {
  Rows rows;
  EXPECT_TRUE(scratch
                  .Scan(prefix, from,
                        [&](absl::string_view key, absl::string_view value) {
                          rows.emplace_back(key, value);
                          return rows.size() < most;
                        })
                  .ok());
  return rows;
}

TEST(Scratch, KeepsRowsInTheOrderOfTheirKeysAndGoesWithTheObject) {
  const test::TempDirectory directory;
  {
    const auto made = MakeScratch(directory.path());
    ASSERT_TRUE(made.ok()) << made.status();
    log::Scratch& scratch = **made;
    const auto row = [](std::string key, std::optional<std::string> value) {
      return log::RowWrite{log::Table::kView, std::move(key), std::move(value)};
    };
    ASSERT_TRUE(
        scratch.Write({row("b/2", "2"), row("b/1", "1"), row("a", ""), row("c", "3")}).ok());
    ASSERT_TRUE(scratch.Write({row("c", std::nullopt), row("b/3", "3")}).ok());
    EXPECT_EQ(scratch.Get("b/2").value(), "2");
    EXPECT_EQ(scratch.Get("a").value(), "");
    EXPECT_EQ(scratch.Get("c").value(), std::nullopt);
    EXPECT_EQ(RowsOf(scratch, "b/", "", 9), (Rows{{"b/1", "1"}, {"b/2", "2"}, {"b/3", "3"}}));
    EXPECT_EQ(RowsOf(scratch, "b/", "b/2", 1), (Rows{{"b/2", "2"}}));
    EXPECT_FALSE(std::filesystem::is_empty(directory.path()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(Scratch, AFolderThatIsNotThereIsNamed) {
  EXPECT_TRUE(absl::IsUnavailable(MakeScratch("/nowhere/at/all").status()));
}

}  // namespace
}  // namespace selaras::rocks
