#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "minimal_catalogue.h"
#include "services/reference/catalogue.h"

namespace selaras::reference {
namespace {

LocalDate Day(int year, int month, int day) { return *LocalDate::Of(year, month, day); }

class ElectionCalendar : public testing::Test {
 protected:
  ElectionPhase PhaseOf(absl::string_view region, LocalDate date) {
    const auto phase = catalogue_->Phase("PILKADA", region, date);
    EXPECT_TRUE(phase.ok()) << phase.status();
    return phase.value_or(ElectionPhase::kBeforePenetapan);
  }

  std::shared_ptr<const Catalogue> catalogue_ = *Catalogue::FromFiles(MinimalFiles());
};

TEST_F(ElectionCalendar, ThePenetapanDayItselfCountsAsAfter) {
  EXPECT_EQ(PhaseOf("73.71", Day(2024, 9, 21)), ElectionPhase::kBeforePenetapan);
  EXPECT_EQ(PhaseOf("73.71", Day(2024, 9, 22)), ElectionPhase::kFromPenetapan);
}

TEST_F(ElectionCalendar, AProvincesRowWinsOverEverywhere) {
  EXPECT_EQ(PhaseOf("13", Day(2024, 9, 24)), ElectionPhase::kBeforePenetapan);
  EXPECT_EQ(PhaseOf("13", Day(2024, 9, 25)), ElectionPhase::kFromPenetapan);
}

TEST_F(ElectionCalendar, AKabupatensRowWinsOverItsProvinces) {
  EXPECT_EQ(PhaseOf("13.04", Day(2024, 9, 26)), ElectionPhase::kBeforePenetapan);
  EXPECT_EQ(PhaseOf("13.04", Day(2024, 9, 27)), ElectionPhase::kFromPenetapan);
}

TEST_F(ElectionCalendar, AProvincesRowHoldsForItsKabupaten) {
  const auto phase = catalogue_->Phase("PEMILU", "13.04", Day(2023, 11, 2));
  ASSERT_TRUE(phase.ok());
  EXPECT_EQ(*phase, ElectionPhase::kBeforePenetapan);
}

TEST_F(ElectionCalendar, TheFirstDayOfAPenetapanRangeDecides) {
  const auto phase = catalogue_->Phase("PEMILU", "13", Day(2023, 11, 3));
  ASSERT_TRUE(phase.ok());
  EXPECT_EQ(*phase, ElectionPhase::kFromPenetapan);
}

TEST_F(ElectionCalendar, AContestsRowWinsOnlyAtItsPlaceAndOnlyForThatContest) {
  const auto catalogue = Catalogue::FromFiles(MinimalFilesWith(
      "elections.tsv", "PEMILU|",
      "PILKADA|Pemilihan|pemilihan|13|bupati|penetapan|2024-10-01|2024-10-01|R||\n"
      "PILKADA|Pemilihan|pemilihan|*|bupati|penetapan|2024-10-05|2024-10-05|R||\nPEMILU|"));
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  const auto penetapan = [&](absl::string_view contest, absl::string_view region) {
    return (*catalogue)
        ->FindPeriod("PILKADA", contest, region, ElectionStage::kPenetapan)
        ->from.ToIso();
  };
  EXPECT_EQ(penetapan("bupati", "13"), "2024-10-01");
  EXPECT_EQ(penetapan("gubernur", "13"), "2024-09-25");
  EXPECT_EQ(penetapan("", "13"), "2024-09-25");
  EXPECT_EQ(penetapan("bupati", "13.04"), "2024-09-27") << "the nearer place comes first";
  EXPECT_EQ(penetapan("bupati", "73.71"), "2024-10-05");
  EXPECT_EQ(penetapan("", "73.71"), "2024-09-22");
  EXPECT_EQ(*(*catalogue)->Phase("PILKADA", "bupati", "73.71", Day(2024, 10, 4)),
            ElectionPhase::kBeforePenetapan);
  EXPECT_EQ(*(*catalogue)->Phase("PILKADA", "", "73.71", Day(2024, 10, 4)),
            ElectionPhase::kFromPenetapan);
}

TEST_F(ElectionCalendar, AVoteMayBeRepeatedMoreThanOnce) {
  const std::string one = "PEMILU|Pemilu|pemilu|13|*|psu|2024-07-13|2024-07-13|R||\n";
  const std::string two = "PEMILU|Pemilu|pemilu|13|*|psu|2024-09-13|2024-09-13|R||\n";
  EXPECT_TRUE(
      Catalogue::FromFiles(MinimalFilesWith("elections.tsv", "PEMILU|", one + two + "PEMILU|"))
          .ok());
  EXPECT_EQ(
      Catalogue::FromFiles(MinimalFilesWith("elections.tsv", "PEMILU|", one + one + "PEMILU|"))
          .status()
          .message(),
      "elections.tsv:6: stage: \"psu\" stands in an earlier row too");
}

TEST_F(ElectionCalendar, SaysWhatIsUnknown) {
  const auto election = catalogue_->Phase("PILKADES", "13", Day(2024, 1, 1));
  EXPECT_EQ(election.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(election.status().message(),
            "unknown election \"PILKADES\"; add it to elections.tsv or correct it");
  const auto region = catalogue_->Phase("PILKADA", "99.99", Day(2024, 1, 1));
  EXPECT_EQ(region.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(region.status().message(),
            "unknown region \"99.99\"; write a code of regions.tsv, e.g. 13.04");
  const auto nowhere = catalogue_->Phase("PEMILU", "73.71", Day(2024, 1, 1));
  EXPECT_EQ(nowhere.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(nowhere.status().message(),
            "no penetapan of PEMILU is on record for region 73.71; add a row to elections.tsv");
}

TEST_F(ElectionCalendar, KnowsTheRegimeOfAnElection) {
  EXPECT_EQ(*catalogue_->Regime("PEMILU"), ElectionRegime::kPemilu);
  EXPECT_EQ(*catalogue_->Regime("PILKADA"), ElectionRegime::kPemilihan);
  EXPECT_EQ(catalogue_->Regime("PILKADES").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ElectionCalendar, FindsHolidaysByDay) {
  const Holiday* christmas = catalogue_->FindHoliday(Day(2024, 12, 25));
  ASSERT_NE(christmas, nullptr);
  EXPECT_EQ(christmas->kind, HolidayKind::kPublicHoliday);
  EXPECT_EQ(catalogue_->FindHoliday(Day(2024, 12, 26))->kind, HolidayKind::kJointLeave);
  EXPECT_EQ(catalogue_->FindHoliday(Day(2024, 12, 27)), nullptr);
}

}  // namespace
}  // namespace selaras::reference
