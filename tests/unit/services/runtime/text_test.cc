#include "services/runtime/text.h"

#include <string>

#include <gtest/gtest.h>

namespace selaras::runtime {
namespace {

TEST(Text, IsUtf8UpToTheFirstByteThatIsNot) {
  EXPECT_EQ(FindNoUtf8(""), absl::string_view::npos);
  EXPECT_EQ(FindNoUtf8("Nagari Koto Gadang \xC3\xA9 \xF0\x9F\x98\x80"), absl::string_view::npos);
  EXPECT_EQ(FindNoUtf8("ab\xFFz"), 2u);
  EXPECT_EQ(FindNoUtf8("ab\xC3"), 2u);
  EXPECT_EQ(FindNoUtf8("\xED\xA0\x80"), 0u);
}

TEST(Text, IsCleanedByReplacingWhatIsNoUtf8) {
  EXPECT_EQ(CleanUtf8("a\xFF"
                      "b",
                      100),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(CleanUtf8("plain", 5), "plain");
}

TEST(Text, IsCutBetweenCharactersAndSaysSo) {
  EXPECT_EQ(CleanUtf8("abcdef", 5), "ab\xE2\x80\xA6");
  EXPECT_EQ(CleanUtf8("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 6), "\xC3\xA9\xE2\x80\xA6");
  for (std::size_t size = 3; size < 20; ++size) {
    const std::string cut = CleanUtf8("\xF0\x9F\x98\x80\xFF xyz \xC3\xA9 \xE2\x80\xA8 end", size);
    EXPECT_LE(cut.size(), size);
    EXPECT_EQ(FindNoUtf8(cut), absl::string_view::npos);
  }
}

TEST(Text, OnOneLineHasNoControlCharacters) {
  EXPECT_EQ(OneLine("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(OneLine(std::string("\0\x1b[31m\x7f", 7)), "\\x00\\x1b[31m\\x7f");
  EXPECT_EQ(OneLine("\xC2\x85\xE2\x80\xA8\xFF"), "\\xc2\\x85\\xe2\\x80\\xa8\\xff");
  EXPECT_EQ(OneLine("\xC3\xA9 fine"), "\xC3\xA9 fine");
}

TEST(Text, QuotedInAnErrorIsCleanOnOneLineAndCut) {
  EXPECT_EQ(Quoted(""), "\"\"");
  EXPECT_EQ(Quoted("a\nb\xFF"), "\"a\\nb\xEF\xBF\xBD\"");
  EXPECT_EQ(Quoted(std::string(200, 'x')), "\"" + std::string(125, 'x') + "\xE2\x80\xA6\"");
}

}  // namespace
}  // namespace selaras::runtime
