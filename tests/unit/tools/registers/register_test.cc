#include "tools/registers/register.h"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample.h"
#include "tools/registers/csv.h"
#include "tools/registers/header.h"

namespace selaras::registers {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Kind kKinds[] = {Kind::kBawaslu, Kind::kBkn, Kind::kBkpsdm};

Cells GoodCells(Kind kind) {
  if (kind == Kind::kBawaslu) return BawasluCells();
  return kind == Kind::kBkn ? BknCells() : BkpsdmCells();
}

std::string ErrorOf(absl::string_view bytes) {
  const auto read = ReadRegister(bytes, ShippedCatalogue());
  if (read.ok()) return "read";
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(read.status().message());
}

std::string TextOf(const Plan& plan) {
  std::string text = absl::StrCat(plan.request_id, "|", plan.authority, "|", plan.number);
  std::visit(
      [&](const auto& commands) {
        for (const auto& command : commands) text += command.SerializeAsString();
      },
      plan.commands);
  return text;
}

TEST(RegisterFile, DelimiterBomLineEndsAndOrderOfColumnsChangeNothing) {
  for (const Kind kind : kKinds) {
    const Cells cells = GoodCells(kind);
    const std::string plain = TextOf(OnlyPlan(kind, cells));
    for (const absl::string_view delimiter : {",", ";", "\t"}) {
      for (const absl::string_view end : {"\n", "\r\n", "\r"}) {
        FileForm form;
        form.delimiter = std::string(delimiter);
        form.line_end = std::string(end);
        form.columns = std::vector<std::string>(ColumnsOf(kind).begin(), ColumnsOf(kind).end());
        std::reverse(form.columns.begin(), form.columns.end());
        const Register read = ReadGood("\xEF\xBB\xBF" + FileOf(kind, {cells}, form));
        EXPECT_EQ(read.kind, kind);
        ASSERT_EQ(PlansOf(read).size(), 1U);
        EXPECT_EQ(TextOf(*PlansOf(read)[0]), plain);
      }
    }
  }
}

TEST(RegisterFile, TheFormOfADateChangesNothing) {
  const std::string iso = TextOf(OnlyPlan(Kind::kBkn, BknCells()));
  for (const absl::string_view form : {"18/09/2024", "18-09-2024", " 2024-09-18 "}) {
    const Cells cells = BknCells({{"tanggal_terima", std::string(form)}});
    EXPECT_EQ(TextOf(OnlyPlan(Kind::kBkn, cells)), iso);
  }
}

TEST(RegisterFile, ColumnNamesAreReadWithoutRegardToCaseAndSpaces) {
  std::string file = FileOf(Kind::kBkn, {BknCells()});
  file = absl::StrReplaceAll(file, {{"lembaga", " Lembaga\u00A0"}, {"alasan", "ALASAN"}});
  EXPECT_EQ(PlansOf(ReadGood(file)).size(), 1U);
}

TEST(RegisterFile, MissingUnknownAndRepeatedColumnsAreNamed) {
  const std::string file = FileOf(Kind::kBkn, {BknCells()});
  EXPECT_THAT(ErrorOf(absl::StrReplaceAll(file, {{"lembaga", "lembga"}})),
              AllOf(HasSubstr("register bkn"), HasSubstr("missing columns lembaga"),
                    HasSubstr("unknown columns lembga")));
  EXPECT_THAT(ErrorOf(absl::StrReplaceAll(file, {{"alasan", "lembaga"}})),
              AllOf(HasSubstr("missing columns alasan"), HasSubstr("repeated columns lembaga")));
  EXPECT_THAT(ErrorOf("name,age\nx,1\n"), AllOf(HasSubstr("no register"), HasSubstr("name, age")));
}

TEST(RegisterFile, WhatIsNoRegisterIsShownShortAndHarmless) {
  const std::string error = ErrorOf("\x1B[2J," + std::string(5'000, 'x'));
  EXPECT_THAT(error, Not(HasSubstr("\x1B")));
  EXPECT_LT(error.size(), 500U);
  EXPECT_THAT(ErrorOf("\xFF\x00garbage"), HasSubstr("not UTF-8"));
}

TEST(RegisterFile, EmptyFilesAreRefusedAndHeadersAloneAreEmptyRegisters) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("empty"));
  EXPECT_THAT(ErrorOf("\xEF\xBB\xBF\r\n\r\n"), HasSubstr("empty"));
  for (const Kind kind : kKinds) {
    const Register read = ReadGood(FileOf(kind, {}));
    EXPECT_EQ(read.kind, kind);
    EXPECT_TRUE(read.rows.empty());
  }
}

TEST(RegisterFile, QuotedTextMayHaveLineEndsAndLinesAreStillCountedRight) {
  const Cells first = BawasluCells({{"uraian", "satu\ndua, \"tiga\""}});
  const Cells second = BawasluCells({{"terlapor_nip", "17"}});
  const Register read = ReadGood(FileOf(Kind::kBawaslu, {first, second}));
  ASSERT_EQ(PlansOf(read).size(), 1U);
  EXPECT_EQ(std::get<BawasluRow>(PlansOf(read)[0]->row).chronology, "satu\ndua, \"tiga\"");
  EXPECT_EQ(PlansOf(read)[0]->line, 2);
  ASSERT_EQ(RefusalsOf(read).size(), 1U);
  EXPECT_EQ(RefusalsOf(read)[0]->line, 4);
}

TEST(RegisterFile, AnUnreadableTailRefusesTheFileAndNamesTheLine) {
  const std::string file = FileOf(Kind::kBkn, {BknCells()});
  EXPECT_THAT(ErrorOf(file + "\"open,\n"), HasSubstr("line 3"));
}

TEST(RegisterFile, ARowOfAnotherLengthIsRefusedAloneUnlessOnlyEmptyCellsAreMore) {
  const std::string file = FileOf(Kind::kBkn, {BknCells()});
  EXPECT_EQ(PlansOf(ReadGood(absl::StrReplaceAll(file, {{"\n", ",,\n"}}))).size(), 1U);
  const Register read = ReadGood(file + "001/X,198710132011061025\n" +
                                 "002/X,198710132011061025,BKN,,AG-1,,,,,,,x\n");
  EXPECT_EQ(PlansOf(read).size(), 1U);
  ASSERT_EQ(RefusalsOf(read).size(), 2U);
  EXPECT_EQ(RefusalsOf(read)[0]->column, "nomor_surat_penerusan");
  EXPECT_EQ(RefusalsOf(read)[0]->number, "001/X");
  EXPECT_EQ(RefusalsOf(read)[0]->why, "2 cells, not 11");
  EXPECT_EQ(RefusalsOf(read)[1]->why, "12 cells, not 11");
}

TEST(RegisterFile, ARowThatRepeatsAnEarlierOneIsADuplicateAlsoOfARefusedOne) {
  const Cells bad = BknCells({{"lembaga", "ABC"}});
  const Register read = ReadGood(FileOf(Kind::kBkn, {BknCells(), bad, BknCells(), bad}));
  ASSERT_EQ(read.rows.size(), 4U);
  EXPECT_EQ(std::get<Duplicate>(read.rows[2]).of_line, 2);
  EXPECT_EQ(std::get<Duplicate>(read.rows[3]).of_line, 3);
  EXPECT_EQ(std::get<Duplicate>(read.rows[3]).line, 5);
}

TEST(RegisterFile, OnePersonStandsOnceInAReportWhateverTheRowsSay) {
  const Cells changed = BawasluCells({{"golongan", "III/c"}});
  const Cells spaced = BawasluCells({{"terlapor_nip", "19871013 201106 1 025"}});
  const Cells other = BawasluCells({{"nomor_register", "02/Reg/LP/PB/Kab/03.19/IX/2024"}});
  const Cells namesake = BawasluCells({{"terlapor_nip", "198710132011061026"}});
  const Register read =
      ReadGood(FileOf(Kind::kBawaslu, {BawasluCells(), changed, spaced, other, namesake}));
  EXPECT_EQ(PlansOf(read).size(), 3U);
  ASSERT_EQ(RefusalsOf(read).size(), 2U);
  EXPECT_EQ(RefusalsOf(read)[0]->column, "terlapor_nip");
  EXPECT_EQ(RefusalsOf(read)[1]->why, "same person as in line 2");
}

TEST(RegisterFile, ARowThatSaysSomethingElseOfItsReportIsRefusedInThatColumn) {
  const std::pair<std::string, std::string> others[] = {
      {"pemilihan", "PILKADA-2020"},
      {"sumber", "temuan"},
      {"tanggal_diketahui", "2024-09-09"},
      {"tanggal_diterima", "2024-09-13"},
      {"tempat_kejadian", "pasar"},
      {"kode_wilayah", "13.05"},
      {"pelapor_nama", "Lain"},
      {"pelapor_alamat", "Lain"},
      {"pelapor_telepon", "1"},
      {"uraian", "lain"},
      {"bukti_sha256", ""},
  };
  for (const auto& [column, value] : others) {
    const Cells other = BawasluCells({{"terlapor_nip", "198710132011061026"}, {column, value}});
    const Cells third = BawasluCells({{"terlapor_nip", "198710132011061027"}});
    const Register read = ReadGood(FileOf(Kind::kBawaslu, {BawasluCells(), other, third}));
    EXPECT_EQ(PlansOf(read).size(), 2U);
    ASSERT_EQ(RefusalsOf(read).size(), 1U) << column;
    EXPECT_EQ(RefusalsOf(read)[0]->column, column);
    EXPECT_EQ(RefusalsOf(read)[0]->why, "not as in line 2, of the same report");
  }
}

TEST(RegisterFile, ARefusedRowSaysNothingAboutItsReport) {
  const Cells broken = BawasluCells({{"sumber", "temuan"}, {"hasil", "entah"}});
  const Register read = ReadGood(FileOf(Kind::kBawaslu, {broken, BawasluCells()}));
  EXPECT_EQ(PlansOf(read).size(), 1U);
}

TEST(RegisterFile, OneNumberInTwoSpellingsIsOneReport) {
  const Cells other = BawasluCells({{"terlapor_nip", "198710132011061026"},
                                    {"nomor_register", "01/reg.LP/PB/kab/03.19/IX/2024"}});
  const Register read = ReadGood(FileOf(Kind::kBawaslu, {BawasluCells(), other}));
  ASSERT_EQ(PlansOf(read).size(), 2U);
  const auto report = [&](std::size_t row) {
    return std::get<0>(PlansOf(read)[row]->commands)[0].receive_report().SerializeAsString();
  };
  EXPECT_EQ(report(0), report(1));
}

TEST(RegisterFile, CellsThatAreNotTextAreRefusedInTheirColumn) {
  EXPECT_EQ(Verdict(Kind::kBkn, BknCells({{"alasan", "Ren\xE9"}})), "alasan: not UTF-8");
  EXPECT_EQ(Verdict(Kind::kBkn, BknCells({{"nomor_agenda", "AG\x07"}})),
            "nomor_agenda: control character");
}

}  // namespace
}  // namespace selaras::registers
