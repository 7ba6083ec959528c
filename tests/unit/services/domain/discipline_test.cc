// What the law has for a violation, who may impose it and who may sign.
#include "services/domain/discipline.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/domain/imposer.h"
#include "services/domain/routing.h"
#include "services/domain/transitions.h"

namespace selaras::domain {
namespace {

using reference::EmploymentStatus;
using reference::GovernmentLevel;
using reference::SanctionLevel;

std::optional<LocalDate> Day(absl::string_view iso) { return LocalDate::ParseIso(iso); }

std::string Codes(const std::vector<Notice>& notices) {
  std::vector<std::string> codes;
  for (const Notice& notice : notices) codes.push_back(notice.code);
  return absl::StrJoin(codes, " ");
}

class Law : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    catalogue_ = new std::shared_ptr<const reference::Catalogue>(*std::move(loaded));
  }
  static void TearDownTestSuite() { delete catalogue_; }
  static const reference::Catalogue& catalogue() { return **catalogue_; }

  static AdmissibleSanctions Admissible(const SanctionQuery& query) {
    auto found = FindAdmissibleSanctions(query, catalogue());
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : AdmissibleSanctions();
  }
  static std::string List(const AdmissibleSanctions& found) {
    std::vector<std::string> codes;
    for (const AdmissibleSanction& each : found.sanctions) {
      codes.push_back(each.replaced_by.empty() ? each.sanction->code
                                               : each.sanction->code + "->" + each.replaced_by);
    }
    return absl::StrJoin(codes, " ");
  }
  static std::string Imposers(const ImposerQuery& query) {
    const auto found = FindImposers(query, catalogue());
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> names;
    for (const ImposerOption& each : found->options) names.push_back(each.imposer);
    return absl::StrJoin(names, " ");
  }

 private:
  static inline std::shared_ptr<const reference::Catalogue>* catalogue_ = nullptr;
};

TEST_F(Law, TheDayOfTheActDecidesTheRegime) {
  EXPECT_EQ(List(Admissible({"HD-06", Day("2024-10-01")})), "B-1 B-2 B-3");
  EXPECT_EQ(List(Admissible({"HD-06", Day("2021-08-31")})), "B-1 B-2 B-3");
  EXPECT_EQ(List(Admissible({"HD-06", Day("2021-08-30")})), "L-B1 L-B2 L-B3 L-B4 L-B5");
  EXPECT_EQ(List(Admissible({"HD-06", Day("2010-06-05")})), "");
  EXPECT_EQ(List(Admissible({"KE-04", Day("2024-10-01")})), "M-T M-B");
  EXPECT_EQ(List(Admissible({"KE-04", Day("2020-10-01")})), "M-T M-B");
  EXPECT_EQ(List(Admissible({"HD-05", Day("2024-10-01")})), "X-PTDH");
  EXPECT_EQ(Codes(Admissible({"HD-12", Day("2024-10-01")}).notices), "");
  EXPECT_EQ(Codes(Admissible({"HD-12", Day("2020-10-01")}).notices), "LEVEL_OF_LATER_RULE");
  EXPECT_EQ(Codes(Admissible({"HD-12", Day("2010-06-05")}).notices),
            "LEVEL_OF_LATER_RULE NO_SANCTION");
}

TEST_F(Law, AnUnknownDayListsAllRegimesAndSaysSo) {
  const AdmissibleSanctions all = Admissible({"HD-12", std::nullopt});
  EXPECT_EQ(List(all), "B-1 B-2 B-3 L-B1 L-B2 L-B3 L-B4 L-B5");
  EXPECT_EQ(Codes(all.notices), "ACT_DATE_OPEN");
}

TEST_F(Law, WhileTheCutIsNotInForceItsSubstitutesAre) {
  EXPECT_EQ(List(Admissible({"HD-09", Day("2024-10-01")})),
            "S-1->S-T1 S-2->S-T2 S-3->S-T3 S-T1 S-T2 S-T3");
  const auto cut = CheckSanctionFits({"HD-09", Day("2024-10-01")}, "S-1", catalogue());
  EXPECT_FALSE(cut->fits);
  EXPECT_EQ(cut->notices[0].code, "SANCTION_NOT_IN_FORCE");
  EXPECT_EQ(Describe(cut->notices[0].grounds[0]), "PP 94/2021 Ps 42; PerBKN 6/2022 Ps 62 [V2 L1]");
  EXPECT_TRUE(CheckSanctionFits({"HD-09", Day("2024-10-01")}, "S-T1", catalogue())->fits);
}

TEST_F(Law, ASanctionThatDoesNotFitSaysWhy) {
  const SanctionQuery query = {"HD-12", Day("2024-10-01")};
  const auto why = [&](absl::string_view code) {
    return CheckSanctionFits(query, code, catalogue())->notices.at(0);
  };
  EXPECT_EQ(why("R-1").code, "SANCTION_LEVEL");
  EXPECT_EQ(why("R-1").text, "R-1 is ringan, HD-12 leads to berat");
  EXPECT_EQ(why("L-B1").code, "SANCTION_REGIME");
  EXPECT_EQ(why("L-B1").text, "L-B1 (PP53/2010) did not hold on 2024-10-01, the day of the act");
  EXPECT_EQ(why("P-B1").code, "SANCTION_STATUS");
  EXPECT_TRUE(CheckSanctionFits(query, "B-2", catalogue())->fits);
  EXPECT_FALSE(CheckSanctionFits(query, "B-9", catalogue()).ok());
  EXPECT_FALSE(CheckSanctionFits({"HD-99", {}}, "B-1", catalogue()).ok());
}

// CheckSanctionFits accepts exactly what FindAdmissibleSanctions lists as in force.
TEST_F(Law, WhatIsListedFitsAndNothingElse) {
  for (const reference::Violation& violation : catalogue().violations()) {
    for (const char* day : {"2009-01-01", "2020-10-01", "2021-08-30", "2021-08-31", "2024-10-01"}) {
      for (const auto status : {EmploymentStatus::kPns, EmploymentStatus::kPppk}) {
        for (const char* ppk : {"", "ppk/33.21"}) {
          const SanctionQuery query = {violation.code, Day(day), status, ppk};
          const AdmissibleSanctions found = Admissible(query);
          for (const reference::Sanction& sanction : catalogue().sanctions()) {
            const bool listed =
                std::any_of(found.sanctions.begin(), found.sanctions.end(), [&](const auto& each) {
                  return each.sanction == &sanction && each.replaced_by.empty();
                });
            EXPECT_EQ(CheckSanctionFits(query, sanction.code, catalogue())->fits, listed)
                << violation.code << " " << sanction.code << " " << day;
          }
        }
      }
    }
  }
}

TEST_F(Law, PppkHaveTheTableOfTheirAgency) {
  const SanctionQuery demak = {"HD-12", Day("2024-10-01"), EmploymentStatus::kPppk, "ppk/33.21"};
  const AdmissibleSanctions own = Admissible(demak);
  EXPECT_EQ(List(own), "P-B1 P-B2");
  EXPECT_EQ(Describe(own.sanctions[0].ground),
            "PP 49/2018 Ps 51-52; aturan Kabupaten Demak [V L3]");
  EXPECT_EQ(Codes(own.notices), "CONFLICT CONFLICT") << "the first days are not verified";
  SanctionQuery other = demak;
  other.ppk = "ppk/13.04";
  EXPECT_EQ(List(Admissible(other)), "P-B1 P-B2");
  EXPECT_EQ(Codes(Admissible(other).notices), "CONFLICT CONFLICT PPPK_TABLE_OPEN");
}

TEST_F(Law, SeveralViolationsLeadToOneSanctionOfTheHeaviestLevel) {
  const auto heaviest = [&](const std::vector<std::string>& codes) {
    return FindHeaviest(codes, catalogue());
  };
  const auto three = heaviest({"KE-04", "HD-06", "HD-12"});
  EXPECT_EQ(three->violation->code, "HD-06") << "the first of the heaviest";
  EXPECT_EQ(three->reason, "of 3 violations HD-06 is the heaviest: berat");
  EXPECT_EQ(Describe(three->grounds[0]), "PP 94/2021 [V2 L1]");
  EXPECT_EQ(heaviest({"HD-06", "HD-05"})->violation->code, "HD-05");
  EXPECT_EQ(heaviest({"KE-04"})->violation->sanction_level, SanctionLevel::kMoral);
  EXPECT_EQ(Codes(heaviest({"KE-07", "HD-03"})->notices), "CONFLICT");
  EXPECT_FALSE(heaviest({}).ok());
  EXPECT_FALSE(heaviest({"HD-06", "HD-99"}).ok());
}

TEST_F(Law, TheImposerFollowsPositionGovernmentAndLevel) {
  const auto kCentral = GovernmentLevel::kCentral;
  const auto kProvince = GovernmentLevel::kProvince;
  const auto kRegency = GovernmentLevel::kRegency;
  const struct {
    const char* position;
    GovernmentLevel government;
    const char* sanction;
    const char* imposers;
  } kTable[] = {
      {"jpt_utama", kCentral, "B-1", "presiden"},
      {"jpt_pratama", kProvince, "R-1", "jpt_madya"},
      {"jpt_pratama", kProvince, "S-T1", "ppk"},
      {"jpt_pratama", kRegency, "R-1", "ppk"},
      {"jpt_pratama", kRegency, "B-3", "ppk"},
      {"administrator", kRegency, "R-2", "jpt_pratama"},
      {"administrator", kRegency, "S-T2", "ppk"},
      {"administrator", kProvince, "S-T2", "jpt_madya"},
      {"administrator", kCentral, "B-2", "ppk"},
      {"pengawas", kRegency, "R-1", "administrator"},
      {"pengawas", kProvince, "S-1", "jpt_pratama"},
      {"pelaksana", kRegency, "R-3", "pengawas"},
      {"pelaksana", kProvince, "S-T1", "administrator"},
      {"pelaksana", kRegency, "B-3", "ppk"},
      {"pelaksana", kRegency, "M-T", "ppk"},
      {"pelaksana", kRegency, "L-B1", ""},
  };
  for (const auto& row : kTable) {
    EXPECT_EQ(Imposers({.position = row.position,
                        .expert_main = {},
                        .heads_agency = {},
                        .government = row.government,
                        .sanction = row.sanction}),
              row.imposers)
        << row.position << " " << row.sanction;
  }
}

TEST_F(Law, APositionThatDoesNotDecideAloneIsSaid) {
  ImposerQuery query{.position = "fungsional",
                     .expert_main = {},
                     .heads_agency = {},
                     .government = GovernmentLevel::kProvince,
                     .sanction = "B-1"};
  EXPECT_EQ(Codes(FindImposers(query, catalogue())->notices), "TARGET_OPEN");
  EXPECT_EQ(Imposers(query), "ppk ppk");
  query.sanction = "B-3";
  EXPECT_EQ(Imposers(query), "presiden ppk");
  query.expert_main = true;
  EXPECT_EQ(Imposers(query), "presiden");
  query.expert_main = false;
  EXPECT_EQ(Imposers(query), "ppk");
  query = {.position = "jpt_madya",
           .expert_main = {},
           .heads_agency = true,
           .government = GovernmentLevel::kCentral,
           .sanction = "B-1"};
  EXPECT_EQ(Imposers(query), "presiden");
  query.heads_agency = false;
  EXPECT_EQ(Imposers(query), "ppk");
}

TEST_F(Law, ThePpkWhoMayGainIsFlaggedAndAMissingTableIsSaid) {
  const auto sekda = FindImposers({.position = "jpt_pratama",
                                   .expert_main = {},
                                   .heads_agency = {},
                                   .government = GovernmentLevel::kRegency,
                                   .sanction = "B-1"},
                                  catalogue());
  EXPECT_EQ(Codes(sekda->notices), "PPK_INTEREST");
  const auto old_law = FindImposers({.position = "pelaksana",
                                     .expert_main = {},
                                     .heads_agency = {},
                                     .government = GovernmentLevel::kRegency,
                                     .sanction = "L-B1"},
                                    catalogue());
  EXPECT_EQ(Codes(old_law->notices), "NO_IMPOSER_TABLE");
  EXPECT_FALSE(FindImposers({.position = "lurah", .sanction = "B-1"}, catalogue()).ok());
}

TEST_F(Law, AnActingOfficialSignsOnlyLightOnes) {
  for (const char* mandate : {"plt", "plh"}) {
    EXPECT_TRUE(CheckMandate(mandate, SanctionLevel::kLight, catalogue())->may_sign);
    const auto heavy = CheckMandate(mandate, SanctionLevel::kSevere, catalogue());
    EXPECT_FALSE(heavy->may_sign);
    EXPECT_EQ(Codes(heavy->notices), "MANDATE_TOO_WEAK");
    EXPECT_EQ(heavy->grounds[1].provenance.mark, reference::Mark::kUnverified);
  }
  for (const char* mandate : {"definitif", "pj"}) {
    EXPECT_TRUE(CheckMandate(mandate, SanctionLevel::kSevere, catalogue())->may_sign);
  }
  EXPECT_FALSE(CheckMandate("raja", SanctionLevel::kLight, catalogue()).ok());
}

TEST_F(Law, ALocalOfficeOfACentralAgencyHasItsPpk) {
  const LocalDate day = *Day("2025-01-01");
  const auto office =
      FindPpk("kantor kementerian agama kabupaten Tanah Datar", "13.04", day, catalogue());
  EXPECT_EQ(office->authority->id, "ppk/kemenag");
  EXPECT_EQ(Codes(office->notices), "");
  EXPECT_EQ(FindPpk("BKPSDM Kabupaten Tanah Datar", "13.04", day, catalogue())->authority->id,
            "ppk/13.04");
  EXPECT_EQ(FindPpk("", "13", day, catalogue())->authority->id, "ppk/13");
  const auto unknown = FindPpk("Puskesmas Lima Kaum", "13.04", day, catalogue());
  EXPECT_EQ(unknown->authority->id, "ppk/13.04");
  EXPECT_EQ(Codes(unknown->notices), "AGENCY_UNKNOWN");
  EXPECT_EQ(Codes(FindPpk("BKPSDM Kota Padang", "13.04", day, catalogue())->notices),
            "AGENCY_OF_OTHER_REGION");
  EXPECT_EQ(FindPpk("", "99", day, catalogue()).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GovernmentOf(*office->authority, catalogue()), GovernmentLevel::kCentral);
  EXPECT_EQ(GovernmentOf(*unknown->authority, catalogue()), GovernmentLevel::kRegency);
}

TEST_F(Law, EveryRegionHasAPpkAndReferralsGoToTheBodyOfTheDay) {
  for (const reference::Region& region : catalogue().regions()) {
    const auto ppk = FindPpk("", region.code, *Day("2025-01-01"), catalogue());
    ASSERT_TRUE(ppk.ok()) << region.code;
    EXPECT_EQ(ppk->authority->region, region.code);
  }
  EXPECT_EQ(FindReferralBody(*Day("2024-08-23"), catalogue())->authority->id, "kasn");
  const auto today = FindReferralBody(*Day("2024-08-24"), catalogue());
  EXPECT_EQ(today->authority->id, "bkn");
  EXPECT_EQ(today->grounds[0].provenance.mark, reference::Mark::kVerified);
  EXPECT_EQ(FindReferralBody(*Day("2010-01-01"), catalogue()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(Law, EveryStateFromTheReferralOnHasAWordOfSbt) {
  for (const State state :
       {State::kReferred, State::kReceived, State::kVerified, State::kDismissed, State::kReturned,
        State::kRecommended, State::kReceivedByPpk, State::kSummoned, State::kExamined,
        State::kDecided, State::kHandedOver, State::kObjected}) {
    EXPECT_NE(catalogue().FindSbtState(StateName(state), ""), nullptr) << StateName(state);
  }
  EXPECT_EQ(catalogue().FindSbtState(StateName(State::kNamed), ""), nullptr)
      << "before the referral SBT knows nothing";
  EXPECT_EQ(catalogue().FindSbtState(StateName(State::kDismissed), "ditolak")->status, "ditolak");
}

TEST_F(Law, ASplitRegionIsServedByTheSuccessorOfItsPpk) {
  reference::Catalogue::Files files = catalogue().files();
  files["authorities.tsv"] +=
      "ppk/13.02\tPemerintah lama\tsanction\t13.02\t\t2025-06-30\tppk/13.12\tR\t\t\n";
  const auto split = reference::Catalogue::FromFiles(files);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_EQ(FindPpk("", "13.02", *Day("2025-06-30"), **split)->authority->id, "ppk/13.02");
  const auto later = FindPpk("", "13.02", *Day("2025-07-01"), **split);
  EXPECT_EQ(later->authority->id, "ppk/13.12");
  EXPECT_EQ(Codes(later->notices), "SUCCEEDED");
  EXPECT_EQ(StandingFor("ppk/13.02", *Day("2025-07-01"), **split)->id, "ppk/13.12");
  EXPECT_EQ(StandingFor("ppk/99", *Day("2025-07-01"), **split), nullptr);

  EXPECT_TRUE(CheckPpk("to", "ppk/13.02", Day("2025-06-30"), **split).ok());
  EXPECT_TRUE(CheckPpk("to", "ppk/13.02", std::nullopt, **split).ok()) << "it cannot be told";
  const absl::Status ended = CheckPpk("to", "ppk/13.02", Day("2025-07-01"), **split);
  EXPECT_EQ(ended.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(ended.message()),
              testing::HasSubstr("does not stand on 2025-07-01; send it to ppk/13.12"));
  EXPECT_EQ(CheckPpk("to", "bkn", Day("2025-07-01"), **split).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace selaras::domain
