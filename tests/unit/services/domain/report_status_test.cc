#include "services/domain/report_status.h"

#include <set>

#include "case_test_base.h"

namespace selaras::domain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using F = event::v1::Fact;

class ReportStatusTest : public CaseTest {
 protected:
  std::string Status() const { return ReportStepOf(case_.fold()).status; }
};

ReportStep Step(absl::string_view status, absl::string_view day) {
  return {std::string(status), test::On(day)};
}

TEST_F(ReportStatusTest, EveryStateHasAWordOfTheCatalogueThatNamesNoSanction) {
  std::set<absl::string_view> statuses = {"received", "traced", kWaitsForReporter};
  for (int state = 1; state < kStates; ++state) {
    statuses.insert(ReportStatusOf(static_cast<State>(state)));
  }
  for (const absl::string_view status : statuses) {
    const reference::Code* code = catalogue_->FindCode("report_status", status);
    ASSERT_NE(code, nullptr) << status;
    for (const char* told : {"sanksi", "hukuman", "BKN", "PPK", "keberatan", "banding"}) {
      EXPECT_THAT(code->text, Not(HasSubstr(told)));
    }
    // And each has its place among the others.
    EXPECT_EQ(WholeOf({Step(status, "2024-10-05")}).status, status);
  }
}

TEST_F(ReportStatusTest, FollowsACaseThroughAllAgencies) {
  ASSERT_TRUE(Name().ok());
  EXPECT_EQ(Status(), "under_review");
  ASSERT_TRUE(Review().ok());
  EXPECT_EQ(Status(), "being_examined");
  ASSERT_TRUE(Conclude().ok());
  EXPECT_EQ(Status(), "concluded");
  ASSERT_TRUE(Refer().ok());
  EXPECT_EQ(Status(), "forwarded");
  for (const auto& status :
       {Receive(), Verify(), Recommend(), ReceiveAsPpk(), Summon(), Examine()}) {
    ASSERT_TRUE(status.ok()) << status;
  }
  EXPECT_EQ(Status(), "handled_by_competent_body");
  ASSERT_TRUE(Decide().ok());
  EXPECT_EQ(Status(), "decided");
  const std::string since = ReportStepOf(case_.fold()).since.date();
  ASSERT_TRUE(HandOver().ok());
  ASSERT_TRUE(Object().ok());
  EXPECT_EQ(Status(), "decided");
  EXPECT_EQ(ReportStepOf(case_.fold()).since.date(), since) << "what followed moves nothing";
}

TEST_F(ReportStatusTest, ADismissalASanctionAndAnObjectionReadTheSame) {
  for (const State state :
       {State::kDismissed, State::kDecided, State::kHandedOver, State::kObjected, State::kDeclined,
        State::kObjectionDecided, State::kRevoked, State::kServed}) {
    EXPECT_EQ(ReportStatusOf(state), "decided") << StateName(state);
  }
}

TEST_F(ReportStatusTest, TheWholeIsTheCaseWithTheLongestWayToGo) {
  EXPECT_EQ(WholeOf({Step("decided", "2024-11-20"), Step("forwarded", "2024-10-11"),
                     Step("not_accepted", "2024-10-07")})
                .status,
            "forwarded");
  const std::vector<ReportStep> both = {Step("forwarded", "2024-10-11"),
                                        Step("forwarded", "2024-10-12")};
  EXPECT_EQ(WholeOf(both).since.date(), "2024-10-12");
}

TEST_F(ReportStatusTest, OnceAllHaveEndedTheWholeIsTheOneThatGotFurthest) {
  EXPECT_EQ(WholeOf({Step("not_accepted", "2024-10-07"), Step("decided", "2024-11-20"),
                     Step("no_violation", "2024-12-01")})
                .status,
            "decided");
}

TEST_F(ReportStatusTest, CasesStandInAnOrderThatTellsNothing) {
  std::vector<ReportStep> one = {Step("decided", "2024-11-20"), Step("forwarded", "2024-10-12"),
                                 Step("forwarded", "2024-10-11")};
  SortSteps(&one);
  std::vector<std::string> read;
  for (const ReportStep& step : one) read.push_back(step.status + " " + step.since.date());
  EXPECT_THAT(read,
              ElementsAre("forwarded 2024-10-11", "forwarded 2024-10-12", "decided 2024-11-20"));
}

TEST_F(ReportStatusTest, AReportWithoutCasesStandsWhereItsOwnFactsLeaveIt) {
  storage::v1::SectionFold facts;
  const auto add = [&](absl::string_view day) {
    auto* fact = facts.add_facts();
    *fact->mutable_occurred_at() = test::On(day);
    return fact->mutable_fact();
  };
  add("2024-10-05")->mutable_report_received();
  EXPECT_EQ(ReportStepOf(facts).status, "received");
  EXPECT_FALSE(IsCompletionOpen(facts));
  add("2024-10-06")->mutable_report_completion_requested();
  EXPECT_EQ(ReportStepOf(facts).status, kWaitsForReporter);
  EXPECT_TRUE(IsCompletionOpen(facts));
  add("2024-10-07")->mutable_report_completed();
  EXPECT_EQ(ReportStepOf(facts).status, "under_review");
  EXPECT_FALSE(IsCompletionOpen(facts));
  add("2024-10-08")->mutable_track_opened();
  EXPECT_EQ(ReportStepOf(facts).since.date(), "2024-10-07") << "a track moves nothing";
  add("2024-10-08")->mutable_report_completion_requested()->set_additional_information(true);
  EXPECT_EQ(ReportStepOf(facts).since.date(), "2024-10-07") << "asked of somebody else";
  EXPECT_FALSE(IsCompletionOpen(facts));
  add("2024-10-09")->mutable_report_traced();
  EXPECT_EQ(ReportStepOf(facts).status, "traced");
}

}  // namespace
}  // namespace selaras::domain
