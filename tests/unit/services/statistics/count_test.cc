#include "services/statistics/count.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "selaras/query/v1/statistics.pb.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/fold.h"
#include "services/statistics/days.h"
#include "tests/support/commands.h"

namespace selaras::statistics {
namespace {

namespace v1 = query::v1;
using domain::Section;
using storage::v1::EffectiveFact;
using storage::v1::StoredCounts;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

// A case as it is folded, step by step, each on a day that a test names.
class CountTest : public testing::Test {
 protected:
  EffectiveFact& Add(Section section, absl::string_view author, absl::string_view day) {
    EffectiveFact& fact =
        *domain::SegmentOf(*fold_.mutable_segments(), section, author).add_facts();
    Fill(&fact, author, day);
    return fact;
  }
  void Fill(EffectiveFact* fact, absl::string_view author, absl::string_view day) {
    fact->mutable_position()->set_log(std::string(author));
    fact->mutable_position()->set_sequence(next_++);
    fact->set_author(std::string(author));
    if (!day.empty()) fact->mutable_occurred_at()->set_date(std::string(day));
    fact->mutable_recorded_at()->set_seconds(1'727'000'000 + static_cast<int>(next_));
  }
  void Report(absl::string_view day) {
    EffectiveFact& fact = report_.emplace_back();
    Fill(&fact, "bawaslu/13", day);
    fact.mutable_fact()->mutable_report_received()->set_election("PILKADA-2024");
    Add(Section::kIntake, "bawaslu/13", day).mutable_fact()->mutable_respondent_named();
  }
  void Refer(absl::string_view day) {
    auto& fact = Add(Section::kIntake, "bawaslu/13", day);
    fact.mutable_fact()->mutable_case_referred()->set_to("bkn");
    fact.mutable_fact()->mutable_case_referred()->set_election("PILKADA-2024");
    hand_over_ = fact.position();
  }
  void Receive(absl::string_view day) {
    auto& fact = Add(Section::kReferral, "bkn", day);
    fact.mutable_fact()->mutable_case_received();
    *fact.add_citations()->mutable_position() = hand_over_;
  }
  void Recommend(absl::string_view day) {
    auto& fact = Add(Section::kReferral, "bkn", day);
    fact.mutable_fact()->mutable_sanction_recommended()->set_to("ppk/13.04");
    hand_over_ = fact.position();
  }
  void TakeIn(absl::string_view day) {
    auto& fact = Add(Section::kSanction, "ppk/13.04", day);
    fact.mutable_fact()->mutable_recommendation_received();
    *fact.add_citations()->mutable_position() = hand_over_;
  }
  void Decide(absl::string_view day) {
    Add(Section::kSanction, "ppk/13.04", day)
        .mutable_fact()
        ->mutable_sanction_decided()
        ->set_sanction("R-1");
  }
  void HandOver(absl::string_view day) {
    Add(Section::kSanction, "ppk/13.04", day).mutable_fact()->mutable_decision_handed_over();
  }

  StoredCounts Count() const { return counter_.CountCase(shown_, {&fold_, report_}); }
  // Days by stage; -1 where they are out of order.
  std::map<int, int> Took() const {
    std::map<int, int> took;
    const StoredCounts counted = Count();
    for (const auto& days : counted.days()) {
      took[static_cast<int>(days.stage())] =
          days.out_of_order() > 0 ? -1 : static_cast<int>(DaysOf(days.buckets(0)));
    }
    return took;
  }
  std::vector<std::string> Values(v1::StatisticsDimension dimension) const {
    std::vector<std::string> values;
    const StoredCounts counted = Count();
    for (const auto& count : counted.counts()) {
      EXPECT_EQ(count.count(), 1u);
      if (count.dimension() == static_cast<std::uint32_t>(dimension)) {
        values.push_back(count.value());
      }
    }
    return values;
  }
  // Rows that are overdue then: by what was counted, and by the rules themselves.
  std::set<std::string> CountedOverdue(absl::Time as_of) const {
    std::set<std::string> ids;
    const StoredCounts counted = Count();
    for (const auto& due : counted.due()) {
      if (!due.deadline().empty() && due.ends(0) <= absl::ToUnixSeconds(as_of)) {
        ids.insert(due.deadline());
      }
    }
    return ids;
  }
  std::set<std::string> JudgedOverdue(absl::Time as_of) const {
    std::set<std::string> ids;
    for (const auto& status : rules_.Of({&fold_, report_}, as_of)) {
      const bool owed = !status.duty.empty() && !status.rule->rungs.empty();
      if (owed && status.state == domain::DeadlineState::kOverdue) ids.insert(status.rule->id);
    }
    return ids;
  }
  bool ExpectSameOverdue() const {
    bool any = false;
    for (int day = 0; day < 200; ++day) {
      const absl::Time as_of = absl::FromUnixSeconds(1'728'000'000) + absl::Hours(24 * day);
      EXPECT_EQ(CountedOverdue(as_of), JudgedOverdue(as_of)) << day;
      any = any || !JudgedOverdue(as_of).empty();
    }
    return any;
  }

  domain::DeadlineRules rules_{test::ShippedCatalogue()};
  Counter counter_{test::ShippedCatalogue()};
  domain::CaseFold fold_;
  std::vector<EffectiveFact> report_;
  v1::Case shown_;

 private:
  event::v1::Position hand_over_;
  std::uint64_t next_ = 0;
};

TEST_F(CountTest, MeasuresTheStagesThatACaseHasLeft) {
  Report("2024-10-05");
  Refer("2024-10-11");
  EXPECT_EQ(Took(), (std::map<int, int>{{v1::DURATION_STAGE_REPORT_TO_REFERRAL, 6}}));
  Receive("2024-10-14");
  Recommend("2024-10-30");
  TakeIn("2024-10-30");
  Decide("2024-12-01");
  HandOver("2024-12-03");
  EXPECT_EQ(Took(), (std::map<int, int>{{v1::DURATION_STAGE_REPORT_TO_REFERRAL, 6},
                                        {v1::DURATION_STAGE_REFERRAL_TO_RECEIPT, 3},
                                        {v1::DURATION_STAGE_RECEIPT_TO_OUTCOME, 16},
                                        {v1::DURATION_STAGE_RECOMMENDATION_TO_RECEIPT, 0},
                                        {v1::DURATION_STAGE_RECEIPT_TO_DECISION, 32},
                                        {v1::DURATION_STAGE_DECISION_TO_HANDOVER, 2},
                                        {v1::DURATION_STAGE_REFERRAL_TO_DECISION, 51}}));
}

TEST_F(CountTest, AStageWhoseDayIsNotRecordedIsNotMeasured) {
  Report("2024-10-05");
  Refer("");
  Receive("2024-10-14");
  EXPECT_TRUE(Took().empty());
}

TEST_F(CountTest, DaysInTheWrongOrderAreCountedApart) {
  Report("2024-10-05");
  Refer("2024-10-04");
  EXPECT_EQ(Took(), (std::map<int, int>{{v1::DURATION_STAGE_REPORT_TO_REFERRAL, -1}}));
}

TEST_F(CountTest, WithoutTheReportItsStageIsNotMeasured) {
  Report("2024-10-05");
  report_.clear();
  Refer("2024-10-11");
  EXPECT_TRUE(Took().empty()) << "rule 8: only its office knows";
}

TEST_F(CountTest, OverdueIsWhatTheRulesCallSoAtAnyTime) {
  Report("2024-10-05");
  EXPECT_TRUE(ExpectSameOverdue());
  Refer("2024-10-11");
  ExpectSameOverdue();
  Receive("2024-10-14");
  ExpectSameOverdue();
  Recommend("2024-10-30");
  TakeIn("2024-11-01");
  ExpectSameOverdue();
  Decide("2024-12-01");
  ExpectSameOverdue();
  HandOver("2024-12-03");
  ExpectSameOverdue();
}

TEST_F(CountTest, ARightThatNobodyUsedIsNotOverdue) {
  Report("2024-10-05");
  Refer("2024-10-11");
  Receive("2024-10-14");
  Recommend("2024-10-30");
  TakeIn("2024-11-01");
  Decide("2024-12-01");
  HandOver("2024-12-03");
  EXPECT_FALSE(CountedOverdue(absl::FromUnixSeconds(4'000'000'000)).contains("D-19"))
      << "an objection";
}

TEST_F(CountTest, TheEarliestDueMomentStandsForTheCase) {
  Report("2024-10-05");
  std::int64_t earliest = 0;
  std::set<std::int64_t> ends;
  const StoredCounts counted = Count();
  for (const auto& due : counted.due()) {
    (due.deadline().empty() ? earliest = due.ends(0) : *ends.insert(due.ends(0)).first);
  }
  ASSERT_FALSE(ends.empty());
  EXPECT_EQ(earliest, *ends.begin());
}

TEST_F(CountTest, ACodeThatIsStatedTwiceCountsOnce) {
  for (const char* code : {"KE-02", "KE-01", "KE-02"}) shown_.add_violations_found(code);
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_VIOLATION_FOUND), ElementsAre("KE-01", "KE-02"));
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_MOTIVE), ElementsAre(""));
}

TEST_F(CountTest, WhatTheReferenceDataDoNotNameIsOther) {
  shown_.set_election("PILKADES\n2024");
  shown_.set_agency_region("99.99");
  shown_.add_violations_found("XX-01");
  shown_.add_violations_found("XX-02");
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_VIOLATION_FOUND), ElementsAre(kOther));
  EXPECT_EQ(Count().election(), kOther);
  EXPECT_EQ(Count().region(), kOther);
}

TEST_F(CountTest, TheStageOfTheElectionFollowsFromTheDayOfTheAct) {
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_ELECTION_STAGE), ElementsAre(""));
  shown_.set_election("PILKADA-2024");
  shown_.set_agency_region("13.04");
  for (const auto& [day, stage] :
       {std::pair{"2024-01-01", "before_registration"}, std::pair{"2024-10-01", "campaign"},
        std::pair{"2024-11-25", "quiet_days"}, std::pair{"2025-08-01", "after"}}) {
    shown_.set_incident_on(day);
    EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_ELECTION_STAGE), ElementsAre(stage));
  }
  EXPECT_EQ(Count().election(), "PILKADA-2024");
  EXPECT_EQ(Count().region(), "13.04");
}

TEST_F(CountTest, EveryCaseHasAValueInEveryDimensionButThoseOfItsBlock) {
  std::set<std::uint32_t> with_value;
  const StoredCounts counted = Count();
  for (const auto& count : counted.counts()) with_value.insert(count.dimension());
  EXPECT_THAT(with_value,
              UnorderedElementsAre(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22));
}

TEST_F(CountTest, WithoutANipTheIdentityIsOpenWhateverElseIsKnown) {
  shown_.set_identified(true);
  shown_.mutable_respondent()->set_name("Budi");
  EXPECT_EQ(Count().identity_open(), 1u) << "a name tells nobody apart";
  shown_.mutable_respondent()->set_nip(std::string(test::kNip));
  EXPECT_EQ(Count().identity_open(), 0u);
}

TEST_F(CountTest, WhoseRoleIsNotRecordedIsTheOneAccused) {
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_ROLE), ElementsAre("terlapor"));
  shown_.set_role("penggerak");
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_ROLE), ElementsAre("penggerak"));
}

TEST_F(CountTest, TheViolationRecommendedStandsBesideThoseAllegedAndFound) {
  shown_.add_violations_alleged("KE-01");
  shown_.add_violations_found("KE-02");
  shown_.set_violation_recommended("HD-04");
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED), ElementsAre("KE-01"));
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_VIOLATION_FOUND), ElementsAre("KE-02"));
  EXPECT_THAT(Values(v1::STATISTICS_DIMENSION_VIOLATION_RECOMMENDED), ElementsAre("HD-04"));
}

TEST_F(CountTest, AReportIsCountedWithItsSource) {
  v1::Report report;
  report.set_election("PILKADA-2024");
  report.set_region("13.04");
  report.set_source("temuan");
  const StoredCounts counts = counter_.CountReport(report);
  EXPECT_EQ(counts.reports(), 1u);
  EXPECT_EQ(counts.cases(), 0u);
  EXPECT_EQ(counts.counts(0).value(), "temuan");
}

}  // namespace
}  // namespace selaras::statistics
