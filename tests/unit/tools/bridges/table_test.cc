#include "tools/bridges/table.h"

#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace selaras::bridges {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

template <typename Message>
Message Parsed(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

const reference::Catalogue& Shipped() {
  static const auto catalogue = *reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
  return *catalogue;
}

// What Bawaslu's own node shows of a case that was decided: also what never leaves it.
query::v1::Case Decided() {
  return Parsed<query::v1::Case>(R"pb(
    case_id: "3f2a9c1e-0000-8000-8000-000000000000"
    state: CASE_STATE_HANDED_OVER
    waiting_for: "ppk/13.04"
    since { date: "2025-01-14" }
    register_number: "01/Reg/LP/rahasia"
    source: "wbs"
    motives: "dipaksa_atasan"
    violations_alleged: "HD-12"
    election: "PILKADA-2024"
    agency_region: "13.04"
    rank: "III/d"
    respondent { name: "Wahyu, Contoh" nip: "198710132011061025" agency: "=Pemkab Uji" }
    personal: PERSONAL_STATE_OPEN
    violations_found: "HD-06"
    violations_found: "HD-02"
    sanction_imposed: "S-2"
    public_status: "sudah_dijatuhi_sanksi"
    references { kind: REFERENCE_KIND_REFERRAL_LETTER raw: "001/PP.00.02/2024" }
    references { kind: REFERENCE_KIND_SIGAPLAPOR raw: "SL-rahasia" }
    references { kind: REFERENCE_KIND_SBT raw: "SBT 2024/000123" })pb");
}

query::v1::GetTimelineResponse Steps() {
  return Parsed<query::v1::GetTimelineResponse>(R"pb(
    steps {
      position { log: "ppk" sequence: 4 }
      occurred_at { date: "2024-12-30" }
      fact { sanction_decided { sanction: "S-2" } }
      personal { references { kind: REFERENCE_KIND_DECREE raw: "800/1/2024" } }
    }
    steps {
      position { log: "ppk" sequence: 5 }
      fact {
        fact_corrected {
          position { log: "ppk" sequence: 4 }
          fields { paths: "occurred_at" }
          new_occurred_at { date: "2025-01-07" }
        }
      }
    })pb");
}

std::map<std::string, std::string> Row(System system, const query::v1::Case& shown,
                                       const query::v1::GetTimelineResponse& timeline,
                                       const std::string& in_force = "") {
  const auto cells = RowOf(system, Shown{shown, timeline, in_force}, Shipped());
  const auto columns = ColumnsOf(system);
  EXPECT_EQ(cells.size(), columns.size());
  std::map<std::string, std::string> row;
  for (std::size_t i = 0; i < cells.size(); ++i) row[std::string(columns[i].name)] = cells[i];
  return row;
}

TEST(Hukdis, ADecisionIsShownAsItWasCorrected) {
  const auto row = Row(System::kHukdis, Decided(), Steps(), "2025-02-04");
  EXPECT_EQ(row.at("nip"), "198710132011061025");
  EXPECT_EQ(row.at("skNomor"), "800/1/2024");
  EXPECT_EQ(row.at("skTanggal"), "07-01-2025");
  EXPECT_EQ(row.at("hukumanTanggal"), "04-02-2025");
  EXPECT_EQ(row.at("jenisTingkatHukumanId"), "S");
  EXPECT_EQ(row.at("kode_sanksi"), "S-2");
  EXPECT_EQ(row.at("masaTahun"), "0");
  EXPECT_EQ(row.at("masaBulan"), "9");
  EXPECT_EQ(row.at("nomorPp"), "PP94/2021");
  EXPECT_EQ(row.at("skPembatalanNomor"), "");
}

TEST(Hukdis, ARevocationStandsWithItsNumberAndDay) {
  auto steps = Steps();
  *steps.add_steps() = Parsed<query::v1::TimelineStep>(R"pb(
    position { log: "ppk" sequence: 6 }
    occurred_at { date: "2025-03-01" }
    fact { sanction_revoked { reason: "keliru" } }
    personal { references { kind: REFERENCE_KIND_DECREE raw: "800/9/2025" } })pb");
  const auto row = Row(System::kHukdis, Decided(), steps);
  EXPECT_EQ(row.at("skPembatalanNomor"), "800/9/2025");
  EXPECT_EQ(row.at("skPembatalanTanggal"), "01-03-2025");
}

TEST(Hukdis, OnlyACaseWithADecisionThatStandsHasARow) {
  auto steps = Steps();
  EXPECT_TRUE(HasRow(System::kHukdis, Shown{Decided(), steps, ""}));
  steps.mutable_steps(0)->set_voided(true);
  EXPECT_FALSE(HasRow(System::kHukdis, Shown{Decided(), steps, ""}));
  query::v1::Case early = Decided();
  early.set_state(query::v1::CASE_STATE_RECOMMENDED);
  early.clear_sanction_imposed();
  EXPECT_FALSE(MayHaveRow(System::kHukdis, early));
}

TEST(Sbt, SaysTheWordsThatThePublicReads) {
  const auto row = Row(System::kSbt, Decided(), Steps());
  EXPECT_EQ(row.at("status"), "sudah dijatuhi sanksi");
  EXPECT_EQ(row.at("nomor_sbt"), "SBT 2024/000123");
  EXPECT_EQ(row.at("nomor_surat_penerusan"), "001/PP.00.02/2024");
  EXPECT_EQ(row.at("kode_pelanggaran"), "HD-06+HD-02");
  query::v1::Case early = Decided();
  early.clear_public_status();
  EXPECT_FALSE(MayHaveRow(System::kSbt, early));
}

TEST(Table, NothingThatNeverLeavesStandsInIt) {
  for (const System system : {System::kHukdis, System::kSbt}) {
    std::string all;
    for (const auto& [column, cell] : Row(system, Decided(), Steps())) absl::StrAppend(&all, cell);
    EXPECT_THAT(all, AllOf(Not(HasSubstr("rahasia")), Not(HasSubstr("wbs")),
                           Not(HasSubstr("atasan")), Not(HasSubstr("HD-12"))));
  }
}

TEST(Table, WhatOnlyTheSystemKnowsIsLeftEmpty) {
  for (const System system : {System::kHukdis, System::kSbt}) {
    const auto row = Row(system, Decided(), Steps(), "2025-02-04");
    for (const Column& column : ColumnsOf(system)) {
      if (!column.filled) {
        EXPECT_EQ(row.at(std::string(column.name)), "") << column.name;
      }
    }
  }
}

TEST(Table, ALineIsQuotedAndNoFormula) {
  EXPECT_EQ(CsvLine({"a", "Wahyu, Contoh", "=Pemkab", "say \"x\"", ""}),
            "a,\"Wahyu, Contoh\",'=Pemkab,\"say \"\"x\"\"\",\r\n");
  EXPECT_EQ(DayMonthYear("2024-11-30"), "30-11-2024");
  EXPECT_EQ(DayMonthYear(""), "");
}

// How well each column is known stands where users look.
TEST(Table, TheReadmeSaysOfEveryColumnHowWellItIsKnown) {
  std::ifstream in(SELARAS_SOURCE_DIR "/tools/bridges/README.md");
  const std::string readme{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  for (const System system : {System::kHukdis, System::kSbt}) {
    for (const Column& column : ColumnsOf(system)) {
      const std::string row = absl::StrCat("| `", column.name, "` | ", NameOf(column.mark), " | ",
                                           column.filled ? "" : "left empty: ", column.about, " |");
      EXPECT_TRUE(absl::StrContains(readme, row)) << row;
    }
  }
}

}  // namespace
}  // namespace selaras::bridges
