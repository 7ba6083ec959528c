#include "services/statistics/counts.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "gtest/gtest.h"
#include "tests/support/random.h"

namespace selaras::statistics {
namespace {

using storage::v1::StoredCounts;

// What one case might add.
StoredCounts SomeCase(std::mt19937_64& random) {
  StoredCounts one;
  one.set_cases(1);
  one.set_recommendations(test::Between(random, 0, 2));
  one.set_persons(test::Between(random, 0, 1));
  one.set_identity_open(1 - one.persons());
  for (std::uint32_t dimension = 1; dimension < 6; ++dimension) {
    auto* count = one.add_counts();
    count->set_dimension(dimension);
    count->set_value(absl::StrCat("v", test::Between(random, 0, 3)));
    count->set_count(1);
  }
  if (test::Between(random, 0, 1) == 1) {
    auto* due = one.add_due();
    due->set_deadline(absl::StrCat("D-0", test::Between(random, 1, 3)));
    due->add_ends(static_cast<std::int64_t>(test::Between(random, 0, 4)));
    due->add_counts(1);
  }
  auto* days = one.add_days();
  days->set_stage(static_cast<std::uint32_t>(test::Between(random, 1, 3)));
  if (test::Between(random, 0, 5) == 0) {
    days->set_out_of_order(1);
  } else {
    days->add_buckets(static_cast<std::uint32_t>(test::Between(random, 0, 9)));
    days->add_counts(1);
  }
  return Counts(one).ToStored("", "");
}

std::string Bytes(const Counts& counts) { return counts.ToStored("E", "13").SerializeAsString(); }

TEST(Counts, WhatIsLeftEqualsAddingOnlyThat) {
  auto random = test::SeededRandom();
  for (int round = 0; round < 50; ++round) {
    Counts counts;
    std::vector<StoredCounts> there;
    for (int step = 0; step < 60; ++step) {
      if (!there.empty() && test::Between(random, 0, 2) == 0) {
        const std::size_t gone = test::Between(random, 0, there.size() - 1);
        ASSERT_TRUE(counts.Subtract(there[gone]));
        there.erase(there.begin() + static_cast<std::ptrdiff_t>(gone));
      } else {
        there.push_back(SomeCase(random));
        counts.Add(there.back());
      }
      Counts anew;
      for (const StoredCounts& one : there) anew.Add(one);
      ASSERT_EQ(Bytes(counts), Bytes(anew));
    }
    for (const StoredCounts& one : there) ASSERT_TRUE(counts.Subtract(one));
    EXPECT_TRUE(counts.empty());
    EXPECT_EQ(Bytes(counts), Bytes(Counts()));
  }
}

TEST(Counts, SurviveBeingStored) {
  auto random = test::SeededRandom();
  Counts counts;
  for (int i = 0; i < 100; ++i) counts.Add(SomeCase(random));
  const StoredCounts stored = counts.ToStored("E", "13");
  EXPECT_EQ(stored.election(), "E");
  EXPECT_EQ(stored.region(), "13");
  EXPECT_EQ(Bytes(Counts(stored)), Bytes(counts));
}

TEST(Counts, WhatWasNeverAddedCannotBeTakenAway) {
  auto random = test::SeededRandom();
  const StoredCounts one = SomeCase(random);
  Counts empty;
  EXPECT_FALSE(empty.Subtract(one));
  Counts other(one);
  StoredCounts changed = one;
  changed.mutable_counts(0)->set_value("elsewhere");
  EXPECT_FALSE(other.Subtract(changed));
}

}  // namespace
}  // namespace selaras::statistics
