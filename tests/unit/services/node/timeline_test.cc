// The timeline of a case: every step, in causal order.
#include <map>
#include <set>

#include "node_test_base.h"

namespace selaras::node {
namespace {

using query::v1::GetTimelineResponse;
using testing::ElementsAre;

class TimelineTest : public NodeTest {
 protected:
  static GetTimelineResponse TimelineOf(const test::CaseNode& node, absl::string_view id) {
    query::v1::GetTimelineRequest request;
    request.set_case_id(std::string(id));
    auto timeline = node.reader().GetTimeline(request, node.viewer(), node.now);
    EXPECT_TRUE(timeline.ok()) << timeline.status();
    return timeline.ok() ? *timeline : GetTimelineResponse();
  }
  static std::vector<std::string> NamesOf(const GetTimelineResponse& timeline) {
    std::vector<std::string> names;
    for (const auto& step : timeline.steps()) {
      names.push_back((step.voided() ? "-" : "") + step.fact_name());
    }
    return names;
  }
  // No step stands before one that it cites, and each log is in its order.
  static void ExpectCausal(const GetTimelineResponse& timeline) {
    std::set<std::pair<std::string, std::uint64_t>> here;
    for (const auto& step : timeline.steps()) {
      here.emplace(step.position().log(), step.position().sequence());
    }
    std::set<std::pair<std::string, std::uint64_t>> before;
    std::map<std::string, std::uint64_t> newest;
    for (const auto& step : timeline.steps()) {
      for (const auto& cited : step.citations()) {
        const std::pair key(cited.position().log(), cited.position().sequence());
        EXPECT_TRUE(!here.contains(key) || before.contains(key)) << step.fact_name();
      }
      const auto& position = step.position();
      EXPECT_LE(newest[position.log()], position.sequence());
      newest[position.log()] = position.sequence();
      EXPECT_TRUE(before.emplace(position.log(), position.sequence()).second) << "twice";
    }
  }
};

TEST_F(TimelineTest, TellsTheCaseAcrossAgencies) {
  const std::string id = RecommendedCase();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id)));
  Exchange();
  EXPECT_THAT(NamesOf(TimelineOf(bawaslu_, id)),
              ElementsAre("respondent_named", "case_reviewed", "case_concluded", "case_referred",
                          "case_received", "case_verified", "sanction_recommended",
                          "recommendation_received", "sanction_decided"));
  EXPECT_THAT(NamesOf(TimelineOf(ppk_, id)),
              ElementsAre("case_referred", "case_received", "case_verified", "sanction_recommended",
                          "recommendation_received", "sanction_decided"))
      << "no office entry";
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) ExpectCausal(TimelineOf(*node, id));
}

TEST_F(TimelineTest, AStepSaysWhoWhenWhereAndWithWhichHash) {
  const std::string id = RecommendedCase();
  const auto timeline = TimelineOf(ppk_, id);
  ASSERT_EQ(timeline.steps_size(), 4);
  const auto& step = timeline.steps(0);
  EXPECT_EQ(step.position().log(), "bawaslu-13");
  EXPECT_EQ(step.position().sequence(), 4u);
  EXPECT_EQ(step.leaf_hash(), (*log::LeafHash(bawaslu_.store().shared(), {4})).view());
  EXPECT_EQ(step.author(), "bawaslu/13");
  EXPECT_EQ(step.occurred_at().date(), "2024-10-11");
  EXPECT_EQ(step.recorded_at().seconds(), absl::ToUnixSeconds(bawaslu_.now));
  EXPECT_EQ(step.personal().respondent().name(), "Citra Contoh");
  EXPECT_EQ(step.personal_state(), query::v1::PERSONAL_STATE_OPEN);
  EXPECT_EQ(timeline.steps(1).citations_size(), 1);
}

TEST_F(TimelineTest, ClocksDoNotOrderIt) {
  bkn_.now = bawaslu_.now - absl::Hours(24 * 60);
  const std::string id = RecommendedCase();
  const auto timeline = TimelineOf(bkn_, id);
  EXPECT_THAT(NamesOf(timeline), ElementsAre("case_referred", "case_received", "case_verified",
                                             "sanction_recommended"));
  EXPECT_GT(timeline.steps(0).recorded_at().seconds(), timeline.steps(1).recorded_at().seconds());
}

TEST_F(TimelineTest, WhatWasTakenBackStaysVisibleWithItsMarkAtEveryParty) {
  const std::string id = RecommendedCase();
  event::v1::Position recommended;
  recommended.set_log("bkn");
  recommended.set_sequence(2);
  bkn_.Must(test::ReferralRequest("k-3", VoidOf(id, recommended)));
  bkn_.Must(test::ReferralRequest("k-4", test::SomeRecommendation(id)));
  Exchange();
  for (const auto* node : {&bkn_, &ppk_}) {
    EXPECT_THAT(NamesOf(TimelineOf(*node, id)),
                ElementsAre("case_referred", "case_received", "case_verified",
                            "-sanction_recommended", "fact_voided", "sanction_recommended"))
        << node->name();
  }
  ExpectCausal(TimelineOf(bawaslu_, id));
}

TEST_F(TimelineTest, CorrectionsAreSteps) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  command::v1::CorrectFact correction;
  correction.set_case_id(outcome.case_id());
  *correction.mutable_position() = outcome.positions(4);
  correction.mutable_fields()->add_paths("occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  Exchange();
  const auto timeline = TimelineOf(bkn_, outcome.case_id());
  EXPECT_THAT(NamesOf(timeline), ElementsAre("case_referred", "fact_corrected"));
  EXPECT_EQ(timeline.steps(0).occurred_at().date(), "2024-10-11") << "as it was written";
  EXPECT_EQ(timeline.steps(1).personal().reason_text(), "salah ketik");
}

TEST_F(TimelineTest, AFactOfTheFutureIsShownAsNotUnderstood) {
  const std::string id = RecommendedCase();
  event::v1::Event event;
  event.set_author("bkn");
  event.set_case_id(id);
  event.set_party_number(4);
  ASSERT_TRUE(bkn_.store().Append({{event.SerializeAsString()}, {}, {}}).ok());
  ppk_.CopyOnly(bkn_, {{3}});
  ppk_.Project();
  const auto names = NamesOf(TimelineOf(ppk_, id));
  ASSERT_FALSE(names.empty());
  EXPECT_EQ(names.back(), "unknown");
  EXPECT_EQ(ppk_.Case(id)->sections(1).revision(), 4u) << "it is counted";
}

TEST_F(TimelineTest, WhatWaitsForMissingEntriesIsShownToo) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  command::v1::CorrectFact correction;
  correction.set_case_id(outcome.case_id());
  *correction.mutable_position() = outcome.positions(4);
  correction.mutable_fields()->add_paths("occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  correction.set_reason("salah lagi");
  bawaslu_.Must(test::IntakeRequest("b-3", correction));
  bawaslu_.Project();
  bkn_.CopyOnly(bawaslu_, {{4}, {6}});
  bkn_.Project();
  EXPECT_THAT(NamesOf(TimelineOf(bkn_, outcome.case_id())),
              ElementsAre("case_referred", "fact_corrected"));
}

}  // namespace
}  // namespace selaras::node
