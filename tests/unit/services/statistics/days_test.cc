#include "services/statistics/days.h"

#include <algorithm>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/random.h"

namespace selaras::statistics {
namespace {

TEST(Days, AreExactUpTo127) {
  for (std::uint32_t days = 0; days <= kExactDays; ++days) {
    EXPECT_EQ(DaysOf(BucketOf(days)), days);
  }
}

TEST(Days, AreUpToA64thTooLowAbove) {
  for (std::uint32_t days = 0; days < 200'000; ++days) {
    const std::uint32_t told = DaysOf(BucketOf(days));
    ASSERT_LE(told, days);
    ASSERT_LE((days - told) * 64, days) << days;
  }
}

TEST(Days, BucketsRiseWithTheDays) {
  for (std::uint32_t days = 1; days < 200'000; ++days) {
    const std::uint32_t step = BucketOf(days) - BucketOf(days - 1);
    ASSERT_LE(step, 1u) << days;
    if (step == 1) {
      ASSERT_EQ(DaysOf(BucketOf(days)), days);
    }
  }
}

TEST(Days, QuantilesAreThoseOfTheSortedList) {
  auto random = test::SeededRandom();
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint32_t> list(test::Between(random, 1, 60));
    DayCounts counts;
    for (std::uint32_t& days : list) {
      days = static_cast<std::uint32_t>(test::Between(random, 0, round % 2 == 0 ? 30 : 2'000));
      counts.Add(BucketOf(days), 1);
    }
    std::sort(list.begin(), list.end());
    for (const std::uint32_t percent : {1u, 50u, 90u, 100u}) {
      const std::size_t rank = (list.size() * percent + 99) / 100;
      EXPECT_EQ(counts.WithinDays(percent), DaysOf(BucketOf(list[rank - 1])));
    }
  }
}

TEST(Days, NothingTakesNoTime) { EXPECT_EQ(DayCounts().WithinDays(50), 0u); }

}  // namespace
}  // namespace selaras::statistics
