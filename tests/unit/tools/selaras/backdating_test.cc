#include "tools/selaras/backdating.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

absl::Time At(const std::string& text) {
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) << text;
  return time;
}

event::v1::Event Recorded(const std::string& day, const std::string& recorded) {
  event::v1::Event event;
  event.set_author("bkn");
  event.mutable_fact()->mutable_case_received();
  if (!day.empty()) event.mutable_occurred_at()->set_date(day);
  event.mutable_recorded_at()->set_seconds(absl::ToUnixSeconds(At(recorded)));
  return event;
}

TEST(BackdatingTest, ADayEndsAtTheOffice) {
  event::v1::When when;
  when.set_date("2024-10-11");
  EXPECT_EQ(EndOf(when), At("2024-10-11T17:00:00Z"));
  when.set_zone("WITA");
  EXPECT_EQ(EndOf(when), At("2024-10-11T16:00:00Z"));
  when.set_zone("WIT");
  EXPECT_EQ(EndOf(when), At("2024-10-11T15:00:00Z"));
  when.mutable_instant()->set_seconds(7);
  EXPECT_EQ(EndOf(when), absl::FromUnixSeconds(7));
  when.set_date("last week");
  EXPECT_EQ(EndOf(when), std::nullopt);
  EXPECT_EQ(EndOf(event::v1::When()), std::nullopt);
}

TEST(BackdatingTest, LateIsWhatWasRecordedAfterTheThreshold) {
  LateCounts counts({.recorded = absl::Hours(24)});
  EXPECT_THAT(counts.Add(Recorded("2024-10-11", "2024-10-12T17:00:00Z"), {}).why(), IsEmpty());
  const auto late = counts.Add(Recorded("2024-10-11", "2024-10-12T17:00:01Z"), {});
  EXPECT_THAT(late.why(), ElementsAre("recorded_late"));
  EXPECT_EQ(late.recorded_after_s(), 24 * 3'600 + 1);
  counts.Add(Recorded("", "2024-10-12T17:00:01Z"), {});
  const auto all = counts.All();
  ASSERT_EQ(all.size(), 1);
  EXPECT_EQ(all[0].entries(), 3);
  EXPECT_EQ(all[0].undated(), 1);
  EXPECT_EQ(all[0].recorded_late(), 1);
  EXPECT_EQ(all[0].longest_s(), 24 * 3'600 + 1);
}

TEST(BackdatingTest, WhatAnAuthorSaysOfItsClockIsBoundedByWhoHoldsIt) {
  LateCounts counts({.held = absl::Hours(24)});
  const auto event = Recorded("2024-10-11", "2024-10-11T09:00:00Z");
  EXPECT_THAT(counts.Add(event, At("2024-10-12T09:00:00Z")).why(), IsEmpty());
  EXPECT_THAT(counts.Add(event, At("2024-10-12T09:00:01Z")).why(), ElementsAre("held_late"));
  EXPECT_THAT(counts.Add(event, At("2024-10-11T08:55:00Z")).why(), IsEmpty());
  EXPECT_THAT(counts.Add(event, At("2024-10-11T08:54:59Z")).why(), ElementsAre("from_the_future"));
}

TEST(BackdatingTest, WhatAnAuthorSaysOfItsClockIsBoundedByWhoCosigned) {
  LateCounts counts({.cosigned = absl::Hours(1)});
  const auto event = Recorded("2024-10-11", "2024-10-11T09:00:00Z");
  const auto add = [&](const char* without, const char* with) {
    const CosignedBounds bounds{CosignedTree{"a", At(without), {7}},
                                CosignedTree{"b", At(with), {8}}};
    const auto late = counts.Add(event, std::nullopt, bounds);
    EXPECT_EQ(late.last_without().time(), without);
    EXPECT_EQ(late.last_without().tree_size(), 7);
    EXPECT_EQ(late.first_with().witness(), "b");
    return std::vector<std::string>(late.why().begin(), late.why().end());
  };
  EXPECT_THAT(add("2024-10-11T08:59:00Z", "2024-10-11T09:00:02Z"), IsEmpty());
  EXPECT_THAT(add("2024-10-11T10:00:00Z", "2024-10-11T10:00:02Z"), IsEmpty());
  EXPECT_THAT(add("2024-10-11T10:00:01Z", "2024-10-11T10:00:02Z"), ElementsAre("cosigned_without"));
  EXPECT_THAT(add("2024-10-11T08:00:00Z", "2024-10-11T08:55:00Z"), IsEmpty());
  EXPECT_THAT(add("2024-10-11T08:00:00Z", "2024-10-11T08:54:59Z"), ElementsAre("cosigned_before"));
  // What nobody cosigned is not bounded.
  EXPECT_FALSE(counts.Add(event, std::nullopt).has_first_with());
  const auto all = counts.All();
  ASSERT_EQ(all.size(), 1);
  EXPECT_EQ(all[0].entries(), 6);
  EXPECT_EQ(all[0].cosigned(), 5);
  EXPECT_EQ(all[0].cosigned_without(), 1);
  EXPECT_EQ(all[0].cosigned_before(), 1);
}

TEST(BackdatingTest, AuthorsAndFactsAreCountedApart) {
  LateCounts counts({});
  counts.Add(Recorded("2024-10-11", "2024-10-11T09:00:00Z"), {});
  auto other = Recorded("2024-10-11", "2024-10-11T09:00:00Z");
  other.set_author("bawaslu/13");
  counts.Add(other, {});
  other.mutable_fact()->mutable_case_verified();
  counts.Add(other, {});
  std::vector<std::string> keys;
  for (const auto& count : counts.All()) keys.push_back(count.author() + " " + count.fact());
  EXPECT_THAT(keys, ElementsAre("bawaslu/13 case_received", "bawaslu/13 case_verified",
                                "bkn case_received"));
}

}  // namespace
}  // namespace selaras::cli
