#include "services/domain/deadline.h"

#include <set>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/deadline_moments.h"
#include "tests/support/commands.h"

namespace selaras::domain {
namespace {

using reference::TimeZone;
using storage::v1::EffectiveFact;

LocalDate Day(absl::string_view text) { return *LocalDate::ParseIso(text); }
// Noon of the day, in WIB.
absl::Time Noon(absl::string_view day) {
  return StartOf(Day(day), TimeZone::kWib) + absl::Hours(12);
}

// Facts as they are folded, written without a node: what deadlines are computed from.
class DeadlineTest : public testing::Test {
 protected:
  // Adds a fact that happened on `day` and was recorded then at noon, or on `recorded`.
  EffectiveFact& Add(storage::v1::SectionFold* section, absl::string_view author,
                     absl::string_view day, absl::string_view recorded = "") {
    EffectiveFact& fact = *section->add_facts();
    section->set_writer(std::string(author));
    Fill(&fact, author, day, recorded);
    return fact;
  }
  EffectiveFact& AddReport(absl::string_view day, absl::string_view recorded = "") {
    EffectiveFact& fact = report_.emplace_back();
    Fill(&fact, "bawaslu/13", day, recorded);
    return fact;
  }
  void Receive(absl::string_view day, absl::string_view election = "PEMILU-2024") {
    auto* received = AddReport(day).mutable_fact()->mutable_report_received();
    received->set_election(std::string(election));
    received->set_region("13.04");
  }
  storage::v1::SectionFold* Intake() { return Segment(Section::kIntake, "bawaslu/13"); }
  storage::v1::SectionFold* ReferralSegment() { return Segment(Section::kReferral, "bkn"); }
  storage::v1::SectionFold* SanctionSegment() { return Segment(Section::kSanction, "ppk/13.04"); }
  storage::v1::SectionFold* Segment(Section section, absl::string_view writer) {
    return &SegmentOf(*fold_.mutable_segments(), section, writer);
  }
  void Recommend() {
    Intake();
    auto* sent =
        Add(ReferralSegment(), "bkn", "2024-10-01").mutable_fact()->mutable_sanction_recommended();
    sent->set_to("ppk/13.04");
  }
  EffectiveFact& Sanction(absl::string_view day, absl::string_view recorded = "") {
    return Add(SanctionSegment(), "ppk/13.04", day, recorded);
  }
  void Decide(absl::string_view sanction, absl::string_view day) {
    Sanction(day).mutable_fact()->mutable_sanction_decided()->set_sanction(std::string(sanction));
  }
  void HandOver(absl::string_view day) {
    Sanction(day).mutable_fact()->mutable_decision_handed_over();
  }
  void Object(absl::string_view day, absl::string_view route) {
    Sanction(day).mutable_fact()->mutable_objection_filed()->set_route(std::string(route));
  }

  std::vector<DeadlineStatus> All(absl::string_view as_of) {
    return rules_.Of({&fold_, report_}, Noon(as_of));
  }
  // The row's only status; one that is not there has no rule.
  DeadlineStatus The(absl::string_view id, absl::string_view as_of) {
    DeadlineStatus found;
    for (DeadlineStatus& status : All(as_of)) {
      if (status.rule->id != id) continue;
      EXPECT_EQ(found.rule, nullptr) << id << " is there twice";
      found = std::move(status);
    }
    return found;
  }
  static std::vector<int> Firing(const DeadlineStatus& status) {
    std::vector<int> offsets;
    for (const Rung& rung : status.rungs) {
      if (rung.may_fire) offsets.push_back(rung.offset);
    }
    return offsets;
  }

  void Fill(EffectiveFact* fact, absl::string_view author, absl::string_view day,
            absl::string_view recorded) {
    fact->mutable_position()->set_log(std::string(author));
    fact->mutable_position()->set_sequence(next_++);
    fact->set_author(std::string(author));
    if (!day.empty()) fact->mutable_occurred_at()->set_date(std::string(day));
    const absl::Time time = Noon(recorded.empty() ? day : recorded);
    fact->mutable_recorded_at()->set_seconds(absl::ToUnixSeconds(time));
  }

  DeadlineRules rules_{test::ShippedCatalogue()};
  CaseFold fold_;
  std::vector<EffectiveFact> report_;
  std::uint64_t next_ = 0;
};

TEST_F(DeadlineTest, ARowWhoseAnchorDidNotHappenIsNotThere) {
  EXPECT_TRUE(All("2024-10-01").empty());
  EXPECT_TRUE(rules_.Of({}, Noon("2024-10-01")).empty());
}

TEST_F(DeadlineTest, TheRegimeOfTheElectionPicksTheRows) {
  Receive("2024-02-19");
  EXPECT_NE(The("D-03", "2024-02-20").rule, nullptr);
  EXPECT_EQ(The("D-08", "2024-02-20").rule, nullptr);
  report_.clear();
  Receive("2024-10-07", "PILKADA-2024");
  EXPECT_EQ(The("D-03", "2024-10-08").rule, nullptr);
  EXPECT_EQ(The("D-08", "2024-10-08").due->day, Day("2024-10-10"));
  report_.clear();
  Receive("2024-10-07", "NOT-KNOWN");
  EXPECT_TRUE(All("2024-10-08").empty()) << "neither is guessed";
}

TEST_F(DeadlineTest, BothReadingsOfAConflictAreShownAndOneHasRungs) {
  Receive("2024-10-04", "PILKADA-2024");
  const auto calendar = The("D-08", "2024-10-05");
  const auto working = The("D-08b", "2024-10-05");
  EXPECT_EQ(calendar.due->day, Day("2024-10-07"));
  EXPECT_EQ(working.due->day, Day("2024-10-09"));
  EXPECT_EQ(calendar.rule->conflict, "X-04");
  EXPECT_EQ(working.rule->conflict, "X-04");
  EXPECT_FALSE(calendar.rungs.empty());
  EXPECT_TRUE(working.rungs.empty());
}

TEST_F(DeadlineTest, OpenThenOverdueFromTheBeginningOfTheNextDayAtTheOffice) {
  Receive("2024-02-19");
  EXPECT_EQ(The("D-03", "2024-02-21").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-03", "2024-02-22").state, DeadlineState::kOverdue);
  const auto status = The("D-03", "2024-02-21");
  EXPECT_EQ(status.due->day, Day("2024-02-21"));
  EXPECT_EQ(status.due->end, StartOf(Day("2024-02-22"), TimeZone::kWib));
  EXPECT_EQ(status.anchor_day, Day("2024-02-19"));
  EXPECT_EQ(status.duty, "bawaslu/13");
  EXPECT_EQ(status.watcher, "bawaslu/13");
  EXPECT_TRUE(status.self_watched);
  report_[0].mutable_occurred_at()->set_zone("WIT");
  EXPECT_EQ(The("D-03", "2024-02-21").due->end, StartOf(Day("2024-02-22"), TimeZone::kWit));
}

TEST_F(DeadlineTest, WithoutARecordedZoneTheOfficeLiesInItsRegions) {
  Receive("2024-02-19");
  report_[0].set_author("bawaslu/73");
  report_[0].mutable_occurred_at()->mutable_instant()->set_seconds(
      absl::ToUnixSeconds(StartOf(Day("2024-02-20"), TimeZone::kWita)));
  const auto status = The("D-03", "2024-02-20");
  EXPECT_EQ(status.zone, TimeZone::kWita);
  EXPECT_EQ(status.anchor_day, Day("2024-02-20")) << "23:00 of the day before in WIB";
  EXPECT_TRUE(status.anchor_has_time);
}

TEST_F(DeadlineTest, MetInTimeLateAndRecordedLate) {
  struct Line {
    absl::string_view day, recorded;
    DeadlineState state;
  };
  for (const Line& line : {Line{"2024-02-21", "2024-02-21", DeadlineState::kMet},
                           Line{"2024-02-21", "2024-03-01", DeadlineState::kMetRecordedLate},
                           Line{"2024-02-22", "2024-02-22", DeadlineState::kMetLate},
                           Line{"", "2024-02-20", DeadlineState::kMet},
                           Line{"", "2024-03-01", DeadlineState::kMetRecordedLate}}) {
    SCOPED_TRACE(absl::StrCat(line.day, " ", line.recorded));
    report_.clear();
    fold_.Clear();
    Receive("2024-02-19");
    Add(Intake(), "bawaslu/13", line.day, line.recorded)
        .mutable_fact()
        ->mutable_case_reviewed()
        ->set_accepted(true);
    const auto status = The("D-03", "2024-04-01");
    EXPECT_EQ(status.state, line.state) << NameOf(status.state);
    ASSERT_TRUE(status.met);
    EXPECT_EQ(status.met->position.sequence(), next_ - 1);
    EXPECT_EQ(status.met->day.has_value(), !line.day.empty());
    EXPECT_EQ(status.met->recorded_late, line.recorded > "2024-02-21");
    EXPECT_TRUE(Firing(status).empty());
  }
}

TEST_F(DeadlineTest, WhatCameBeforeTheAnchorInItsLogMeetsNothing) {
  Add(Intake(), "bawaslu/13", "2024-02-19")
      .mutable_fact()
      ->mutable_case_reviewed()
      ->set_accepted(true);
  Receive("2024-02-19");
  EXPECT_EQ(The("D-03", "2024-02-20").state, DeadlineState::kOpen);
}

TEST_F(DeadlineTest, RungsAreReachedAtTheBeginningOfTheirDays) {
  Recommend();
  Decide("R-1", "2024-10-01");  // D-16: 14 working days, Mon 21 Oct
  const auto status = The("D-16", "2024-10-16");
  ASSERT_EQ(status.due->day, Day("2024-10-21"));
  ASSERT_EQ(status.rungs.size(), 3u);
  EXPECT_EQ(status.rungs[0].day, Day("2024-10-17")) << "2 working days before";
  EXPECT_EQ(status.rungs[1].day, Day("2024-10-22")) << "the due day has ended";
  EXPECT_EQ(status.rungs[2].day, Day("2024-10-31")) << "7 working days more have ended";
  EXPECT_EQ(status.rungs[0].at, StartOf(Day("2024-10-17"), TimeZone::kWib));
  EXPECT_TRUE(Firing(status).empty());
  EXPECT_EQ(Firing(The("D-16", "2024-10-17")), std::vector<int>({-2}));
  EXPECT_EQ(Firing(The("D-16", "2024-10-22")), std::vector<int>({-2, 0}));
  EXPECT_EQ(Firing(The("D-16", "2024-10-31")), std::vector<int>({-2, 0, 7}));
  EXPECT_EQ(status.duty, "ppk/13.04");
  EXPECT_EQ(status.watcher, "bkn");
  EXPECT_FALSE(status.self_watched);
}

TEST_F(DeadlineTest, NothingFiresForThePast) {
  Recommend();
  Sanction("2024-10-01", "2024-11-01").mutable_fact()->mutable_sanction_decided();
  const auto old = The("D-16", "2024-12-01");
  EXPECT_EQ(old.state, DeadlineState::kOverdue) << "lateness is derived";
  EXPECT_TRUE(old.past_when_recorded);
  EXPECT_TRUE(Firing(old).empty());
  EXPECT_TRUE(old.rungs[1].reached);
}

TEST_F(DeadlineTest, ARungBeforeTheAnchorWasRecordedStaysSilentWhileLaterOnesFire) {
  Recommend();
  Sanction("2024-10-01", "2024-10-18").mutable_fact()->mutable_sanction_decided();
  EXPECT_EQ(Firing(The("D-16", "2024-10-22")), std::vector<int>({0}));
  SanctionSegment()->clear_facts();
  Sanction("2024-10-01", "2024-10-17").mutable_fact()->mutable_sanction_decided();
  EXPECT_EQ(Firing(The("D-16", "2024-10-22")), std::vector<int>({-2, 0})) << "on that very day";
  SanctionSegment()->clear_facts();
  Sanction("2024-10-01", "2024-10-21").mutable_fact()->mutable_sanction_decided();
  EXPECT_EQ(Firing(The("D-16", "2024-10-22")), std::vector<int>({0})) << "recorded on the due day";
}

TEST_F(DeadlineTest, ARowOnAnothersDueDayCountsUnlessThatWasMetInTime) {
  Recommend();
  Sanction("2024-12-16").mutable_fact()->mutable_respondent_summoned();
  const auto second = The("D-15", "2024-12-30");
  EXPECT_EQ(second.anchor_day, Day("2024-12-27"));
  EXPECT_EQ(second.due->day, Day("2025-01-07"));
  EXPECT_EQ(second.due->incomplete_years, std::vector<int>{2025});
  EXPECT_EQ(second.state, DeadlineState::kOpen);
  Sanction("2024-12-20").mutable_fact()->mutable_respondent_examined();
  EXPECT_EQ(The("D-14", "2024-12-30").state, DeadlineState::kMet);
  EXPECT_EQ(The("D-15", "2024-12-30").state, DeadlineState::kNotApplicable);
}

TEST_F(DeadlineTest, ASecondSummonsMeetsTheSecondLimitAndAnchorsNone) {
  Recommend();
  Sanction("2024-12-16").mutable_fact()->mutable_respondent_summoned();
  Sanction("2024-12-30").mutable_fact()->mutable_respondent_summoned();
  EXPECT_EQ(The("D-14", "2025-01-02").state, DeadlineState::kOverdue);
  EXPECT_EQ(The("D-15", "2025-01-02").state, DeadlineState::kMet);
}

TEST_F(DeadlineTest, TheSanctionImposedDecidesWhichWayIsOpen) {
  Recommend();
  Decide("X-PTDH", "2024-10-01");
  HandOver("2024-10-02");
  EXPECT_EQ(The("D-19", "2024-10-03").state, DeadlineState::kNotApplicable);
  EXPECT_EQ(The("D-21", "2024-10-03").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-21", "2024-10-03").duty, "") << "the respondent is no authority";
  EXPECT_EQ(The("D-21", "2024-10-03").watcher, "ppk/13.04");
  Object("2024-10-10", "banding");
  EXPECT_EQ(The("D-21", "2024-10-11").state, DeadlineState::kMet);
  EXPECT_EQ(The("D-23", "2024-10-11").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-20", "2024-10-11").rule, nullptr);
}

TEST_F(DeadlineTest, ThePpkAnswersBpasnWithinItsLimitFromTheRequest) {
  Recommend();
  Decide("X-PTDH", "2024-10-01");
  HandOver("2024-10-02");
  Object("2024-10-10", "banding");
  EXPECT_EQ(The("D-22", "2024-10-11").rule, nullptr) << "BPASN has not asked";
  const auto step = [&](absl::string_view what, absl::string_view day) {
    Sanction(day).mutable_fact()->mutable_appeal_step_recorded()->set_step(std::string(what));
  };
  step("tanggapan_diminta", "2024-10-14");
  const auto owed = The("D-22", "2024-11-01");
  EXPECT_EQ(owed.due->day, Day("2024-11-12")) << "21 working days";
  EXPECT_EQ(owed.state, DeadlineState::kOpen);
  EXPECT_EQ(owed.duty, "ppk/13.04");
  EXPECT_EQ(owed.watcher, "bkn");
  EXPECT_EQ(The("D-22", "2024-11-13").state, DeadlineState::kOverdue);
  step("tanggapan_disampaikan", "2024-11-12");
  EXPECT_EQ(The("D-22", "2024-11-13").state, DeadlineState::kMet);
}

TEST_F(DeadlineTest, WhoDidNotComeGetsTheDecisionSentAfterTheDayThatWasSet) {
  Recommend();
  Decide("R-1", "2024-10-01");
  auto* scheduled = Sanction("2024-10-02").mutable_fact()->mutable_delivery_step_recorded();
  scheduled->set_step("dijadwalkan");
  scheduled->set_scheduled_on("2024-10-10");
  const auto owed = The("D-17", "2024-10-11");
  EXPECT_EQ(owed.anchor_day, Day("2024-10-10")) << "not the day on which it was set";
  EXPECT_EQ(owed.due->day, Day("2024-10-15")) << "3 working days";
  EXPECT_EQ(owed.state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-17", "2024-10-16").state, DeadlineState::kOverdue);
  Sanction("2024-10-14").mutable_fact()->mutable_delivery_step_recorded()->set_step("dikirim");
  EXPECT_EQ(The("D-17", "2024-10-16").state, DeadlineState::kMet);
  EXPECT_EQ(The("D-16", "2024-10-16").state, DeadlineState::kOpen) << "sent is not handed over";
}

TEST_F(DeadlineTest, MoreInformationLengthensTheStudyOfAnElectionReport) {
  Receive("2024-02-19");
  AddReport("2024-02-20").mutable_fact()->mutable_report_registered();
  EXPECT_EQ(The("D-05", "2024-02-21").due->day, Day("2024-02-29"));
  EXPECT_EQ(The("D-05", "2024-02-21").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-06", "2024-02-21").state, DeadlineState::kNotApplicable);
  auto* asked = AddReport("2024-02-26").mutable_fact()->mutable_report_completion_requested();
  asked->set_additional_information(true);
  EXPECT_EQ(The("D-05", "2024-03-01").because, "more information was asked for");
  EXPECT_EQ(The("D-06", "2024-03-01").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-06", "2024-03-01").due->day, Day("2024-03-13")) << "14 working days in all";
  EXPECT_EQ(The("D-04", "2024-03-01").rule, nullptr) << "nothing is owed by the reporter";
  asked->set_additional_information(false);
  EXPECT_EQ(The("D-06", "2024-03-01").state, DeadlineState::kNotApplicable)
      << "a part without which it is not registered is no such information";
  EXPECT_NE(The("D-04", "2024-03-01").rule, nullptr);
}

TEST_F(DeadlineTest, MoreInformationLengthensTheStudyOfAPilkadaReportInBothReadings) {
  Receive("2024-10-04", "PILKADA-2024");
  EXPECT_EQ(The("D-09", "2024-10-05").because, "no more information was asked for");
  AddReport("2024-10-07")
      .mutable_fact()
      ->mutable_report_completion_requested()
      ->set_additional_information(true);
  EXPECT_EQ(The("D-08", "2024-10-08").state, DeadlineState::kNotApplicable);
  EXPECT_EQ(The("D-09", "2024-10-08").due->day, Day("2024-10-09")) << "3 + 2 calendar days";
  EXPECT_EQ(The("D-09", "2024-10-08").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-09b", "2024-10-08").due->day, Day("2024-10-11")) << "3 + 2 working days";
  Add(Intake(), "bawaslu/13", "2024-10-09").mutable_fact()->mutable_case_concluded();
  EXPECT_EQ(The("D-09", "2024-10-12").state, DeadlineState::kMet);
}

TEST_F(DeadlineTest, ADecisionComesIntoForceUnlessItIsChallengedBefore) {
  Recommend();
  EXPECT_FALSE(rules_.InForceOn(fold_).handed_over);
  Decide("R-1", "2026-07-01");
  HandOver("2026-07-14");
  const InForce in_force = rules_.InForceOn(fold_);
  EXPECT_EQ(in_force.day, Day("2026-08-04"));
  ASSERT_EQ(in_force.readings.size(), 2u);
  EXPECT_EQ(in_force.readings[0].rule->id, "D-18");
  EXPECT_EQ(in_force.readings[0].incomplete_years, std::vector<int>{2026});
  EXPECT_EQ(in_force.readings[1].day, Day("2026-07-29"));
  EXPECT_EQ(The("D-18", "2026-08-03").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-18", "2026-08-04").state, DeadlineState::kMet);

  Object("2026-07-31", "keberatan");
  const InForce challenged = rules_.InForceOn(fold_);
  EXPECT_FALSE(challenged.day);
  EXPECT_EQ(challenged.suspended_by->sequence(), next_ - 1);
  EXPECT_TRUE(challenged.readings[0].suspended);
  EXPECT_EQ(challenged.readings[1].day, Day("2026-07-29")) << "it had been in force by then";
  EXPECT_EQ(The("D-18", "2026-09-01").state, DeadlineState::kSuspended);
}

TEST_F(DeadlineTest, AChallengeOnTheDayOfTakingEffectComesTooLate) {
  Recommend();
  HandOver("2026-07-14");
  Object("2026-08-04", "banding");
  EXPECT_EQ(rules_.InForceOn(fold_).day, Day("2026-08-04"));
}

TEST_F(DeadlineTest, AnAnchorWithoutADayIsShownAndNothingIsCounted) {
  Recommend();
  Sanction("", "2024-10-02").mutable_fact()->mutable_sanction_decided();
  const auto status = The("D-16", "2025-10-02");
  EXPECT_EQ(status.state, DeadlineState::kNotApplicable);
  EXPECT_EQ(status.because, "the day of its anchor is not recorded");
  EXPECT_FALSE(status.due);
}

TEST_F(DeadlineTest, ADayAtTheEndOfTheCalendarIsNoReasonToFail) {
  Recommend();
  Sanction("9999-12-31", "2024-10-02").mutable_fact()->mutable_sanction_decided();
  EXPECT_EQ(The("D-16", "2024-10-02").because, "the due day lies outside the calendar");
}

TEST_F(DeadlineTest, ThePracticeOf2020HoldsOnlyThen) {
  Recommend();
  Sanction("2024-10-02").mutable_fact()->mutable_recommendation_received();
  EXPECT_EQ(The("D-12", "2024-10-30").rule, nullptr);
  SanctionSegment()->clear_facts();
  Sanction("2020-10-02").mutable_fact()->mutable_recommendation_received();
  EXPECT_EQ(The("D-12", "2020-10-30").state, DeadlineState::kOverdue);
}

TEST_F(DeadlineTest, ALimitThatAnOperatorSetsBecomesD29) {
  Recommend();
  Sanction("2024-10-02").mutable_fact()->mutable_recommendation_received();
  EXPECT_EQ(The("D-29", "2024-11-01").rule, nullptr) << "absent by default";
  auto files = test::ShippedCatalogue()->files();
  files["follow_up.tsv"] += "*\t10\thari_kerja\t-2,0\tSE 1/2026\tR\t\t\n";
  rules_ = DeadlineRules(*reference::Catalogue::FromFiles(files));
  const auto status = The("D-29", "2024-10-15");
  EXPECT_EQ(status.due->day, Day("2024-10-16"));
  EXPECT_EQ(status.duty, "ppk/13.04");
  EXPECT_EQ(status.watcher, "bkn");
  EXPECT_EQ(Firing(status), std::vector<int>({-2}));
}

TEST_F(DeadlineTest, HoursAreCountedFromTheMomentAndTheirRungsToo) {
  Recommend();
  EffectiveFact& received = Sanction("2024-10-02");
  received.mutable_fact()->mutable_recommendation_received();
  received.mutable_occurred_at()->mutable_instant()->set_seconds(
      absl::ToUnixSeconds(Noon("2024-10-02")));
  auto files = test::ShippedCatalogue()->files();
  files["follow_up.tsv"] += "ppk/13.04\t72\tjam\t-24,0,24\tSE 1/2026\tR\t\t\n";
  rules_ = DeadlineRules(*reference::Catalogue::FromFiles(files));
  const auto status = The("D-29", "2024-10-05");
  EXPECT_EQ(status.due->end, Noon("2024-10-05"));
  EXPECT_EQ(status.state, DeadlineState::kOverdue) << "the hour has come";
  EXPECT_EQ(Firing(status), std::vector<int>({-24, 0}));
  EXPECT_EQ(The("D-29", "2024-10-04").state, DeadlineState::kOpen);
  EXPECT_EQ(The("D-29", "2024-10-04").rungs[2].day, Day("2024-10-06"));
  Decide("R-1", "2024-10-05");
  EXPECT_EQ(The("D-29", "2024-10-06").state, DeadlineState::kMetRecordedLate)
      << "that day without an hour may have been in time";
}

TEST_F(DeadlineTest, AReporterAndASupervisorHaveALimitEach) {
  Receive("2024-01-30");
  auto* details = AddReport("2024-01-30").mutable_fact()->mutable_report_details_recorded();
  report_.back().mutable_position()->set_log("bawaslu/13/private");
  details->set_source("laporan");
  details->set_known_on("2024-01-15");
  const auto late = The("D-01", "2024-02-20");
  EXPECT_EQ(late.due->day, Day("2024-01-24"));
  EXPECT_EQ(late.state, DeadlineState::kMetLate);
  EXPECT_TRUE(late.of_report);
  EXPECT_FALSE(The("D-03", "2024-02-20").of_report);
  EXPECT_EQ(The("D-02", "2024-02-20").rule, nullptr);
  report_.back().mutable_fact()->mutable_report_details_recorded()->set_source("temuan");
  EXPECT_EQ(The("D-01", "2024-02-20").rule, nullptr);
  EXPECT_EQ(The("D-02", "2024-02-20").state, DeadlineState::kMetLate);
}

TEST_F(DeadlineTest, TheSenderWatchesWhatItSent) {
  Intake();
  Add(ReferralSegment(), "bkn", "2024-10-01").mutable_fact()->mutable_case_received();
  const auto status = The("D-10", "2024-10-09");
  EXPECT_EQ(status.state, DeadlineState::kOverdue);
  EXPECT_EQ(status.duty, "bkn");
  EXPECT_EQ(status.watcher, "bawaslu/13");
}

class ReassignedTest : public DeadlineTest {
 protected:
  static void Cite(EffectiveFact* fact, const EffectiveFact& of) {
    *fact->add_citations()->mutable_position() = of.position();
  }
  // Up to where the first PPK has the case and has summoned the respondent.
  void UntilSummoned() {
    EffectiveFact& referred = Add(Intake(), "bawaslu/13", "2024-10-11");
    referred.mutable_fact()->mutable_case_referred()->set_to("bkn");
    EffectiveFact& received = Add(ReferralSegment(), "bkn", "2024-10-14");
    received.mutable_fact()->mutable_case_received();
    Cite(&received, referred);
    RecommendTo("ppk/13.04", "2024-10-21");
    ReceiveAs("ppk/13.04", "2024-10-24");
    Summon("ppk/13.04", "2024-10-28");
  }
  void RecommendTo(absl::string_view ppk, absl::string_view day) {
    recommended_ = &Add(ReferralSegment(), "bkn", day);
    recommended_->mutable_fact()->mutable_sanction_recommended()->set_to(std::string(ppk));
  }
  EffectiveFact& At(absl::string_view ppk, absl::string_view day) {
    return Add(Segment(Section::kSanction, ppk), ppk, day);
  }
  void ReceiveAs(absl::string_view ppk, absl::string_view day) {
    EffectiveFact& received = At(ppk, day);
    received.mutable_fact()->mutable_recommendation_received();
    Cite(&received, *recommended_);
  }
  void Summon(absl::string_view ppk, absl::string_view day) {
    At(ppk, day).mutable_fact()->mutable_respondent_summoned();
  }
  void GiveBack() { At("ppk/13.04", "2024-11-04").mutable_fact()->mutable_respondent_moved(); }

  // Whose the limits of a row are, since when and how they stand.
  std::vector<std::string> Lines(absl::string_view id) {
    std::vector<std::string> lines;
    for (const DeadlineStatus& status : All("2024-12-20")) {
      if (status.rule->id != id) continue;
      lines.push_back(
          absl::StrCat(status.duty, " ", status.anchor_day->ToIso(), " ", NameOf(status.state)));
    }
    return lines;
  }

  EffectiveFact* recommended_ = nullptr;
};

TEST_F(ReassignedTest, AReplacedPpkOwesNothingAndTheNextOneBeginsAnew) {
  UntilSummoned();
  EXPECT_THAT(Lines("D-14"), testing::ElementsAre("ppk/13.04 2024-10-28 overdue"));
  GiveBack();
  EXPECT_THAT(Lines("D-14"), testing::ElementsAre("ppk/13.04 2024-10-28 not_applicable"));
  EXPECT_THAT(Lines("D-15"), testing::ElementsAre("ppk/13.04 2024-11-06 not_applicable"));
  RecommendTo("ppk/13.05", "2024-11-05");
  EXPECT_THAT(Lines("D-14"), testing::ElementsAre("ppk/13.04 2024-10-28 not_applicable"));
  ReceiveAs("ppk/13.05", "2024-11-07");
  Summon("ppk/13.05", "2024-11-11");
  EXPECT_THAT(Lines("D-14"), testing::ElementsAre("ppk/13.04 2024-10-28 not_applicable",
                                                  "ppk/13.05 2024-11-11 overdue"))
      << "its first summons is no second one of the other";
  At("ppk/13.05", "2024-11-19").mutable_fact()->mutable_respondent_examined();
  EXPECT_THAT(Lines("D-14"), testing::ElementsAre("ppk/13.04 2024-10-28 not_applicable",
                                                  "ppk/13.05 2024-11-11 met"));
}

TEST_F(ReassignedTest, WhatAReplacedPpkDidInTimeStaysDone) {
  UntilSummoned();
  At("ppk/13.04", "2024-10-30").mutable_fact()->mutable_respondent_examined();
  GiveBack();
  RecommendTo("ppk/13.05", "2024-11-05");
  EXPECT_THAT(Lines("D-14"), testing::ElementsAre("ppk/13.04 2024-10-28 met"));
}

TEST_F(ReassignedTest, WhatAReplacedPpkDecidedIsNotInForce) {
  UntilSummoned();
  At("ppk/13.04", "2024-10-29").mutable_fact()->mutable_sanction_decided()->set_sanction("B-1");
  At("ppk/13.04", "2024-10-30").mutable_fact()->mutable_decision_handed_over();
  EXPECT_TRUE(rules_.InForceOn(fold_).day);
  At("ppk/13.04", "2024-11-01").mutable_fact()->mutable_sanction_revoked();
  RecommendTo("ppk/13.05", "2024-11-05");
  EXPECT_FALSE(rules_.InForceOn(fold_).day);
  EXPECT_TRUE(rules_.InForceOn(fold_).readings.empty());
}

// Shorten the list when a fact of that name comes, or give it its row in deadline_moments.cc.
TEST(DeadlineMoments, TheseAreStatedByNoFact) {
  std::set<std::string> missing;
  for (const absl::string_view moment : reference::DeadlineMoments()) {
    if (!IsProduced(moment)) missing.emplace(moment);
  }
  EXPECT_THAT(missing,
              testing::ElementsAre("breach_known", "breach_notified", "lapor_answered",
                                   "lapor_followed_up", "lapor_forwarded", "lapor_received",
                                   "processing_restricted", "sbt_verified", "subject_request"));
}

// Limits about personal data and SP4N-LAPOR are of no case and no report: they stand in the table
// for reference, and say so to whoever reads it.
TEST(DeadlineMoments, ARowWhoseAnchorNoFactStatesSaysThatItIsForReferenceOnly) {
  const auto catalogue = test::ShippedCatalogue();
  std::vector<std::string> for_reference;
  for (const reference::Deadline& row : catalogue->deadlines()) {
    const bool never = !row.on.empty() && std::none_of(row.on.begin(), row.on.end(), IsProduced);
    EXPECT_EQ(never, row.note.starts_with("reference only: ")) << row.id;
    if (never) for_reference.push_back(row.id);
  }
  EXPECT_THAT(for_reference, testing::ElementsAre("D-11", "D-24", "D-25", "D-26", "D-27", "D-28"));
}

}  // namespace
}  // namespace selaras::domain
