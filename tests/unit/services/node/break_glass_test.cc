#include "services/node/break_glass.h"

#include <memory>

#include "node_test_base.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"

namespace selaras::node {
namespace {

class BreakGlassTest : public NodeTest {
 protected:
  std::string Take(const std::string& id, std::uint32_t minutes) {
    auto body = std::make_shared<command::v1::BreakGlass>();
    body->set_report_id(report_);
    body->set_by("bawaslu/13");
    body->set_role("ops");
    body->set_reason("gangguan");
    body->set_reason_text("kantor tutup dan sistem tidak jalan");
    body->set_minutes(minutes);
    auto header = test::HeaderOf("bawaslu/13", id);
    header.mutable_officer()->set_officer_id("adm-1");
    return bawaslu_.Must({header, std::move(body), true, "\nemergency/"}).report_id();
  }
  std::optional<std::uint64_t> Open(absl::string_view by, absl::string_view role, absl::Time now) {
    const auto report = *LoadSubject(bawaslu_.store(), rows::ReportState(report_));
    const auto open = *OpenBreakGlass(bawaslu_.store(), *report, by, role, now);
    return open ? std::optional(open->sequence()) : std::nullopt;
  }

  std::string report_ = bawaslu_.Must(Naming("b-1")).report_id();
};

TEST_F(BreakGlassTest, HoldsForWhoTookItOneReportAndAWhile) {
  const absl::Time now = bawaslu_.now;
  EXPECT_FALSE(Open("bawaslu/13", "ops", now));
  EXPECT_EQ(Take("g-1", 30), report_);
  const auto open = Open("bawaslu/13", "ops", now);
  ASSERT_TRUE(open);
  EXPECT_TRUE(Open("bawaslu/13", "ops", now + absl::Minutes(30) - absl::Seconds(1)));
  EXPECT_FALSE(Open("bawaslu/13", "ops", now + absl::Minutes(30)));
  EXPECT_FALSE(Open("bawaslu/13", "auditor", now));
  EXPECT_FALSE(Open("bawaslu/ri", "ops", now));
  report_ = bawaslu_.Must(Naming("b-2")).report_id();
  EXPECT_FALSE(Open("bawaslu/13", "ops", now)) << "another report";
}

TEST_F(BreakGlassTest, AReviewEndsItAndAClockThatIsSetBackMakesItNoLonger) {
  Take("g-1", 240);
  const auto open = Open("bawaslu/13", "ops", bawaslu_.now);
  ASSERT_TRUE(open);
  EXPECT_FALSE(Open("bawaslu/13", "ops", bawaslu_.now - absl::Seconds(1)));
  auto body = std::make_shared<command::v1::ReviewBreakGlass>();
  body->set_report_id(report_);
  body->mutable_opening()->set_log(bawaslu_.store().private_log().name());
  body->mutable_opening()->set_sequence(*open);
  body->set_justified(true);
  auto header = test::HeaderOf("bawaslu/13", "review");
  header.mutable_officer()->set_officer_id("ketua-1");
  bawaslu_.Must({header, std::move(body), true});
  EXPECT_FALSE(Open("bawaslu/13", "ops", bawaslu_.now));
}

TEST_F(BreakGlassTest, WhatWasWrittenAfterItsEndEndsItWhateverTheClockSaysNow) {
  const absl::Time taken = bawaslu_.now;
  Take("g-1", 10);
  bawaslu_.now = taken + absl::Minutes(20);
  bawaslu_.Must(Naming("b-2"));
  EXPECT_FALSE(Open("bawaslu/13", "ops", taken + absl::Minutes(5)));
}

TEST_F(BreakGlassTest, TheNewestThatHoldsIsTheOneThatIsNamed) {
  Take("g-1", 60);
  const auto first = Open("bawaslu/13", "ops", bawaslu_.now);
  Take("g-2", 10);
  const auto second = Open("bawaslu/13", "ops", bawaslu_.now);
  EXPECT_GT(*second, *first);
  EXPECT_EQ(Open("bawaslu/13", "ops", bawaslu_.now + absl::Minutes(20)), first);
}

TEST_F(BreakGlassTest, OperationsSeeWhoReportedThroughItAndTheReasonStaysSealed) {
  Take("g-1", 30);
  bawaslu_.Project();
  query::v1::GetReportRequest request;
  request.set_report_id(report_);
  Viewer viewer = bawaslu_.viewer();
  EXPECT_TRUE(bawaslu_.reader().GetReport(request, viewer)->report().reporter().name().empty());
  const auto open =
      bawaslu_.reader().OpenBreakGlass(request, viewer, "bawaslu/13", "ops", bawaslu_.now);
  ASSERT_TRUE(open.ok() && *open);
  viewer.sees_reporters = true;
  EXPECT_FALSE(bawaslu_.reader().GetReport(request, viewer)->report().reporter().name().empty());
  const auto raw = bawaslu_.store().private_log().Entry({(*open)->sequence()});
  EXPECT_EQ((*raw)->find("kantor"), std::string::npos);
  EXPECT_EQ(bawaslu_.PrivateEvents().back().plain().reason_text(),
            "kantor tutup dan sistem tidak jalan");
}

}  // namespace
}  // namespace selaras::node
