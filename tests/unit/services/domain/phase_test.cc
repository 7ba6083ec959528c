// Phase and stage, against the shipped catalogue and against an obvious reference.
#include "services/domain/phase.h"

#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "services/reference/catalogue.h"

namespace selaras::domain {
namespace {

using reference::ElectionStage;

constexpr auto kBefore = ElectionPhase::kBeforePenetapan;
constexpr auto kFrom = ElectionPhase::kFromPenetapan;

LocalDate Day(absl::string_view iso) { return *LocalDate::ParseIso(iso); }

LocalDate Next(LocalDate day) { return *LocalDate::FromDaysSinceEpoch(day.DaysSinceEpoch() + 1); }

class Phases : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    catalogue_ = new std::shared_ptr<const reference::Catalogue>(*std::move(loaded));
  }
  static void TearDownTestSuite() { delete catalogue_; }
  static const reference::Catalogue& catalogue() { return **catalogue_; }

  static PhaseFinding Find(const ElectionPlace& place, absl::string_view day,
                           const std::optional<PhaseOverride>& said = std::nullopt) {
    auto found = FindPhase(place, Day(day), said, catalogue());
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : PhaseFinding();
  }
  static std::string StageOn(const ElectionPlace& place, LocalDate day) {
    const auto found = FindStage(place, day, catalogue());
    return found.ok() ? std::string(NameOf(found->stage)) : std::string(found.status().message());
  }

 private:
  static inline std::shared_ptr<const reference::Catalogue>* catalogue_ = nullptr;
};

const ElectionPlace kPilkada = {"PILKADA-2024", "bupati", "13.04"};

TEST_F(Phases, TheDayOfThePenetapanCountsAsAfterAndTheAnswerShowsItsGround) {
  EXPECT_EQ(Find(kPilkada, "2024-09-21").phase, kBefore);
  const PhaseFinding from = Find(kPilkada, "2024-09-22");
  EXPECT_EQ(from.phase, kFrom);
  EXPECT_EQ(from.computed, kFrom);
  EXPECT_FALSE(from.overridden);
  ASSERT_EQ(from.grounds.size(), 2u);
  EXPECT_EQ(Describe(from.grounds[0]), "SKB 22 September 2022 Lampiran II [C K1,K3,K5]");
  EXPECT_EQ(Describe(from.grounds[1]), "region *, contest * [V N1]");
}

TEST_F(Phases, ContestsOfOneElectionHaveTheirOwnPenetapan) {
  EXPECT_EQ(Find({"PEMILU-2024", "dpr", "13.04"}, "2023-11-05").phase, kFrom);
  EXPECT_EQ(Find({"PEMILU-2024", "presiden", "13.04"}, "2023-11-05").phase, kBefore);
  EXPECT_EQ(Find({"PEMILU-2024", "presiden", "13.04"}, "2023-11-13").phase, kFrom);
}

TEST_F(Phases, AnOpenContestIsSaidWhereItMatters) {
  const PhaseFinding open = Find({"PEMILU-2024", "", "13.04"}, "2023-11-05");
  EXPECT_EQ(open.phase, kFrom);
  ASSERT_EQ(open.notices.size(), 1u);
  EXPECT_EQ(open.notices[0].code, "CONTEST_OPEN");
  EXPECT_TRUE(Find({"PEMILU-2024", "", "13.04"}, "2023-11-14").notices.empty());
  EXPECT_TRUE(Find({"PILKADA-2024", "", "13.04"}, "2024-09-22").notices.empty());
}

TEST_F(Phases, AnOfficerMaySayAnotherPhaseWithAReason) {
  const PhaseFinding said =
      Find(kPilkada, "2024-09-22", PhaseOverride{kBefore, "SK KPU terbit malam"});
  EXPECT_EQ(said.phase, kBefore);
  EXPECT_EQ(said.computed, kFrom);
  EXPECT_TRUE(said.overridden);
  ASSERT_EQ(said.notices.size(), 1u);
  EXPECT_EQ(said.notices[0].text, "an officer says before the penetapan, the calendar says from");
  EXPECT_FALSE(Find(kPilkada, "2024-09-22", PhaseOverride{kFrom, "sama"}).overridden);
  const auto mute =
      FindPhase(kPilkada, Day("2024-09-22"), PhaseOverride{kBefore, "  "}, catalogue());
  EXPECT_EQ(mute.status().code(), absl::StatusCode::kInvalidArgument);
  const auto unknown = FindPhase({"PILKADES", "", "13"}, Day("2024-09-22"),
                                 PhaseOverride{kBefore, "x"}, catalogue());
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(Phases, EveryCodeOfTheDecreeFitsItsPhaseAndPairsPointAtEachOther) {
  const std::map<std::string, std::string> pairs = {
      {"KE-01", "HD-01"}, {"KE-02", "HD-02"}, {"KE-03", "HD-04"}, {"KE-04", "HD-06"},
      {"KE-05", "HD-07"}, {"KE-06", "HD-08"}, {"HD-09", "HD-10"}};
  for (const auto& [before, from] : pairs) {
    SCOPED_TRACE(before);
    EXPECT_TRUE(CheckViolationPhase(before, kBefore, catalogue())->fits);
    const auto late = CheckViolationPhase(before, kFrom, catalogue());
    EXPECT_FALSE(late->fits);
    EXPECT_EQ(late->counterpart, from);
    EXPECT_EQ(late->notices[0].code, "PHASE_MISMATCH");
    EXPECT_EQ(CheckViolationPhase(from, kBefore, catalogue())->counterpart, before);
    EXPECT_EQ(CheckViolationPhase(from, kBefore, catalogue())->fits, from == "HD-08");
  }
  EXPECT_EQ(CheckViolationPhase("KE-07", kFrom, catalogue())->counterpart, "");
  EXPECT_EQ(CheckViolationPhase("KE-06", kFrom, catalogue())->notices[0].text,
            "KE-06 is a violation before the penetapan, the act lies on its day or later; there "
            "the same act "
            "is in part HD-08");
  EXPECT_EQ(CheckViolationPhase("KE-99", kFrom, catalogue()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(Phases, AConflictIsShownWhetherTheCodeFitsOrNot) {
  for (const auto& [code, conflict] : std::map<std::string, std::string>{{"KE-04", "X-01"},
                                                                         {"HD-06", "X-01"},
                                                                         {"HD-03", "X-02"},
                                                                         {"HD-09", "X-13"},
                                                                         {"HD-10", "X-13"}}) {
    for (const ElectionPhase phase : {kBefore, kFrom}) {
      const auto fit = CheckViolationPhase(code, phase, catalogue());
      ASSERT_FALSE(fit->notices.empty());
      EXPECT_EQ(fit->notices.back().code, "CONFLICT");
      EXPECT_EQ(fit->notices.back().grounds[0].rule, conflict);
    }
  }
  EXPECT_TRUE(CheckViolationPhase("HD-12", kFrom, catalogue())->notices.empty());
}

TEST_F(Phases, StagesOfPilkada2024) {
  const ElectionPlace place = kPilkada;
  for (const auto& [day, stage] :
       std::map<std::string, std::string>{{"2024-08-26", "before_registration"},
                                          {"2024-08-27", "registration"},
                                          {"2024-09-22", "registration"},
                                          {"2024-09-24", "registration"},
                                          {"2024-09-25", "campaign"},
                                          {"2024-11-23", "campaign"},
                                          {"2024-11-24", "quiet_days"},
                                          {"2024-11-26", "quiet_days"},
                                          {"2024-11-27", "voting_and_count"},
                                          {"2024-12-16", "voting_and_count"},
                                          {"2024-12-17", "after"},
                                          {"2025-04-19", "after"}}) {
    EXPECT_EQ(StageOn(place, Day(day)), stage) << day;
  }
}

TEST_F(Phases, ARepeatedVoteIsOnlyWhereAndForWhatItWasRepeated) {
  const LocalDate day = Day("2025-04-19");
  EXPECT_EQ(StageOn({"PILKADA-2024", "bupati", "13.08"}, day), "revote");
  EXPECT_EQ(StageOn({"PILKADA-2024", "", "13.08"}, day), "revote");
  EXPECT_EQ(StageOn({"PILKADA-2024", "gubernur", "13.08"}, day), "after");
  EXPECT_EQ(StageOn({"PILKADA-2024", "bupati", "13.09"}, day), "after");
  EXPECT_EQ(StageOn({"PILKADA-2024", "bupati", "13.08"}, Next(day)), "after");
}

TEST_F(Phases, AStageSaysInWhoseDaysItLies) {
  const auto gap = FindStage(kPilkada, Day("2024-09-01"), catalogue());
  EXPECT_EQ(gap->period, nullptr);
  EXPECT_EQ(FindStage(kPilkada, Day("2024-09-22"), catalogue())->period->stage,
            ElectionStage::kPenetapan);
  EXPECT_EQ(FindStage(kPilkada, Day("2024-12-01"), catalogue())->period->stage,
            ElectionStage::kCount);
  EXPECT_EQ(StageOn({"PILKADES", "", "13"}, Day("2024-09-22")),
            "election: unknown election \"PILKADES\"");
  EXPECT_EQ(FindStage({"PILKADA-2024", "", "99"}, Day("2024-09-22"), catalogue()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// Partition: on each day of twelve years, one stage, and the order never goes back.
TEST_F(Phases, EveryDayIsInOneStageAndStagesFollowEachOther) {
  for (const reference::Election& election : catalogue().elections()) {
    const ElectionPlace place = {election.code, "", "73.71"};
    int last = 0;
    std::map<Stage, int> days;
    for (LocalDate day = Day("2017-01-01"); day < Day("2027-01-01"); day = Next(day)) {
      const auto found = FindStage(place, day, catalogue());
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_GE(static_cast<int>(found->stage), last) << election.code << " " << day.ToIso();
      last = static_cast<int>(found->stage);
      ++days[found->stage];
      // Where a row of a stage contains the day, the stage is that of the row.
      for (const auto& [row, stage] :
           std::map<ElectionStage, Stage>{{ElectionStage::kCampaign, Stage::kCampaign},
                                          {ElectionStage::kQuietDays, Stage::kQuietDays},
                                          {ElectionStage::kVoting, Stage::kVotingAndCount},
                                          {ElectionStage::kCount, Stage::kVotingAndCount}}) {
        const auto* period = catalogue().FindPeriod(election.code, "73.71", row);
        if (period->from <= day && day <= period->to) {
          EXPECT_EQ(found->stage, stage);
        }
      }
    }
    EXPECT_EQ(days.size(), 6u) << election.code;
  }
}

}  // namespace
}  // namespace selaras::domain
