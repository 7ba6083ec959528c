#include "storage/base/number.h"

#include <concepts>
#include <sstream>

#include "absl/hash/hash_testing.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace selaras::base {
namespace {

static_assert(!std::three_way_comparable_with<Sequence, TreeSize>);
static_assert(!std::convertible_to<Sequence, TreeSize>);
static_assert(!std::convertible_to<Sequence, std::uint64_t>);
static_assert(!std::convertible_to<std::uint64_t, Sequence>);

TEST(Number, OrdersByValue) {
  EXPECT_LT(Sequence{1}, Sequence{2});
  EXPECT_EQ(TreeSize{7}, TreeSize{7});
  EXPECT_EQ(Sequence{}, Sequence{0});
}

TEST(Number, IsTextForStrCatAndStreams) {
  EXPECT_EQ(absl::StrCat("at ", Sequence{18446744073709551615u}, " of ", TreeSize{0}),
            "at 18446744073709551615 of 0");
  EXPECT_EQ(absl::StrCat(Sequence{1}, Sequence{2}, Sequence{3}, Sequence{4}, Sequence{5}, "!"),
            "12345!");
  std::ostringstream out;
  out << Sequence{42};
  EXPECT_EQ(out.str(), "42");
}

TEST(Number, HashesByValue) {
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly({Sequence{0}, Sequence{1}}));
}

TEST(TreeSize, CoversTheSequencesBelowIt) {
  EXPECT_EQ(SizeThrough(Sequence{0}), TreeSize{1});
  EXPECT_EQ(NextAfter(TreeSize{1}), Sequence{1});
  EXPECT_TRUE(Covers(TreeSize{1}, Sequence{0}));
  EXPECT_FALSE(Covers(TreeSize{1}, Sequence{1}));
  EXPECT_FALSE(Covers(TreeSize{0}, Sequence{0}));
}

}  // namespace
}  // namespace selaras::base
