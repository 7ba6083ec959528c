#include "tools/selaras/text.h"

#include <gtest/gtest.h>

#include "tools/selaras/progress.h"

namespace selaras::cli {
namespace {

TEST(Text, StatesAreReadAndWrittenInTheSameWords) {
  for (int i = 0; i < query::v1::CaseState_descriptor()->value_count(); ++i) {
    const auto state =
        static_cast<query::v1::CaseState>(query::v1::CaseState_descriptor()->value(i)->number());
    EXPECT_EQ(ParseState(StateWord(state)), state);
  }
  EXPECT_EQ(StateWord(query::v1::CASE_STATE_RECEIVED_BY_PPK), "received_by_ppk");
  EXPECT_EQ(ParseState("nonsense"), query::v1::CASE_STATE_UNSPECIFIED);
}

TEST(Text, AFactIsNamedAndItsFieldsListed) {
  event::v1::Fact fact;
  EXPECT_EQ(FactName(fact), "unknown");
  EXPECT_EQ(FactDetails(fact), "");
  fact.mutable_case_referred()->set_to("bkn");
  fact.mutable_case_referred()->add_violations_found("KE-04");
  fact.mutable_case_referred()->add_violations_found("KE-06");
  fact.mutable_case_referred()->set_phase(event::v1::ELECTION_PHASE_BEFORE_PENETAPAN);
  EXPECT_EQ(FactName(fact), "case_referred");
  EXPECT_EQ(FactDetails(fact), "to bkn · violations_found KE-04,KE-06 · phase before_penetapan");
  fact.mutable_case_referred()->set_rank("IV/a");
  EXPECT_EQ(FactNews(fact), "to bkn · violations_found KE-04,KE-06 · phase before_penetapan");
}

TEST(Text, PositionsInsideFactsReadAsPositions) {
  event::v1::Fact fact;
  fact.mutable_fact_voided()->mutable_position()->set_log("bkn");
  fact.mutable_fact_voided()->mutable_position()->set_sequence(7);
  EXPECT_EQ(FactDetails(fact), "position bkn@7");
}

TEST(Text, DigestsInsideFactsAreShortened) {
  event::v1::Fact fact;
  fact.mutable_attachment_added()->set_kind("surat");
  fact.mutable_attachment_added()->set_sealed_sha256(std::string(32, '\xab'));
  EXPECT_EQ(FactDetails(fact), "kind surat · sealed_sha256 abababababab");
}

TEST(Text, ADayAndAMomentAreRead) {
  EXPECT_EQ(ParseWhen("2024-09-06")->date(), "2024-09-06");
  for (const char* moment : {"2024-09-06T07:15:00.5+07:00", "2024-09-06 07:15:00.500+0700",
                             "2024-09-06T00:15:00.5Z", "2024-09-05T17:15:00.5-07:00"}) {
    const auto when = ParseWhen(moment);
    ASSERT_TRUE(when) << moment;
    EXPECT_EQ(when->instant().seconds(), 1'725'581'700) << moment;
    EXPECT_EQ(when->instant().nanos(), 500'000'000) << moment;
  }
  for (const char* neither :
       {"", "2024-9-6", "2024-02-30", "2024-09-06T07:15:00", "07:15", "2024-09-06T25:15:00Z",
        "infinite-future", "infinite-past", "0000-12-31T23:59:59Z", "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-07:00", "0001-01-01T00:00:00+07:00"}) {
    EXPECT_FALSE(ParseWhen(neither)) << neither;
  }
}

TEST(Text, TheFirstAndTheLastMomentOfATimestampAreRead) {
  EXPECT_EQ(ParseWhen("0001-01-01T00:00:00Z")->instant().seconds(), -62'135'596'800);
  EXPECT_EQ(ParseWhen("9999-12-31T23:59:59.999Z")->instant().seconds(), 253'402'300'799);
}

TEST(Text, SizesAreReadAtAGlance) {
  EXPECT_EQ(SizeText(0), "0 B");
  EXPECT_EQ(SizeText(1'023), "1023 B");
  EXPECT_EQ(SizeText(1'024), "1.0 KiB");
  EXPECT_EQ(SizeText(32 << 20), "32.0 MiB");
  EXPECT_EQ(SizeText(std::uint64_t{5} << 40), "5120.0 GiB");
}

TEST(Text, WhatWasNotRecordedHasNoTime) {
  event::v1::When when;
  EXPECT_EQ(WhenText(when), "");
  when.set_date("2024-09-06");
  EXPECT_EQ(WhenText(when), "2024-09-06");
  when.mutable_instant()->set_seconds(1725581700);
  EXPECT_EQ(WhenText(when), "2024-09-06 00:15:00Z");
}

TEST(Text, CountsAgreeWithTheirNouns) {
  EXPECT_EQ(Count(1, "entry"), "1 entry");
  EXPECT_EQ(Count(0, "entry"), "0 entries");
  EXPECT_EQ(Count(2, "case"), "2 cases");
  EXPECT_EQ(Count(1, "day"), "1 day");
  EXPECT_EQ(Count(2, "day"), "2 days");
  EXPECT_EQ(Count(0, "key"), "0 keys");
  EXPECT_EQ(Count(1, "leaf"), "1 leaf");
  EXPECT_EQ(Count(2, "leaf"), "2 leaves");
}

TEST(Progress, TheBarFillsUp) {
  EXPECT_EQ(ProgressText("x", 0, 4).find("█"), std::string::npos);
  EXPECT_EQ(ProgressText("x", 4, 4).find("░"), std::string::npos);
  EXPECT_EQ(ProgressText("x", 9, 4).find("░"), std::string::npos);
  EXPECT_EQ(ProgressText("x", 9, 0), "x  9");
}

}  // namespace
}  // namespace selaras::cli
