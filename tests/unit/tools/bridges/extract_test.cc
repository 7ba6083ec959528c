#include "tools/bridges/extract.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::bridges {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Extract Good(const std::string& bytes) {
  auto read = ReadExtract(bytes);
  EXPECT_TRUE(read.ok()) << read.status();
  return *std::move(read);
}

// A row of the export, by the name of its cells.
std::vector<std::string> Ours(System system,
                              const std::vector<std::pair<std::string, std::string>>& cells) {
  std::vector<std::string> row;
  for (const Column& column : ColumnsOf(system)) {
    row.emplace_back();
    for (const auto& [name, value] : cells) {
      if (name == column.name) row.back() = value;
    }
  }
  return row;
}

TEST(Extract, IsToldFromARegisterByItsColumns) {
  EXPECT_TRUE(IsExtract("nip,skNomor\n"));
  EXPECT_TRUE(IsExtract("NIP;nomor_rekomendasi;status\n"));
  EXPECT_FALSE(IsExtract("nomor_surat_penerusan,terlapor_nip,lembaga,tanggal_terima\n"));
  EXPECT_FALSE(IsExtract(""));
  EXPECT_EQ(Good("nip,skNomor\n").system, System::kHukdis);
  EXPECT_EQ(Good("nip,nomor_sbt\n").system, System::kSbt);
}

TEST(Extract, WhatTheExportWritesIsReadAgain) {
  for (const System system : {System::kHukdis, System::kSbt}) {
    const Extract read = Good(HeaderLine(system));
    EXPECT_EQ(read.system, system);
    EXPECT_EQ(read.columns.size(), ColumnsOf(system).size());
  }
}

TEST(Extract, AColumnThatTheExportDoesNotHaveIsRefusedByName) {
  EXPECT_THAT(std::string(ReadExtract("nip,skNomor,jabatan\n").status().message()),
              HasSubstr("no column 'jabatan'"));
  EXPECT_THAT(std::string(ReadExtract("nip,skNomor,NIP\n").status().message()),
              HasSubstr("there twice"));
  EXPECT_FALSE(ReadExtract("skNomor,nama\n").ok());
}

TEST(Extract, RowsAreJoinedByTheSurestNumberFirst) {
  const Extract read = Good(
      "nomor_rekomendasi,nip,nomor_sbt\n"
      "R-1/2024,'198710132011061025,SBT 7\n"
      "R-1/2024,'198710132011061025,SBT 7\n"
      ",1987101320,\n");
  ASSERT_EQ(read.rows.size(), 2U);  // repetitions are left out
  ASSERT_EQ(read.rows[0].keys.size(), 2U);
  EXPECT_EQ(read.rows[0].keys[0].kind, event::v1::REFERENCE_KIND_SBT);
  EXPECT_EQ(read.rows[0].keys[1].number, "R-1/2024");
  EXPECT_EQ(read.rows[0].keys[1].nip, "198710132011061025");
  EXPECT_EQ(read.rows[0].fault, "");
  EXPECT_EQ(read.rows[1].fault, "no number to find its case by");
  EXPECT_EQ(read.rows[1].line, 4);
}

TEST(Extract, OnlyWhatIsReallyAnotherIsADifference) {
  const Extract read = Good(
      "nip,skNomor,skTanggal,kode_sanksi,pnsOrangId\n"
      "198710132011061025,Nomor 800/1 /bkpsdm,2025-01-07,s-2,ABC-77\n");
  const auto ours = Ours(System::kHukdis, {{"nip", "198710132011061025"},
                                           {"skNomor", "800/1/BKPSDM"},
                                           {"skTanggal", "07-01-2025"},
                                           {"kode_sanksi", "S-2"},
                                           {"nama", "not in the extract"}});
  EXPECT_THAT(Compare(read, read.rows[0], ours), IsEmpty());
  const auto other = Ours(System::kHukdis, {{"nip", "198710132011061025"},
                                            {"skNomor", "800/1/BKPSDM"},
                                            {"skTanggal", "08-01-2025"},
                                            {"kode_sanksi", "S-2"}});
  const auto found = Compare(read, read.rows[0], other);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].column, "skTanggal");
  EXPECT_EQ(found[0].in_file, "2025-01-07");
  EXPECT_EQ(found[0].recorded, "08-01-2025");
}

}  // namespace
}  // namespace selaras::bridges
