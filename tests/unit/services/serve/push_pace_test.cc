#include "services/serve/push_pace.h"

#include "gtest/gtest.h"

namespace selaras::serve {
namespace {

constexpr absl::Duration kGather = absl::Milliseconds(500);
constexpr absl::Duration kTick = absl::Seconds(1);

absl::Duration At(int milliseconds) { return absl::Milliseconds(milliseconds); }

TEST(PushPace, WhatGrowsAfterAWhileIsToldAtOnce) {
  PushPace pace(kGather);
  EXPECT_FALSE(pace.Take(At(1))) << "nothing has grown";
  EXPECT_TRUE(pace.Grew(false, At(10)));
  EXPECT_TRUE(pace.Take(At(11)));
  EXPECT_FALSE(pace.Take(At(11))) << "once";
}

TEST(PushPace, MoreLeavesAloneAreToldInStepsAndNobodyIsWokenForThem) {
  PushPace pace(kGather);
  pace.Grew(false, At(10));
  ASSERT_TRUE(pace.Take(At(11)));
  EXPECT_EQ(pace.Wait(At(21), kTick), At(490)) << "he wakes in time by himself";
  EXPECT_FALSE(pace.Grew(false, At(100)));
  EXPECT_FALSE(pace.Take(At(100)));
  EXPECT_FALSE(pace.Grew(false, At(200)));
  EXPECT_EQ(pace.Wait(At(200), kTick), At(311));
  EXPECT_FALSE(pace.Take(At(510)));
  EXPECT_TRUE(pace.Take(At(511)));
}

TEST(PushPace, WhatIsDisclosedIsToldAtOnce) {
  PushPace pace(kGather);
  pace.Grew(false, At(10));
  ASSERT_TRUE(pace.Take(At(11)));
  EXPECT_FALSE(pace.Grew(false, At(12)));
  EXPECT_TRUE(pace.Grew(true, At(13)));
  EXPECT_TRUE(pace.Take(At(14)));
  EXPECT_FALSE(pace.Grew(false, At(15))) << "the next step of leaves comes after it";
  EXPECT_FALSE(pace.Take(At(513)));
  EXPECT_TRUE(pace.Take(At(514)));
}

TEST(PushPace, NobodyIsWokenTwiceForTheSame) {
  PushPace pace(kGather);
  EXPECT_TRUE(pace.Grew(false, At(10)));
  EXPECT_FALSE(pace.Grew(false, At(11)));
  EXPECT_TRUE(pace.Grew(true, At(12))) << "that is more";
  EXPECT_FALSE(pace.Grew(true, At(13)));
  EXPECT_TRUE(pace.Take(At(14)));
}

TEST(PushPace, WhoWaitsForNothingWaitsAsLongAsHeMay) {
  PushPace pace(kGather);
  EXPECT_EQ(pace.Wait(At(0), kTick), kTick);
  pace.Grew(false, At(10));
  ASSERT_TRUE(pace.Take(At(10)));
  EXPECT_EQ(pace.Wait(At(10), At(100)), At(100));
  EXPECT_EQ(pace.Wait(At(510), kTick), kTick);
}

TEST(PushPace, WithoutGatheringAllIsToldAtOnce) {
  PushPace pace(absl::ZeroDuration());
  for (int at : {10, 10, 11}) {
    EXPECT_TRUE(pace.Grew(false, At(at)));
    EXPECT_TRUE(pace.Take(At(at)));
  }
}

}  // namespace
}  // namespace selaras::serve
