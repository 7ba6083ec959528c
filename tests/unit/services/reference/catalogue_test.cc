#include "services/reference/catalogue.h"

#include <memory>

#include <gtest/gtest.h>

#include "minimal_catalogue.h"

namespace selaras::reference {
namespace {

LocalDate Day(int year, int month, int day) { return *LocalDate::Of(year, month, day); }

class CatalogueLookups : public testing::Test {
 protected:
  std::shared_ptr<const Catalogue> catalogue_ = *Catalogue::FromFiles(MinimalFiles());
};

TEST_F(CatalogueLookups, ARegionKnowsItsLevelAndItsProvince) {
  const Region* region = catalogue_->FindRegion("13.04");
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->name, "Kabupaten Tanah Datar");
  EXPECT_EQ(region->level, RegionLevel::kKabupaten);
  EXPECT_EQ(region->parent, "13");
  EXPECT_EQ(region->provenance.mark, Mark::kVerified);
  EXPECT_EQ(region->provenance.source, "W1");
  EXPECT_EQ(catalogue_->FindRegion("13.4"), nullptr);
  EXPECT_EQ(catalogue_->FindRegion(""), nullptr);
}

TEST_F(CatalogueLookups, APatternStandsForEveryRegionOfItsLevelAndTakesItsName) {
  const Authority* bawaslu = catalogue_->FindAuthority("bawaslu/13");
  ASSERT_NE(bawaslu, nullptr);
  EXPECT_EQ(bawaslu->name, "Bawaslu Provinsi Sumatera Barat");
  EXPECT_EQ(bawaslu->role, AuthorityRole::kIntake);
  EXPECT_EQ(bawaslu->region, "13");
  EXPECT_NE(catalogue_->FindAuthority("bawaslu/73"), nullptr);
  EXPECT_EQ(catalogue_->FindAuthority("bawaslu/13.04"), nullptr);
  EXPECT_EQ(catalogue_->FindAuthority("bawaslu/99"), nullptr);
  EXPECT_EQ(catalogue_->FindAuthority("bawaslu/{PP}"), nullptr);
  EXPECT_EQ(catalogue_->FindAuthority("ppk/13.04")->name, "Pemerintah Kabupaten Tanah Datar");
  EXPECT_EQ(catalogue_->FindAuthority("ppk/13"), nullptr);
}

TEST_F(CatalogueLookups, ARowThatIsWrittenOutWinsOverItsPattern) {
  EXPECT_EQ(catalogue_->FindAuthority("ppk/73.71")->name, "Pemerintah yang lain");
}

TEST_F(CatalogueLookups, SuccessionIsReflexiveAndHasADirection) {
  EXPECT_TRUE(catalogue_->IsSuccessorOf("bkn", "kasn"));
  EXPECT_TRUE(catalogue_->IsSuccessorOf("kasn", "kasn"));
  EXPECT_TRUE(catalogue_->IsSuccessorOf("ppk/13.04", "ppk/13.04"));
  EXPECT_FALSE(catalogue_->IsSuccessorOf("kasn", "bkn"));
  EXPECT_FALSE(catalogue_->IsSuccessorOf("bkn", "bawaslu/13"));
  EXPECT_FALSE(catalogue_->IsSuccessorOf("nobody", "nobody"));
  EXPECT_FALSE(catalogue_->IsSuccessorOf("bkn", "nobody"));
  EXPECT_FALSE(catalogue_->IsSuccessorOf("", ""));
}

TEST_F(CatalogueLookups, AnOfficeStandsAboveThoseOfTheRegionsInIts) {
  const auto with_local = Catalogue::FromFiles(MinimalFilesWith(
      "authorities.tsv", "bkn|Badan|referral||2024-08-24|||V|D|\n",
      "bkn|Badan|referral||2024-08-24|||V|D|\nbawaslu/ri|Bawaslu|intake|||||R||\n"
      "bawaslu/13.04|Kabupaten|intake|13.04||||R||\nbawaslu/73.71|Lain|intake|73.71||||R||\n"));
  ASSERT_TRUE(with_local.ok()) << with_local.status();
  const Catalogue& offices = **with_local;
  EXPECT_TRUE(offices.IsAbove("bawaslu/ri", "bawaslu/13"));
  EXPECT_TRUE(offices.IsAbove("bawaslu/ri", "bawaslu/13.04"));
  EXPECT_TRUE(offices.IsAbove("bawaslu/13", "bawaslu/13.04"));
  EXPECT_FALSE(offices.IsAbove("bawaslu/13.04", "bawaslu/13"));
  EXPECT_FALSE(offices.IsAbove("bawaslu/13.04", "bawaslu/73.71"));
  EXPECT_FALSE(offices.IsAbove("bawaslu/13", "bawaslu/13"));
  EXPECT_FALSE(offices.IsAbove("bawaslu/13", "bawaslu/ri"));
  EXPECT_FALSE(offices.IsAbove("bawaslu/ri", "bawaslu/ri"));
  EXPECT_FALSE(offices.IsAbove("bkn", "bawaslu/13")) << "no office of Bawaslu";
  EXPECT_FALSE(offices.IsAbove("bawaslu/13", "ppk/13.04"));
  EXPECT_FALSE(offices.IsAbove("bawaslu/ri", "nobody"));
}

TEST_F(CatalogueLookups, SuccessionGoesOnThroughOthers) {
  const auto longer = Catalogue::FromFiles(
      MinimalFilesWith("authorities.tsv", "bkn|Badan|referral||2024-08-24|||V|D|\n",
                       "bkn|Badan|referral||2024-08-24|2027-10-15|merit|V|D|\n"
                       "merit|Lembaga independen|referral||2027-10-16|||R||\n"));
  ASSERT_TRUE(longer.ok()) << longer.status();
  EXPECT_TRUE((*longer)->IsSuccessorOf("merit", "kasn"));
  EXPECT_TRUE((*longer)->IsSuccessorOf("merit", "bkn"));
  EXPECT_FALSE((*longer)->IsSuccessorOf("kasn", "merit"));
  EXPECT_EQ((*longer)->ReferralAuthorityOn(Day(2027, 10, 15))->id, "bkn");
  EXPECT_EQ((*longer)->ReferralAuthorityOn(Day(2027, 10, 16))->id, "merit");
}

TEST_F(CatalogueLookups, TheDayOnWhichKasnStoppedIsBkns) {
  EXPECT_EQ(catalogue_->ReferralAuthorityOn(Day(2024, 8, 23))->id, "kasn");
  EXPECT_EQ(catalogue_->ReferralAuthorityOn(Day(2024, 8, 24))->id, "bkn");
  EXPECT_EQ(catalogue_->ReferralAuthorityOn(Day(2014, 9, 30))->id, "kasn");
  EXPECT_EQ(catalogue_->ReferralAuthorityOn(Day(2014, 9, 29)), nullptr);
  EXPECT_EQ(catalogue_->ReferralAuthorityOn(Day(2100, 1, 1))->id, "bkn");
}

TEST_F(CatalogueLookups, ASanctionIsValidOnItsFirstAndItsLastDay) {
  const Sanction* old_one = catalogue_->FindSanction("L-B1");
  ASSERT_NE(old_one, nullptr);
  EXPECT_FALSE(IsValidOn(*old_one, Day(2010, 6, 5)));
  EXPECT_TRUE(IsValidOn(*old_one, Day(2010, 6, 6)));
  EXPECT_TRUE(IsValidOn(*old_one, Day(2021, 8, 30)));
  EXPECT_FALSE(IsValidOn(*old_one, Day(2021, 8, 31)));
  EXPECT_EQ(old_one->duration_months, 36);
  const Sanction* open = catalogue_->FindSanction("R-1");
  EXPECT_TRUE(IsValidOn(*open, Day(9999, 12, 31)));
  EXPECT_FALSE(open->duration_months.has_value());
  EXPECT_EQ(catalogue_->FindSanction("r-1"), nullptr);
}

TEST_F(CatalogueLookups, AViolationKeepsItsClassPhaseLevelAndTags) {
  const Violation* ethics = catalogue_->FindViolation("KE-01");
  ASSERT_NE(ethics, nullptr);
  EXPECT_EQ(ethics->violation_class, ViolationClass::kEthics);
  EXPECT_EQ(ethics->phase, ViolationPhase::kBeforePenetapan);
  EXPECT_EQ(ethics->sanction_level, SanctionLevel::kLight);
  EXPECT_EQ(ethics->tags, (std::vector<std::string>{"a", "b"}));
  const Violation* discipline = catalogue_->FindViolation("HD-12");
  EXPECT_EQ(discipline->violation_class, ViolationClass::kDiscipline);
  EXPECT_EQ(discipline->phase, ViolationPhase::kAny);
  EXPECT_TRUE(discipline->tags.empty());
  EXPECT_EQ(discipline->provenance.mark, Mark::kConflict);
  EXPECT_EQ(catalogue_->FindViolation("HD-99"), nullptr);
}

TEST_F(CatalogueLookups, AClauseWhoseSplitIsUnknownHasTwoLevels) {
  EXPECT_EQ(catalogue_->FindClause("N-1")->levels,
            (std::vector<SanctionLevel>{SanctionLevel::kLight, SanctionLevel::kSevere}));
  EXPECT_EQ(catalogue_->FindClause("N-2")->levels,
            std::vector<SanctionLevel>{SanctionLevel::kSevere});
}

TEST_F(CatalogueLookups, CodesAreFoundWithinTheirListOnly) {
  EXPECT_EQ(catalogue_->FindCode("motive", "karier")->text, "Karier");
  EXPECT_EQ(catalogue_->FindCode("return_reason", "karier"), nullptr);
  EXPECT_EQ(catalogue_->FindCode("motives", "karier"), nullptr);
  ASSERT_EQ(catalogue_->CodesOf("motive").size(), 2u);
  EXPECT_EQ(catalogue_->CodesOf("motive")[1].code, "utang_budi");
  EXPECT_TRUE(catalogue_->CodesOf("nothing").empty());
}

TEST_F(CatalogueLookups, ACodeIsAlsoFoundByTheWordsThatPeopleWrite) {
  EXPECT_EQ(catalogue_->FindCodeOrText("return_reason", "bukti_kurang")->code, "bukti_kurang");
  EXPECT_EQ(catalogue_->FindCodeOrText("return_reason", "bukti belum lengkap")->code,
            "bukti_kurang");
  EXPECT_EQ(catalogue_->FindCodeOrText("return_reason", "BUKTI_KURANG")->code, "bukti_kurang");
  EXPECT_EQ(catalogue_->FindCodeOrText("return_reason", "bukti"), nullptr);
}

TEST_F(CatalogueLookups, AGolonganBelongsToOneEmploymentStatus) {
  EXPECT_TRUE(catalogue_->CheckGolongan("III/d", EmploymentStatus::kPns).ok());
  EXPECT_TRUE(catalogue_->CheckGolongan("IX", EmploymentStatus::kPppk).ok());
  EXPECT_EQ(catalogue_->CheckGolongan("IX", EmploymentStatus::kPns).message(),
            "golongan IX is of PPPK, not of PNS; correct one of the two");
  EXPECT_EQ(catalogue_->CheckGolongan("III/d", EmploymentStatus::kPppk).message(),
            "golongan III/d is of PNS, not of PPPK; correct one of the two");
  EXPECT_EQ(catalogue_->CheckGolongan("V/z", EmploymentStatus::kPns).message(),
            "unknown golongan \"V/z\"; write e.g. III/d for PNS or IX for PPPK");
}

TEST_F(CatalogueLookups, DeadlinesAndImposersAreLoadedAsRows) {
  ASSERT_EQ(catalogue_->deadlines().size(), 3u);
  EXPECT_EQ(catalogue_->FindDeadline("D-01")->unit, DeadlineUnit::kWorkingDays);
  EXPECT_EQ(catalogue_->FindDeadline("D-02")->count, 72);
  EXPECT_EQ(catalogue_->FindDeadline("D-02")->unit, DeadlineUnit::kHours);
  ASSERT_EQ(catalogue_->imposer_rules().size(), 2u);
  const ImposerRule& rule = catalogue_->imposer_rules()[0];
  EXPECT_EQ(rule.governments,
            (std::vector<GovernmentLevel>{GovernmentLevel::kCentral, GovernmentLevel::kRegency}));
  ASSERT_EQ(rule.levels.size(), 2u);
  EXPECT_TRUE(rule.levels[0].sanctions.empty());
  EXPECT_EQ(rule.levels[1].level, SanctionLevel::kSevere);
  EXPECT_EQ(rule.levels[1].sanctions, std::vector<std::string>{"L-B1"});
}

TEST_F(CatalogueLookups, AnAgencyIsFoundHoweverItsNameIsWritten) {
  const Agency* agency = catalogue_->FindAgency("  bkpsdm  Kabupaten\u00A0Tanah Datar. ");
  ASSERT_NE(agency, nullptr);
  EXPECT_EQ(agency->name, "BKPSDM Kabupaten Tanah Datar");
  EXPECT_EQ(agency->authority, "ppk/13.04");
  EXPECT_EQ(agency->region, "13.04");
  EXPECT_EQ(catalogue_->FindAgency("kementerian")->authority, "ppk/73.71");
  EXPECT_EQ(catalogue_->FindAgency("BKPSDM"), nullptr);
}

TEST_F(CatalogueLookups, BawaslusOfficeCodesAreNotTheMinistrysRegions) {
  EXPECT_EQ(catalogue_->FindBawasluOffice("03.19")->region, "13.04");
  EXPECT_FALSE(IsValidOn(*catalogue_->FindBawasluOffice("03.19"), Day(2024, 1, 1)));
  EXPECT_EQ(catalogue_->FindBawasluOffice("13.04"), nullptr);
}

TEST_F(CatalogueLookups, TheWordOfSbtFollowsTheReasonWhereARowHasIt) {
  EXPECT_EQ(catalogue_->FindSbtState("dismissed", "batal")->status, "batal");
  EXPECT_EQ(catalogue_->FindSbtState("dismissed", "lain")->status, "tidak");
  EXPECT_EQ(catalogue_->FindSbtState("dismissed", "")->status, "tidak");
  EXPECT_EQ(catalogue_->FindSbtState("named", ""), nullptr);
}

TEST_F(CatalogueLookups, AConflictIsFoundByEachOfItsRows) {
  ASSERT_EQ(catalogue_->ConflictsOf("violations", "HD-12").size(), 1u);
  EXPECT_EQ(catalogue_->ConflictsOf("violations", "HD-12")[0]->id, "X-01");
  EXPECT_TRUE(catalogue_->ConflictsOf("violations", "HD-11").empty());
  EXPECT_TRUE(catalogue_->ConflictsOf("sanctions", "HD-12").empty());
}

TEST_F(CatalogueLookups, RulesMandatesAndPairsAreLoadedAsRows) {
  EXPECT_EQ(catalogue_->FindRule("one_heaviest")->basis, "PP 94");
  EXPECT_EQ(catalogue_->FindMandate("plt")->levels,
            std::vector<SanctionLevel>{SanctionLevel::kLight});
  EXPECT_EQ(catalogue_->FindMandate("plh"), nullptr);
  ASSERT_EQ(catalogue_->violation_pairs().size(), 1u);
  EXPECT_FALSE(catalogue_->violation_pairs()[0].whole);
  ASSERT_EQ(catalogue_->pppk_sanctions().size(), 1u);
  EXPECT_FALSE(IsValidOn(catalogue_->pppk_sanctions()[0], Day(2018, 11, 27)));
}

TEST_F(CatalogueLookups, ADeadlineSaysHowAMachineReadsIt) {
  const Deadline& working = *catalogue_->FindDeadline("D-01");
  EXPECT_EQ(working.on, (std::vector<std::string>{"report_known", "finding_known"}));
  EXPECT_EQ(working.met_by, (std::vector<std::string>{"report_received"}));
  EXPECT_EQ(working.count_from, CountFrom::kNextDay);
  EXPECT_EQ(working.duty, DeadlineRole::kReporter);
  EXPECT_EQ(working.watcher, DeadlineRole::kIntake);
  EXPECT_EQ(working.rungs, (std::vector<int>{-2, 0, 7}));
  EXPECT_TRUE(IsValidOn(working, *LocalDate::ParseIso("2017-08-16")));
  EXPECT_FALSE(IsValidOn(working, *LocalDate::ParseIso("2017-08-15")));
  EXPECT_TRUE(IsValidOn(working, *LocalDate::ParseIso("2030-01-01")));
  EXPECT_FALSE(IsValidOn(working, *LocalDate::ParseIso("2030-01-02")));
  const Deadline& effect = *catalogue_->FindDeadline("D-03");
  EXPECT_TRUE(effect.on.empty());
  EXPECT_EQ(effect.on_due_of, "D-01");
  EXPECT_EQ(effect.only_if, DeadlineCondition::kAppealRoute);
  EXPECT_EQ(effect.count_from, CountFrom::kSameDay);
  EXPECT_EQ(effect.suspended_by, (std::vector<std::string>{"appeal_filed"}));
  EXPECT_EQ(effect.conflict, "X-05");
  EXPECT_EQ(catalogue_->FindDeadline("D-02")->count_from, CountFrom::kInstant);
}

TEST_F(CatalogueLookups, AFollowUpLimitOfAnAuthorityWinsOverThatOfAll) {
  EXPECT_EQ(catalogue_->FollowUpOf("ppk/13.04")->count, 10);
  EXPECT_EQ(catalogue_->FollowUpOf("ppk/73.71")->count, 20);
  EXPECT_EQ(catalogue_->FollowUpOf("ppk/13.04")->id, "D-29");
  EXPECT_EQ(catalogue_->FollowUpOf("ppk/13.04")->watcher, DeadlineRole::kReferral);
}

TEST_F(CatalogueLookups, AYearIsCompleteOnlyIfTheTableSaysSo) {
  EXPECT_TRUE(catalogue_->IsCalendarComplete(2024));
  EXPECT_FALSE(catalogue_->IsCalendarComplete(2025));
  EXPECT_FALSE(catalogue_->IsCalendarComplete(2026)) << "not in the table";
}

TEST_F(CatalogueLookups, ARegionHasTheZoneOfItsProvince) {
  EXPECT_EQ(catalogue_->ZoneOf("73.71"), TimeZone::kWita);
  EXPECT_EQ(catalogue_->ZoneOf("73"), TimeZone::kWita);
  EXPECT_EQ(catalogue_->ZoneOf("13.04"), TimeZone::kWib);
  EXPECT_EQ(catalogue_->ZoneOf("99"), TimeZone::kWib);
  EXPECT_EQ(ParseTimeZone("WIT"), TimeZone::kWit);
  EXPECT_EQ(ParseTimeZone("UTC"), std::nullopt);
  EXPECT_EQ(HoursEastOfUtc(TimeZone::kWib), 7);
  EXPECT_EQ(HoursEastOfUtc(TimeZone::kWit), 9);
}

TEST(CatalogueWords, EveryValueIsNamedByTheWordOfItsTable) {
  EXPECT_EQ(NameOf(Mark::kSecondary), "V2");
  EXPECT_EQ(NameOf(RegionLevel::kKota), "kota");
  EXPECT_EQ(NameOf(AuthorityRole::kReferral), "referral");
  EXPECT_EQ(NameOf(ViolationClass::kEthics), "kode_etik");
  EXPECT_EQ(NameOf(ViolationPhase::kFromPenetapan), "pasca_penetapan");
  EXPECT_EQ(NameOf(SanctionLevel::kDishonourable), "ptdh");
  EXPECT_EQ(NameOf(EmploymentStatus::kPppk), "PPPK");
  EXPECT_EQ(NameOf(AppealRoute::kAppeal), "banding");
  EXPECT_EQ(NameOf(ElectionRegime::kPemilihan), "pemilihan");
  EXPECT_EQ(NameOf(ElectionStage::kVoting), "pemungutan");
  EXPECT_EQ(NameOf(ElectionStage::kRevote), "psu");
  EXPECT_EQ(NameOf(GovernmentLevel::kRegency), "kabkota");
  EXPECT_EQ(NameOf(CountFrom::kSameDay), "same_day");
  EXPECT_EQ(NameOf(DeadlineRole::kBpasn), "bpasn");
  EXPECT_EQ(NameOf(DeadlineCondition::kNone), "");
  EXPECT_EQ(NameOf(DeadlineCondition::kAppealRoute), "route_banding");
  EXPECT_EQ(NameOf(TimeZone::kWita), "WITA");
  EXPECT_EQ(NameOf(ElectionPhase::kFromPenetapan), "from_penetapan");
  EXPECT_EQ(NameOf(HolidayKind::kJointLeave), "cuti_bersama");
  EXPECT_EQ(NameOf(DeadlineUnit::kWorkingDays), "hari_kerja");
}

TEST_F(CatalogueLookups, WhoDecidesInsteadDependsOnTheDay) {
  const auto day = [](int year) { return LocalDate::Of(year, 5, 1); };
  EXPECT_EQ(catalogue_->AlternateOf("ppk/13.04", day(2024))->alternate, "ppk/73.71");
  EXPECT_EQ(catalogue_->AlternateOf("ppk/13.04", day(2023)), nullptr);
  EXPECT_NE(catalogue_->AlternateOf("ppk/13.04", std::nullopt), nullptr);
  EXPECT_EQ(catalogue_->AlternateOf("bkn", day(2024)), nullptr);
}

}  // namespace
}  // namespace selaras::reference
