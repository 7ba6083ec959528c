#include "storage/base/check.h"

#include <gtest/gtest.h>

namespace selaras::base {
namespace {

TEST(CheckDeathTest, StopsTheProcessAndSaysWhereAndWhy) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(SELARAS_CHECK(1 + 1 == 3) << "numbers " << 1 << " and " << 2,
               "check_test.cc:[0-9]+: broken invariant: 1 \\+ 1 == 3 numbers 1 and 2");
}

TEST(Check, CostsNothingWhenItHolds) {
  int evaluated = 0;
  int explained = 0;
  const auto explain = [&explained] { return ++explained; };
  SELARAS_CHECK(++evaluated == 1) << explain();
  EXPECT_EQ(evaluated, 1);
  EXPECT_EQ(explained, 0);
}

int SignOf(int value) {
  if (value > 0) return 1;
  if (value < 0) return -1;
  if (value != 0)
    SELARAS_CHECK(false) << "unreachable";
  else
    return 0;
  return 2;
}

TEST(Check, IsOneExpressionAndDoesNotStealAnElse) { EXPECT_EQ(SignOf(0), 0); }

}  // namespace
}  // namespace selaras::base
