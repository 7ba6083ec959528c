#include "services/serve/scrub_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::serve {
namespace {

using testing::ElementsAre;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
constexpr absl::Duration kDay = absl::Hours(24);
const std::vector<std::string> kStages = {"log/bkn", "requests", "views"};

ScrubPlan AfterAPass(absl::Duration took, std::uint64_t findings = 0) {
  ScrubPlan plan({}, kDay);
  for (const std::string& stage : plan.Begin(kStages, kStart)) {
    plan.EnterStage(stage);
    plan.LeaveStage({10, 1'000, findings, findings > 0 ? stage : ""});
  }
  plan.Finish(kStart + took);
  return plan;
}

TEST(ScrubPlan, TheFirstPassIsDueAtOnceAndTheNextOneAfterItsTime) {
  EXPECT_EQ(ScrubPlan({}, kDay).WaitFor(kStart), absl::ZeroDuration());
  const ScrubPlan plan = AfterAPass(absl::Hours(2));
  EXPECT_EQ(plan.WaitFor(kStart + absl::Hours(2)), absl::Hours(22));
  EXPECT_EQ(plan.WaitFor(kStart + absl::Hours(30)), absl::ZeroDuration());
}

TEST(ScrubPlan, APassThatTakesLongerThanItsTimeIsFollowedByTheNext) {
  EXPECT_EQ(AfterAPass(absl::Hours(25)).WaitFor(kStart + absl::Hours(25)), absl::ZeroDuration());
}

TEST(ScrubPlan, AClockThatWasMovedDelaysNoPassForLongerThanItsTime) {
  EXPECT_EQ(AfterAPass(absl::Hours(1)).WaitFor(kStart - absl::Hours(24 * 365)), kDay);
}

TEST(ScrubPlan, WhatTheStagesFoundIsAddedUp) {
  const ScrubPlan plan = AfterAPass(absl::Hours(2), 2);
  const storage::v1::ScrubTally& last = plan.remembered().last();
  EXPECT_EQ(last.entries(), 30u);
  EXPECT_EQ(last.bytes(), 3'000u);
  EXPECT_EQ(last.findings(), 6u);
  EXPECT_EQ(last.first(), "log/bkn");
  EXPECT_EQ(last.finished().seconds() - last.began().seconds(), 7'200);
  EXPECT_FALSE(plan.remembered().has_running());
  EXPECT_FALSE(plan.IsGood());
}

TEST(ScrubPlan, AStopLosesNoMoreThanTheStageUnderWay) {
  ScrubPlan before({}, kDay);
  before.Begin(kStages, kStart);
  before.EnterStage("log/bkn");
  before.LeaveStage({10, 1'000, 1, "entry bkn@7"});
  before.EnterStage("requests");

  storage::v1::StoredScrub kept;
  ASSERT_TRUE(kept.ParseFromString(before.remembered().SerializeAsString()));
  ScrubPlan after(kept, kDay);
  EXPECT_EQ(after.WaitFor(kStart + absl::Hours(1)), absl::ZeroDuration());
  EXPECT_TRUE(after.HasFound());
  EXPECT_FALSE(after.IsGood());
  EXPECT_THAT(after.Begin(kStages, kStart + absl::Hours(1)), ElementsAre("requests", "views"));
  for (const char* stage : {"requests", "views"}) {
    after.EnterStage(stage);
    after.LeaveStage({});
  }
  after.Finish(kStart + absl::Hours(2));
  EXPECT_EQ(after.remembered().last().began().seconds(), absl::ToUnixSeconds(kStart));
  EXPECT_EQ(after.remembered().last().entries(), 10u);
  EXPECT_EQ(after.remembered().last().first(), "entry bkn@7");
}

TEST(ScrubPlan, AStageThatIsThereNoMoreBeginsThePassAnew) {
  ScrubPlan plan({}, kDay);
  plan.Begin(kStages, kStart);
  plan.EnterStage("log/bkn");
  plan.LeaveStage({10, 1'000, 1, "x"});
  plan.EnterStage("requests");
  EXPECT_THAT(plan.Begin({"log/bkn", "states"}, kStart + absl::Hours(1)),
              ElementsAre("log/bkn", "states"));
  EXPECT_FALSE(plan.HasFound());
  EXPECT_EQ(plan.remembered().running().began().seconds(),
            absl::ToUnixSeconds(kStart + absl::Hours(1)));
}

TEST(ScrubPlan, OneCleanPassMakesItGoodAgain) {
  ScrubPlan plan = AfterAPass(absl::Hours(2), 1);
  plan.Begin(kStages, kStart + kDay);
  EXPECT_FALSE(plan.IsGood());
  plan.Finish(kStart + kDay);
  EXPECT_TRUE(plan.IsGood());
}

TEST(ScrubPace, ReadsAsMuchASecondAsItIsTold) {
  ScrubPace pace(1'000);
  absl::Duration now = absl::Seconds(50);
  pace.Restart(now);
  for (int i = 0; i < 10; ++i) {
    now += absl::Milliseconds(100);  // what reading takes
    now += pace.WaitAfter(500, now, false);
  }
  EXPECT_EQ(now, absl::Seconds(55));
}

TEST(ScrubPace, WhatWasNotReadInTimeIsNotMadeUpFor) {
  ScrubPace pace(1'000);
  pace.Restart(absl::ZeroDuration());
  EXPECT_EQ(pace.WaitAfter(1'000, absl::Seconds(100), false), absl::ZeroDuration());
  EXPECT_EQ(pace.WaitAfter(1'000, absl::Seconds(100), false), absl::Seconds(1));
}

TEST(ScrubPace, WhileOthersWaitItReadsAQuarter) {
  ScrubPace pace(1'000);
  pace.Restart(absl::ZeroDuration());
  EXPECT_EQ(pace.WaitAfter(1'000, absl::ZeroDuration(), true), absl::Seconds(4));
}

TEST(ScrubPace, NothingReadIsNothingToWaitFor) {
  ScrubPace pace(1'000);
  pace.Restart(absl::Seconds(5));
  EXPECT_EQ(pace.WaitAfter(0, absl::Seconds(5), true), absl::ZeroDuration());
}

}  // namespace
}  // namespace selaras::serve
