#include "services/runtime/rate_limit.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace selaras::runtime {
namespace {

constexpr absl::Duration kFree = absl::ZeroDuration();

TEST(RateLimit, GivesSomeAtOnceAndThenAsManyAnHourAsItSays) {
  RateLimit limit({.at_once = 3, .an_hour = 60, .all_keys = 4});
  absl::Duration now = absl::Hours(7);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.Take("a", now), kFree) << i;
  for (int i = 0; i < 10; ++i) {
    const absl::Duration wait = limit.Take("a", now);
    EXPECT_GT(wait, absl::Seconds(59));
    EXPECT_LT(wait, absl::Seconds(61));
    EXPECT_GT(limit.Take("a", now + wait / 2), kFree) << "too early";
    now += wait;
    EXPECT_EQ(limit.Take("a", now), kFree) << "whoever waits as told finds one";
  }
}

TEST(RateLimit, NeverSavesUpMoreThanIsGivenAtOnce) {
  RateLimit limit({.at_once = 2, .an_hour = 100, .all_keys = 4});
  EXPECT_EQ(limit.Take("a", kFree), kFree);
  const absl::Duration later = absl::Hours(1'000);
  EXPECT_EQ(limit.Take("a", later), kFree);
  EXPECT_EQ(limit.Take("a", later), kFree);
  EXPECT_GT(limit.Take("a", later), kFree);
}

TEST(RateLimit, HoldsForEachKeyAndForAllTogether) {
  RateLimit limit({.at_once = 2, .an_hour = 60, .all_keys = 2});
  for (const char* key : {"a", "b"}) {
    EXPECT_EQ(limit.Take(key, kFree), kFree);
    EXPECT_EQ(limit.Take(key, kFree), kFree);
    EXPECT_GT(limit.Take(key, kFree), kFree);
  }
  EXPECT_GT(limit.Take("c", kFree), kFree) << "all together took what all may take";
  EXPECT_EQ(limit.Take("c", absl::Minutes(1)), kFree);
}

TEST(RateLimit, AFailedAttemptCostsNothing) {
  RateLimit limit({.at_once = 1, .an_hour = 1, .all_keys = 1});
  EXPECT_EQ(limit.Take("a", kFree), kFree);
  for (int i = 0; i < 100; ++i) EXPECT_GT(limit.Take("a", absl::Minutes(30)), kFree);
  EXPECT_EQ(limit.Take("a", absl::Minutes(61)), kFree);
}

TEST(RateLimit, ATimeThatLiesBackGivesNothing) {
  RateLimit limit({.at_once = 1, .an_hour = 3'600, .all_keys = 2});
  EXPECT_EQ(limit.Take("a", absl::Hours(2)), kFree);
  EXPECT_GT(limit.Take("a", absl::Hours(1)), kFree);
}

TEST(RateLimit, RemembersOnlySoManyKeysAndThoseThatTookMost) {
  RateLimit limit({.at_once = 2, .an_hour = 1, .all_keys = 1'000, .keys_max = 4});
  EXPECT_EQ(limit.Take("greedy", kFree), kFree);
  EXPECT_EQ(limit.Take("greedy", kFree), kFree);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(limit.Take(absl::StrCat("key ", i), kFree), kFree);
    EXPECT_LE(limit.keys(), 4U);
  }
  EXPECT_GT(limit.Take("greedy", kFree), kFree);
}

}  // namespace
}  // namespace selaras::runtime
