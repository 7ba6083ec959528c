#include "services/node/statistics.h"

#include <map>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/node/rows.h"
#include "tests/support/full_store.h"
#include "tests/support/random.h"
#include "tests/support/recount.h"

namespace selaras::node {
namespace {

namespace v1 = query::v1;
using testing::HasSubstr;
using testing::IsEmpty;

class StatisticsTest : public NodeTest {
 protected:
  static v1::GetStatisticsResponse Ask(const test::CaseNode& node,
                                       std::vector<v1::StatisticsDimension> by = {},
                                       const std::vector<std::string>& authorities = {}) {
    v1::GetStatisticsRequest request;
    for (const auto dimension : by) request.add_by(dimension);
    return Ask(node, request, authorities);
  }
  static v1::GetStatisticsResponse Ask(const test::CaseNode& node,
                                       const v1::GetStatisticsRequest& request,
                                       const std::vector<std::string>& authorities = {}) {
    const StatisticsReader reader(node.store(), node.directory(), node.decider().section());
    Viewer viewer = node.viewer();
    if (!authorities.empty()) viewer.authorities = {authorities.begin(), authorities.end()};
    const auto response = reader.GetStatistics(request, viewer, node.now);
    EXPECT_TRUE(response.ok()) << response.status();
    return *response;
  }
  static std::uint64_t Figure(const v1::GetStatisticsResponse& response, absl::string_view name) {
    for (const auto& figure : response.figures()) {
      if (figure.name() == name) return figure.count();
    }
    ADD_FAILURE() << "no figure " << name;
    return 0;
  }
  static const v1::StatisticsCell& Cell(const v1::GetStatisticsResponse& response,
                                        absl::string_view value) {
    for (const auto& cell : response.tables(0).cells()) {
      if (cell.value() == value) return cell;
    }
    ADD_FAILURE() << "no cell " << value;
    return v1::StatisticsCell::default_instance();
  }
  // Values with a number, of the only table.
  static std::map<std::string, std::uint64_t> Counted(const v1::GetStatisticsResponse& response) {
    std::map<std::string, std::uint64_t> counted;
    for (const auto& cell : response.tables(0).cells()) {
      if (cell.count() > 0) counted[cell.value()] = cell.count();
    }
    return counted;
  }
  // A peer's log was verified then, as the links note it.
  static void Hear(test::CaseNode& node, absl::string_view peer, absl::Time when) {
    storage::v1::StoredLink link;
    link.mutable_verified_at()->set_seconds(absl::ToUnixSeconds(when));
    ASSERT_TRUE(SaveLinkProgress(node.store(), peer, link).ok());
  }
  static std::map<std::string, std::string> NumberRows(const test::CaseNode& node) {
    std::map<std::string, std::string> found;
    for (const absl::string_view prefix : {rows::kNumbers, rows::kCounted, rows::kPersons}) {
      EXPECT_TRUE(node.store()
                      .Scan(log::Table::kView, prefix, prefix,
                            [&](auto key, auto value) {
                              found.emplace(key, value);
                              return true;
                            })
                      .ok());
    }
    return found;
  }
  using Values = std::map<std::string, std::uint64_t>;

  // So many cases are referred, and then referrals of the first are taken back: each of these has
  // an entry that comes a while after the others.
  void ReferAndTakeBack(int cases, int taken_back, absl::string_view id = "b") {
    std::vector<Request> openings;
    for (int i = 0; i < cases; ++i) {
      openings.push_back(
          Referring(absl::StrCat(id, "-", i), i % 3 == 0 ? test::kNip : test::kOtherNip));
    }
    std::vector<Request> more;
    for (const auto& opened : bawaslu_.ExecuteTogether(openings)) {
      ASSERT_TRUE(opened.ok()) << opened.status();
      if (static_cast<int>(more.size()) == taken_back) continue;
      const auto& referral = opened->positions(opened->positions_size() - 1);
      more.push_back(test::IntakeRequest(absl::StrCat(id, "-void-", more.size()),
                                         VoidOf(opened->case_id(), referral)));
    }
    for (const auto& voided : bawaslu_.ExecuteTogether(more)) ASSERT_TRUE(voided.ok());
  }
};

TEST_F(StatisticsTest, FollowACaseFromAgencyToAgency) {
  const std::string id = RecommendedCase();
  bawaslu_.Must(Naming("b-9", test::kOtherNip));
  Exchange();
  const auto place = std::vector{v1::STATISTICS_DIMENSION_PLACE};
  EXPECT_EQ(Counted(Ask(bawaslu_, place)),
            (Values{{"awaiting_receipt_ppk", 1}, {"open_at_bawaslu", 1}}));
  EXPECT_EQ(Counted(Ask(bkn_, place)), (Values{{"awaiting_receipt_ppk", 1}}));
  EXPECT_EQ(Counted(Ask(ppk_, place)), (Values{{"awaiting_receipt_ppk", 1}}));
  EXPECT_THAT(Counted(Ask(padang_, place)), IsEmpty()) << "no party";
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id)));
  Exchange();
  for (const auto* node : {&bkn_, &ppk_}) {
    EXPECT_EQ(Counted(Ask(*node, place)), (Values{{"sanctioned", 1}})) << node->name();
    EXPECT_EQ(Figure(Ask(*node), "recommendations"), 1u);
    EXPECT_EQ(Figure(Ask(*node), "recommended"), 1u);
    EXPECT_EQ(Figure(Ask(*node), "forwarded"), 1u);
  }
  EXPECT_EQ(Figure(Ask(bawaslu_), "reports"), 2u);
  EXPECT_EQ(Figure(Ask(bawaslu_), "cases"), 2u);
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) {
    EXPECT_EQ(test::DifferenceFromRecount(*node), "");
  }
}

TEST_F(StatisticsTest, WhatWasTakenBackCountsNoMore) {
  const auto referred = bawaslu_.Must(Referring("b-1"));
  bawaslu_.Project();
  const auto place = std::vector{v1::STATISTICS_DIMENSION_PLACE};
  EXPECT_EQ(Counted(Ask(bawaslu_, place)), (Values{{"awaiting_receipt_bkn", 1}}));
  bawaslu_.Must(test::IntakeRequest("b-2", VoidOf(referred.case_id(), referred.positions(4))));
  bawaslu_.Project();
  EXPECT_EQ(Counted(Ask(bawaslu_, place)), (Values{{"open_at_bawaslu", 1}}));
  EXPECT_EQ(test::DifferenceFromRecount(bawaslu_), "");
}

TEST_F(StatisticsTest, ACorrectedViolationMovesToItsNewCell) {
  const auto referred = bawaslu_.Must(Referring("b-1"));
  bawaslu_.Project();
  const auto found = std::vector{v1::STATISTICS_DIMENSION_VIOLATION_FOUND};
  const Values before = Counted(Ask(bawaslu_, found));
  command::v1::CorrectFact correction;
  correction.set_case_id(referred.case_id());
  *correction.mutable_position() = referred.positions(3);
  correction.mutable_fields()->add_paths("violations_found");
  correction.mutable_new_fact()->mutable_case_concluded()->add_violations_found("HD-01");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  bawaslu_.Project();
  EXPECT_EQ(Counted(Ask(bawaslu_, found)), (Values{{"HD-01", 1}}));
  EXPECT_NE(before, (Values{{"HD-01", 1}}));
}

TEST_F(StatisticsTest, SeveralCasesOfOnePersonCountOnceAndWhoIsNotIdentifiedNotAtAll) {
  bawaslu_.Must(Naming("b-1"));
  bawaslu_.Must(Naming("b-2"));
  bawaslu_.Must(Naming("b-3", test::kOtherNip));
  const auto unknown = bawaslu_.Must(Naming("b-4", ""));
  bawaslu_.Project();
  EXPECT_EQ(Figure(Ask(bawaslu_), "cases"), 4u);
  EXPECT_EQ(Figure(Ask(bawaslu_), "persons"), 2u);
  EXPECT_EQ(Figure(Ask(bawaslu_), "identity_open"), 1u);
  auto identity = test::SomeIdentity();
  identity.set_nip(std::string(test::kNip));
  bawaslu_.Must(test::IntakeRequest("b-5", test::In(unknown.case_id(), identity)));
  bawaslu_.Project();
  EXPECT_EQ(Figure(Ask(bawaslu_), "persons"), 2u) << "it was one of them";
  EXPECT_EQ(Figure(Ask(bawaslu_), "identity_open"), 0u);
  EXPECT_EQ(test::DifferenceFromRecount(bawaslu_), "");
}

TEST_F(StatisticsTest, APersonWhoMovesBetweenRegionsIsCountedWhereItsCasesAre) {
  const auto first = bawaslu_.Must(Naming("b-1"));
  bawaslu_.Must(Naming("b-2"));
  bawaslu_.Project();
  v1::GetStatisticsRequest request;
  request.set_unit(v1::STATISTICS_UNIT_PERSON);
  request.add_by(v1::STATISTICS_DIMENSION_REGION);
  EXPECT_EQ(Counted(Ask(bawaslu_, request)), (Values{{"13.04", 1}}));
  command::v1::CorrectFact correction;
  correction.set_case_id(first.case_id());
  *correction.mutable_position() = first.positions(1);
  correction.mutable_fields()->add_paths("agency_region");
  correction.mutable_new_fact()->mutable_respondent_named()->set_agency_region("13.05");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-3", correction));
  bawaslu_.Project();
  const auto moved = Ask(bawaslu_, request);
  EXPECT_EQ(Counted(moved), (Values{{"13.04", 1}, {"13.05", 1}}));
  EXPECT_EQ(Figure(moved, "persons"), 1u) << "one person, in two cells";
  request.set_region("13.05");
  EXPECT_EQ(Figure(Ask(bawaslu_, request), "persons"), 1u);
  request.set_region("13.06");
  EXPECT_EQ(Figure(Ask(bawaslu_, request), "persons"), 0u);
  EXPECT_EQ(test::DifferenceFromRecount(bawaslu_), "");
}

// Whatever is named, identified, corrected and taken back, in whichever order.
TEST_F(StatisticsTest, PersonsAreThoseOfAnObviousCountAfterEveryChange) {
  auto random = test::SeededRandom();
  const std::vector<std::string> nips = {"", std::string(test::kNip), std::string(test::kOtherNip)};
  const std::vector<std::string> regions = {"13.04", "13.05", "13.71"};
  const auto pick = [&](const std::vector<std::string>& values) {
    return values[test::Between(random, 0, values.size() - 1)];
  };
  std::vector<std::pair<std::string, event::v1::Position>> named;
  int accepted = 0;
  for (int step = 0; step < 80; ++step) {
    const std::string id = absl::StrCat("b-", step);
    const auto& [case_id, position] = named.empty()
                                          ? std::pair<std::string, event::v1::Position>()
                                          : named[test::Between(random, 0, named.size() - 1)];
    const auto kind = named.empty() ? 0 : test::Between(random, 0, 3);
    if (kind == 0) {
      auto report = test::SomeReport();
      report.set_election(pick({"PILKADA-2024", "PILKADA-2020"}));
      auto respondent = test::SomeRespondent(pick(nips));
      respondent.set_agency_region(pick(regions));
      const auto outcome = bawaslu_.Must(test::IntakeRequest(id, report, respondent));
      named.emplace_back(outcome.case_id(), outcome.positions(1));
    } else if (kind == 1) {
      auto identity = test::SomeIdentity();
      identity.set_nip(pick({nips[1], nips[2]}));
      accepted +=
          bawaslu_.Execute(test::IntakeRequest(id, test::In(case_id, identity))).ok() ? 1 : 0;
    } else if (kind == 2) {
      command::v1::CorrectFact correction;
      correction.set_case_id(case_id);
      *correction.mutable_position() = position;
      correction.mutable_fields()->add_paths("agency_region");
      correction.mutable_new_fact()->mutable_respondent_named()->set_agency_region(pick(regions));
      correction.set_reason("salah ketik");
      accepted += bawaslu_.Execute(test::IntakeRequest(id, correction)).ok() ? 1 : 0;
    } else {
      accepted += bawaslu_.Execute(test::IntakeRequest(id, VoidOf(case_id, position))).ok() ? 1 : 0;
    }
    if (step % 4 == 3) bawaslu_.Project();
    if (step % 16 == 15) bawaslu_.Crash();
    bawaslu_.Project();
    ASSERT_EQ(test::DifferenceFromRecount(bawaslu_), "") << "after step " << step;
  }
  EXPECT_GT(accepted, 20);
}

TEST_F(StatisticsTest, WhatALargeStepLeftForLaterEntriesIsCountedIfTheseAreLongInComing) {
  ReferAndTakeBack(60, 60);
  ASSERT_TRUE(bawaslu_.ProjectSome());
  EXPECT_EQ(Figure(Ask(bawaslu_), "cases"), 0u) << "each has an entry to come";
  bawaslu_.Count();
  EXPECT_GT(Figure(Ask(bawaslu_), "cases"), 40u);
}

TEST_F(StatisticsTest, AFullDiskMakesNothingBeForgottenThatIsToBeCounted) {
  ReferAndTakeBack(120, 120);
  test::FullStore store(bawaslu_.store());
  Projector projector(store, bawaslu_.directory(), bawaslu_.engine().keys(), bawaslu_.opener(),
                      &bawaslu_.subject_keys());
  ASSERT_TRUE(projector.Open(bawaslu_.random()).ok());
  ASSERT_TRUE(projector.Step().ok());
  EXPECT_EQ(Figure(Ask(bawaslu_), "cases"), 0u) << "each has an entry to come";
  store.FillAfter(1);
  ASSERT_TRUE(absl::IsUnavailable(projector.Step().status())) << "it derives, and cannot count";
  ASSERT_TRUE(absl::IsUnavailable(projector.Count().status()));
  store.MakeRoom();
  ASSERT_TRUE(projector.Count().ok());
  EXPECT_GT(Figure(Ask(bawaslu_), "cases"), 90u) << "those of both steps";
}

// Large rounds count what is settled; what has entries to come waits for these.
TEST_F(StatisticsTest, OfManyCasesAtOnceAreThoseOfARecountAlsoAfterALossOfPowerInBetween) {
  for (const int crash_after : {0, 1, 3}) {
    ReferAndTakeBack(120, 60, absl::StrCat("b-", crash_after));
    for (int step = 1; bawaslu_.ProjectSome(); ++step) {
      if (step == crash_after) bawaslu_.Crash();
    }
    bawaslu_.Count();
    EXPECT_EQ(test::DifferenceFromRecount(bawaslu_), "") << crash_after;
  }
}

TEST_F(StatisticsTest, AreTheSameWhenEverythingIsDerivedAnew) {
  const std::string id = RecommendedCase();
  for (int i = 0; i < 5; ++i) bawaslu_.Must(Referring(absl::StrCat("x-", i), test::kOtherNip));
  Exchange();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id)));
  Exchange();
  for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) {
    const auto before = NumberRows(*node);
    ASSERT_TRUE(node->store()
                    .Write({{log::Table::kView, std::string(rows::kViewBasis), "another"}},
                           log::Durability::kSynced)
                    .ok());
    node->Crash();
    EXPECT_THAT(NumberRows(*node), IsEmpty());
    node->Project();
    EXPECT_EQ(NumberRows(*node), before) << node->name();
  }
}

TEST_F(StatisticsTest, SurviveALossOfPower) {
  RecommendedCase();
  bawaslu_.Must(Naming("b-9", test::kOtherNip));
  bawaslu_.Crash();
  bawaslu_.Project();
  EXPECT_EQ(test::DifferenceFromRecount(bawaslu_), "");
}

TEST_F(StatisticsTest, AreCountedAfterTheRestAndSayHowFar) {
  bawaslu_.Must(Naming("b-1"));
  bawaslu_.Project();
  const std::uint64_t counted = bawaslu_.store().shared().size().value;
  bawaslu_.Must(Naming("b-2", test::kOtherNip));
  ASSERT_TRUE(bawaslu_.ProjectSome());
  ASSERT_TRUE(*bawaslu_.projector().CaughtUp());
  const auto before = Ask(bawaslu_);
  EXPECT_EQ(Figure(before, "cases"), 1u);
  EXPECT_EQ(before.logs(0).entries(), counted);
  EXPECT_TRUE(bawaslu_.Count());
  const auto after = Ask(bawaslu_);
  EXPECT_EQ(Figure(after, "cases"), 2u);
  EXPECT_EQ(after.logs(0).entries(), bawaslu_.store().shared().size().value);
  EXPECT_FALSE(bawaslu_.Count());
}

TEST_F(StatisticsTest, WhatWasNotCountedBeforeAStopIsCountedAfterTheStart) {
  const std::string id = RecommendedCase();
  bawaslu_.Must(Naming("b-9", test::kOtherNip));
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id)));
  ppk_.Project();
  bkn_.Copy(ppk_);
  for (test::CaseNode* node : {&bawaslu_, &bkn_}) {
    ASSERT_TRUE(node->ProjectSome());
    ASSERT_TRUE(*node->projector().CaughtUp());
    const auto uncounted = NumberRows(*node);
    node->Adopt(test::ShippedCatalogue());
    ASSERT_EQ(NumberRows(*node), uncounted) << "nothing is forgotten by a start";
    EXPECT_FALSE(node->ProjectSome());
    EXPECT_TRUE(node->Count());
    EXPECT_EQ(test::DifferenceFromRecount(*node), "");
  }
}

TEST_F(StatisticsTest, ALargeStepCountsWhatItHasAllOf) {
  constexpr int kReports = 200;
  for (int i = 0; i < kReports; ++i) {
    bawaslu_.now += absl::Seconds(1);
    bawaslu_.Must(Naming(absl::StrCat("b-", i)));
  }
  ASSERT_TRUE(bawaslu_.ProjectSome());
  const auto some = Ask(bawaslu_);
  EXPECT_GT(Figure(some, "cases"), 0u);
  EXPECT_LT(Figure(some, "cases"), static_cast<std::uint64_t>(kReports));
  EXPECT_EQ(Figure(some, "reports"), Figure(some, "cases"));
  EXPECT_EQ(Figure(some, "persons"), 1u) << "all name the same";
  bawaslu_.Project();
  EXPECT_EQ(Figure(Ask(bawaslu_), "cases"), static_cast<std::uint64_t>(kReports));
  EXPECT_EQ(test::DifferenceFromRecount(bawaslu_), "");
}

TEST_F(StatisticsTest, ALargeStepCountsAlsoWhatOthersWrote) {
  constexpr int kCases = 140;
  ReferAndTakeBack(kCases, 0);
  bawaslu_.Project();
  bkn_.Copy(bawaslu_);
  ASSERT_TRUE(bkn_.ProjectSome());
  EXPECT_EQ(Figure(Ask(bkn_), "cases"), static_cast<std::uint64_t>(kCases));
  EXPECT_EQ(Figure(Ask(bkn_), "persons"), 2u);
  bkn_.Count();
  EXPECT_EQ(test::DifferenceFromRecount(bkn_), "");
}

TEST_F(StatisticsTest, AStepCountsWhenMuchWaitsForIt) {
  constexpr int kReports = 2'100;  // and as many cases
  for (int i = 0; i < kReports; ++i) {
    bawaslu_.Must(Naming(absl::StrCat("b-", i)));
    bawaslu_.ProjectSome();
  }
  EXPECT_GT(Figure(Ask(bawaslu_), "cases"), 2'000u);
  EXPECT_GT(Ask(bawaslu_).logs(0).entries(), 0u) << "what a start looks through is bounded";
  bawaslu_.Count();
  EXPECT_EQ(Figure(Ask(bawaslu_), "cases"), static_cast<std::uint64_t>(kReports));
  EXPECT_EQ(test::DifferenceFromRecount(bawaslu_), "");
}

TEST_F(StatisticsTest, WhatIsPrivateCountsOnlyAtTheOfficeOfTheReport) {
  RecommendedCase();
  EXPECT_EQ(Counted(Ask(bawaslu_, {v1::STATISTICS_DIMENSION_SOURCE})), (Values{{"laporan", 1}}));
  EXPECT_EQ(Counted(Ask(bawaslu_, {v1::STATISTICS_DIMENSION_REPORT_SOURCE})),
            (Values{{"laporan", 1}}));
  const StatisticsReader reader(bkn_.store(), bkn_.directory(), bkn_.decider().section());
  for (const auto dimension :
       {v1::STATISTICS_DIMENSION_SOURCE, v1::STATISTICS_DIMENSION_MOTIVE,
        v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED, v1::STATISTICS_DIMENSION_REPORT_SOURCE}) {
    v1::GetStatisticsRequest request;
    request.add_by(dimension);
    const auto refused = reader.GetStatistics(request, bkn_.viewer(), bkn_.now);
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr("never leaves Bawaslu"));
  }
  const auto overview = Ask(bkn_);
  for (const auto& figure : overview.figures()) EXPECT_NE(figure.name(), "reports");
}

TEST_F(StatisticsTest, AnAuthorityCountsOnlyTheCasesOfItsOwn) {
  PeerNode both = test::TanahDatar();
  both.authorities.push_back("ppk/13.05");
  test::CaseNode ppks(both, {test::BawasluNode(), test::BknNode()}, 7);
  test::CaseNode bkn(test::BknNode(), {test::BawasluNode(), both}, 8);
  test::CaseNode bawaslu(test::BawasluNode(), {test::BknNode(), both}, 9);
  const auto exchange = [&] {
    for (int round = 0; round < 3; ++round) {
      for (test::CaseNode* node : {&bawaslu, &bkn, &ppks}) node->Project();
      Pair(bawaslu, bkn);
      Pair(bawaslu, ppks);
      Pair(bkn, ppks);
    }
    for (test::CaseNode* node : {&bawaslu, &bkn, &ppks}) node->Project();
  };
  int made = 0;
  for (const std::string ppk : {"ppk/13.04", "ppk/13.05", "ppk/13.05"}) {
    const std::string id = bawaslu.Must(Referring(absl::StrCat("b-", ++made))).case_id();
    exchange();
    auto recommendation = test::SomeRecommendation(id);
    recommendation.set_to(ppk);
    bkn.Must(
        test::ReferralRequest(absl::StrCat("k-", made), test::SomeReceipt(id), recommendation));
    exchange();
  }
  EXPECT_EQ(Figure(Ask(ppks), "cases"), 3u);
  EXPECT_EQ(Figure(Ask(ppks, std::vector<v1::StatisticsDimension>(), {"ppk/13.04"}), "cases"), 1u);
  EXPECT_EQ(Figure(Ask(ppks, std::vector<v1::StatisticsDimension>(), {"ppk/13.05"}), "cases"), 2u);
  EXPECT_EQ(test::DifferenceFromRecount(ppks), "");
}

TEST_F(StatisticsTest, ZeroIsToldFromSilence) {
  const auto by_region = [&] { return Ask(bkn_, {v1::STATISTICS_DIMENSION_REGION}); };
  EXPECT_EQ(Cell(by_region(), "13.04").count(), 0u);
  EXPECT_EQ(Cell(by_region(), "13.04").contact(), v1::STATISTICS_CONTACT_NEVER);
  EXPECT_EQ(Cell(by_region(), "73.71").contact(), v1::STATISTICS_CONTACT_NO_LINK);
  Hear(bkn_, "bawaslu-13", bkn_.now);
  EXPECT_EQ(Cell(by_region(), "13.04").count(), 0u);
  EXPECT_EQ(Cell(by_region(), "13.04").contact(), v1::STATISTICS_CONTACT_HEARD);
  bkn_.now += absl::Hours(25);
  EXPECT_EQ(Cell(by_region(), "13.04").contact(), v1::STATISTICS_CONTACT_LOST);
}

TEST_F(StatisticsTest, SanctionsOfARegionDependOnItsOwnPpk) {
  v1::GetStatisticsRequest request;
  request.add_by(v1::STATISTICS_DIMENSION_SANCTION_IMPOSED);
  request.set_region("13.04");
  Hear(bkn_, "ppk-13.05", bkn_.now);
  EXPECT_EQ(Cell(Ask(bkn_, request), "M-T").contact(), v1::STATISTICS_CONTACT_NEVER);
  request.set_region("13.05");
  EXPECT_EQ(Cell(Ask(bkn_, request), "M-T").contact(), v1::STATISTICS_CONTACT_HEARD);
  request.set_region("13");
  EXPECT_EQ(Cell(Ask(bkn_, request), "M-T").contact(), v1::STATISTICS_CONTACT_PARTLY);
}

TEST_F(StatisticsTest, EveryLogSaysHowFarItWasCounted) {
  RecommendedCase();
  Hear(bkn_, "bawaslu-13", bkn_.now - absl::Minutes(2));
  const auto response = Ask(bkn_);
  EXPECT_EQ(response.publisher(), "bkn");
  EXPECT_EQ(response.as_of().seconds(), absl::ToUnixSeconds(bkn_.now));
  ASSERT_EQ(response.logs_size(), 4);
  const auto& own = response.logs(0);
  EXPECT_TRUE(own.own());
  EXPECT_EQ(own.size(), bkn_.store().shared().size().value);
  EXPECT_EQ(own.entries(), own.size());
  const auto& other = response.logs(1);
  EXPECT_EQ(other.log(), "bawaslu-13");
  EXPECT_EQ(other.size(), bawaslu_.store().shared().size().value);
  EXPECT_EQ(other.entries(), 1u) << "the referral";
  EXPECT_THAT(other.sections(), testing::ElementsAre("intake"));
  EXPECT_EQ(other.verified_at().seconds(), absl::ToUnixSeconds(bkn_.now - absl::Minutes(2)));
  for (const auto& figure : response.figures()) {
    EXPECT_NE(figure.unit(), v1::STATISTICS_UNIT_UNSPECIFIED);
    EXPECT_GT(figure.sections_size(), 0);
  }
}

TEST_F(StatisticsTest, DurationsAreThoseOfTheDaysThatWereRecorded) {
  const std::string id = RecommendedCase();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id)));
  Exchange();
  const auto response = Ask(bkn_);
  std::map<int, std::uint64_t> cases;
  for (const auto& duration : response.durations()) cases[duration.stage()] = duration.cases();
  EXPECT_EQ(cases[v1::DURATION_STAGE_REFERRAL_TO_RECEIPT], 1u);
  EXPECT_EQ(cases[v1::DURATION_STAGE_RECEIPT_TO_DECISION], 1u);
  EXPECT_EQ(cases.count(v1::DURATION_STAGE_REPORT_TO_REFERRAL), 0u) << "rule 8";
}

}  // namespace
}  // namespace selaras::node
