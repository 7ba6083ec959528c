// What deploy/reference holds today, as far as programs rely on it.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include "services/reference/catalogue.h"

namespace selaras::reference {
namespace {

LocalDate Day(int year, int month, int day) { return *LocalDate::Of(year, month, day); }

class ShippedData : public testing::Test {
 protected:
  void SetUp() override {
    auto catalogue = LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    catalogue_ = *std::move(catalogue);
  }

  std::shared_ptr<const Catalogue> catalogue_;
};

TEST_F(ShippedData, Has38ProvincesAnd514KabupatenAndKota) {
  int provinces = 0, kabupaten = 0, kota = 0;
  for (const Region& region : catalogue_->regions()) {
    if (region.level == RegionLevel::kProvince) ++provinces;
    if (region.level == RegionLevel::kKabupaten) ++kabupaten;
    if (region.level == RegionLevel::kKota) ++kota;
  }
  EXPECT_EQ(provinces, 38);
  EXPECT_EQ(kabupaten, 416);
  EXPECT_EQ(kota, 98);
}

TEST_F(ShippedData, EveryRegionHasItsPpkAndEveryProvinceItsBawaslu) {
  for (const Region& region : catalogue_->regions()) {
    const Authority* ppk = catalogue_->FindAuthority(absl::StrCat("ppk/", region.code));
    ASSERT_NE(ppk, nullptr) << region.code;
    EXPECT_EQ(ppk->role, AuthorityRole::kSanction);
    EXPECT_EQ(ppk->region, region.code);
    const Authority* bawaslu = catalogue_->FindAuthority(absl::StrCat("bawaslu/", region.code));
    ASSERT_EQ(bawaslu != nullptr, region.level == RegionLevel::kProvince) << region.code;
    if (bawaslu != nullptr) {
      EXPECT_EQ(bawaslu->role, AuthorityRole::kIntake);
    }
  }
  EXPECT_EQ(catalogue_->FindAuthority("ppk/13")->name, "Pemerintah Provinsi Sumatera Barat");
  EXPECT_EQ(catalogue_->FindAuthority("ppk/13.04")->name, "Pemerintah Kabupaten Tanah Datar");
}

TEST_F(ShippedData, HasTheNationalAuthorities) {
  EXPECT_EQ(catalogue_->FindAuthority("bawaslu/ri")->role, AuthorityRole::kIntake);
  EXPECT_EQ(catalogue_->FindAuthority("ppk/kemenag")->role, AuthorityRole::kSanction);
  EXPECT_EQ(catalogue_->FindAuthority("bkn")->role, AuthorityRole::kReferral);
  EXPECT_EQ(catalogue_->FindAuthority("kasn")->role, AuthorityRole::kReferral);
  EXPECT_EQ(catalogue_->FindAuthority("menpanrb")->role, AuthorityRole::kOversight);
  EXPECT_EQ(catalogue_->FindAuthority("kemendagri")->role, AuthorityRole::kOversight);
}

TEST_F(ShippedData, BknFollowsKasnOn24August2024) {
  EXPECT_EQ(catalogue_->ReferralAuthorityOn(Day(2024, 8, 23))->id, "kasn");
  EXPECT_EQ(catalogue_->ReferralAuthorityOn(Day(2024, 8, 24))->id, "bkn");
  EXPECT_TRUE(catalogue_->IsSuccessorOf("bkn", "kasn"));
}

TEST_F(ShippedData, Has7EthicsAnd12DisciplineViolations) {
  int ethics = 0, discipline = 0;
  for (const Violation& violation : catalogue_->violations()) {
    ++(violation.violation_class == ViolationClass::kEthics ? ethics : discipline);
  }
  EXPECT_EQ(ethics, 7);
  EXPECT_EQ(discipline, 12);
  EXPECT_EQ(catalogue_->clauses().size(), 7u);
}

TEST_F(ShippedData, TheOldSanctionsEndTheDayBeforeTheNewOnesBegin) {
  for (const Sanction& sanction : catalogue_->sanctions()) {
    if (sanction.regime == "PP53/2010") {
      EXPECT_TRUE(IsValidOn(sanction, Day(2021, 8, 30))) << sanction.code;
      EXPECT_FALSE(IsValidOn(sanction, Day(2021, 8, 31))) << sanction.code;
    }
    if (sanction.regime == "PP94/2021") {
      EXPECT_FALSE(IsValidOn(sanction, Day(2021, 8, 30))) << sanction.code;
      EXPECT_TRUE(IsValidOn(sanction, Day(2021, 8, 31))) << sanction.code;
    }
  }
}

TEST_F(ShippedData, EveryGolonganOfPnsAndPppkIsThere) {
  int pns = 0, pppk = 0;
  for (const Golongan& golongan : catalogue_->golongan()) {
    ++(golongan.status == EmploymentStatus::kPns ? pns : pppk);
    EXPECT_EQ(golongan.provenance.mark, Mark::kUnverified);
  }
  EXPECT_EQ(pns, 17);
  EXPECT_EQ(pppk, 17);
  EXPECT_TRUE(catalogue_->CheckGolongan("IX", EmploymentStatus::kPppk).ok());
  EXPECT_TRUE(catalogue_->CheckGolongan("XVII", EmploymentStatus::kPppk).ok());
  EXPECT_TRUE(catalogue_->CheckGolongan("IV/e", EmploymentStatus::kPns).ok());
}

TEST_F(ShippedData, EveryElectionHasAPenetapanEverywhere) {
  ASSERT_EQ(catalogue_->elections().size(), 4u);
  for (const Election& election : catalogue_->elections()) {
    for (const Region& region : catalogue_->regions()) {
      EXPECT_NE(catalogue_->FindPeriod(election.code, region.code, ElectionStage::kPenetapan),
                nullptr);
    }
  }
  EXPECT_EQ(*catalogue_->Phase("PILKADA-2024", "13.04", Day(2024, 9, 21)),
            ElectionPhase::kBeforePenetapan);
  EXPECT_EQ(*catalogue_->Phase("PILKADA-2024", "13.04", Day(2024, 9, 22)),
            ElectionPhase::kFromPenetapan);
  EXPECT_EQ(*catalogue_->Regime("PEMILU-2024"), ElectionRegime::kPemilu);
}

TEST_F(ShippedData, EverySourceIsExplainedInTheReadme) {
  std::ifstream in(SELARAS_SOURCE_DIR "/deploy/reference/README.md");
  const std::string readme((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::set<std::string> explained;
  for (const absl::string_view line : absl::StrSplit(readme, '\n')) {
    const std::vector<absl::string_view> cells = absl::StrSplit(line, absl::MaxSplits('|', 2));
    if (cells.size() < 3 || !cells[0].empty()) continue;
    for (const absl::string_view key : absl::StrSplit(cells[1], ',')) {
      explained.emplace(absl::StripAsciiWhitespace(key));
    }
  }
  for (const auto& [name, text] : catalogue_->files()) {
    const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
    const std::vector<std::string> columns = absl::StrSplit(lines[0], '\t');
    const auto source = std::find(columns.begin(), columns.end(), "source") - columns.begin();
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::vector<std::string> fields = absl::StrSplit(lines[i], '\t');
      for (const absl::string_view key : absl::StrSplit(fields[source], ',', absl::SkipEmpty())) {
        EXPECT_EQ(explained.count(std::string(key)), 1u) << name << ":" << i + 1 << ": " << key;
      }
    }
  }
}

TEST_F(ShippedData, EveryListThatProgramsUseIsThere) {
  for (const absl::string_view list : {"source",          "motive",
                                       "blocker",         "return_reason",
                                       "position",        "mandate",
                                       "contest",         "report_part",
                                       "tracing_result",  "link_kind",
                                       "track",           "track_outcome",
                                       "other_body",      "handover_kind",
                                       "request_kind",    "request_answer_reason",
                                       "block_scope",     "block_trigger",
                                       "unblock_reason",  "escalation_rung",
                                       "closing_reason",  "refusal_reason",
                                       "appeal_outcome",  "revocation_reason",
                                       "leave_reason",    "respondent_role",
                                       "review_reason",   "dismissal_reason",
                                       "sbt_status",      "imposer",
                                       "sanction_target", "phase_override",
                                       "departure",       "check_purpose",
                                       "report_status",   "move_reason",
                                       "conflict_reason", "conflict_departure",
                                       "delivery_step",   "appeal_step",
                                       "hold_matter",     "erasure_ground",
                                       "read_purpose",    "break_glass_reason"}) {
    EXPECT_FALSE(catalogue_->CodesOf(list).empty()) << list;
  }
}

TEST_F(ShippedData, EveryElectionRunsThroughItsStagesInOrderWithoutAGapBeforeTheVote) {
  for (const Election& election : catalogue_->elections()) {
    const auto period = [&](ElectionStage stage) {
      return catalogue_->FindPeriod(election.code, "13.04", stage);
    };
    SCOPED_TRACE(election.code);
    EXPECT_LT(period(ElectionStage::kRegistration)->to, period(ElectionStage::kPenetapan)->from);
    EXPECT_LT(period(ElectionStage::kPenetapan)->to, period(ElectionStage::kCampaign)->from);
    EXPECT_EQ(period(ElectionStage::kCampaign)->to.DaysSinceEpoch() + 1,
              period(ElectionStage::kQuietDays)->from.DaysSinceEpoch());
    EXPECT_EQ(period(ElectionStage::kQuietDays)->to.DaysSinceEpoch() + 1,
              period(ElectionStage::kVoting)->from.DaysSinceEpoch());
    EXPECT_EQ(period(ElectionStage::kVoting)->from, period(ElectionStage::kCount)->from);
  }
}

TEST_F(ShippedData, EveryMandateSaysWhatItMaySignAndEveryConflictIsMarkedAsOne) {
  for (const Code& mandate : catalogue_->CodesOf("mandate")) {
    EXPECT_NE(catalogue_->FindMandate(mandate.code), nullptr) << mandate.code;
  }
  for (const Conflict& conflict : catalogue_->conflicts()) {
    EXPECT_EQ(conflict.provenance.mark, Mark::kConflict) << conflict.id;
  }
}

TEST_F(ShippedData, EveryRowOfViolationsThatIsInConflictSaysWhichOne) {
  for (const Violation& violation : catalogue_->violations()) {
    if (violation.provenance.mark == Mark::kConflict) {
      EXPECT_FALSE(catalogue_->ConflictsOf("violations", violation.code).empty());
    }
  }
}

TEST_F(ShippedData, EverySubstituteReplacesASanctionOfItsLevel) {
  int substitutes = 0;
  for (const Sanction& sanction : catalogue_->sanctions()) {
    if (sanction.replaces.empty()) continue;
    ++substitutes;
    EXPECT_EQ(catalogue_->FindSanction(sanction.replaces)->level, sanction.level);
  }
  EXPECT_EQ(substitutes, 3);
}

TEST_F(ShippedData, EveryPublicWordOfSbtStandsForSomeState) {
  for (const Code& word : catalogue_->CodesOf("sbt_status")) {
    const auto states = catalogue_->sbt_states();
    EXPECT_TRUE(std::any_of(states.begin(), states.end(), [&](const SbtState& row) {
      return row.status == word.code;
    })) << word.code;
  }
}

TEST_F(ShippedData, AnAppealHasFiveOutcomesAndABlockTwoTriggers) {
  EXPECT_EQ(catalogue_->CodesOf("appeal_outcome").size(), 5u);
  EXPECT_EQ(catalogue_->CodesOf("block_trigger").size(), 2u);
}

TEST_F(ShippedData, WhoDecidesInsteadOfAPpkInConflictIsMarkedAsUnverified) {
  for (const Authority& authority : catalogue_->authorities()) {
    if (authority.role != AuthorityRole::kSanction) continue;
    const Alternate* instead = catalogue_->AlternateOf(authority.id, Day(2024, 10, 21));
    ASSERT_EQ(instead != nullptr, !authority.region.empty()) << authority.id;
    if (instead == nullptr) continue;  // of a ministry nothing was found
    const bool province = authority.region.size() == 2;
    EXPECT_EQ(instead->alternate,
              province ? "ppk/kemendagri" : absl::StrCat("ppk/", authority.region.substr(0, 2)));
    EXPECT_EQ(instead->provenance.mark, Mark::kUnverified) << authority.id;
  }
}

TEST_F(ShippedData, HasTheDeadlinesAndTheRulesAboutWhoMayImpose) {
  EXPECT_EQ(catalogue_->deadlines().size(), 34u);
  EXPECT_EQ(catalogue_->imposer_rules().size(), 25u);
  EXPECT_NE(catalogue_->FindHoliday(Day(2024, 11, 27)), nullptr);
}

TEST_F(ShippedData, EveryReadingOfAConflictIsARowAndOnlyTheFirstHasRungs) {
  for (const Deadline& deadline : catalogue_->deadlines()) {
    if (!deadline.conflict.empty()) {
      const auto conflicts = catalogue_->ConflictsOf("deadlines", deadline.id);
      ASSERT_EQ(conflicts.size(), 1u) << deadline.id;
      EXPECT_EQ(conflicts[0]->id, deadline.conflict);
    }
    const Deadline* other = catalogue_->FindDeadline(deadline.id + "b");
    ASSERT_EQ(other != nullptr, !deadline.conflict.empty() && !deadline.id.ends_with('b'))
        << deadline.id;
    if (other == nullptr) continue;
    EXPECT_EQ(other->conflict, deadline.conflict) << deadline.id;
    EXPECT_EQ(other->provenance.mark, Mark::kConflict) << deadline.id;
    EXPECT_TRUE(other->rungs.empty()) << deadline.id;
    EXPECT_TRUE(other->unit != deadline.unit || other->count != deadline.count) << deadline.id;
  }
}

TEST_F(ShippedData, NoLimitForAPpkToActIsSetToday) {
  EXPECT_TRUE(catalogue_->follow_ups().empty());
  EXPECT_EQ(catalogue_->FollowUpOf("ppk/13.04"), nullptr);
  for (const Deadline& deadline : catalogue_->deadlines()) {
    if (deadline.on != std::vector<std::string>{"recommendation_received"}) continue;
    EXPECT_FALSE(IsValidOn(deadline, Day(2024, 11, 1))) << deadline.id;
  }
}

// As each publisher's own parts add up, so a slip of the pen in the table is found.
TEST_F(ShippedData, PublishedFiguresAddUpWhereTheirPublishersDo) {
  std::map<std::string, int> value;
  for (const PublishedFigure& figure : catalogue_->published_figures()) {
    int number = 0;
    if (absl::SimpleAtoi(figure.value, &number)) value[figure.id] = number;
  }
  EXPECT_EQ(value["ST-008"] + value["ST-013"] + value["ST-014"], value["ST-007"]);
  EXPECT_EQ(value["ST-008"] - value["ST-009"], value["ST-015"]);
  EXPECT_EQ(value["ST-124"] - value["ST-125"], value["ST-126"]);
  EXPECT_EQ(value["ST-127"] + value["ST-128"], value["ST-126"]);
  EXPECT_EQ(value["ST-113"] + value["ST-114"], value["ST-115"] + value["ST-116"] + value["ST-117"]);
  EXPECT_EQ(value["ST-079"] + value["ST-080"], value["ST-081"] + value["ST-082"] + value["ST-083"]);
  EXPECT_EQ(value["ST-100"] + value["ST-101"] + value["ST-102"] + value["ST-103"] + value["ST-104"],
            value["ST-099"]);
  EXPECT_EQ(value["ST-087"] + value["ST-088"], value["ST-086"]);
  EXPECT_EQ(value["ST-090"] + value["ST-091"] + value["ST-092"], value["ST-089"]);
  int sumbar = 0;
  for (int row = 130; row <= 140; ++row) sumbar += value[absl::StrCat("ST-", row)];
  EXPECT_EQ(sumbar, 19);
}

TEST_F(ShippedData, TheRegionsThatVotedIn2020AreInConflict) {
  for (const absl::string_view row : {"ST-141", "ST-142"}) {
    const auto conflicts = catalogue_->ConflictsOf("stats", row);
    ASSERT_EQ(conflicts.size(), 1u) << row;
    EXPECT_EQ(conflicts[0]->id, "X-03");
  }
}

TEST_F(ShippedData, EveryProvinceHasItsZone) {
  EXPECT_EQ(catalogue_->ZoneOf("13.04"), TimeZone::kWib);
  EXPECT_EQ(catalogue_->ZoneOf("62"), TimeZone::kWib);
  EXPECT_EQ(catalogue_->ZoneOf("63"), TimeZone::kWita);
  EXPECT_EQ(catalogue_->ZoneOf("73.71"), TimeZone::kWita);
  EXPECT_EQ(catalogue_->ZoneOf("82"), TimeZone::kWit);
  EXPECT_EQ(catalogue_->ZoneOf("96"), TimeZone::kWit);
  EXPECT_EQ(catalogue_->ZoneOf(""), TimeZone::kWib) << "a national office";
}

}  // namespace
}  // namespace selaras::reference
