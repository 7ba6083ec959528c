#include "tools/registers/row_identity.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample.h"
#include "tools/registers/amend.h"
#include "tools/registers/register.h"

namespace selaras::registers {
namespace {

using testing::ElementsAre;

std::vector<std::string> Ids(const std::vector<Cells>& rows, int generation = 1) {
  std::vector<std::string> ids;
  const Register read = ReadGood(FileOf(Kind::kBawaslu, rows), {.generation = generation});
  for (const Plan* plan : PlansOf(read)) ids.push_back(plan->request_id);
  return ids;
}

Cells Person(int serial, const Cells& changes = {}) {
  Cells cells = BawasluCells(changes);
  cells["terlapor_nip"] = absl::StrCat("198710132011061", 100 + serial);
  return cells;
}

constexpr absl::string_view kFile = "register:bawaslu/13:01/REG/LP/PB/KAB/03.19/IX/2024:2024";

TEST(RequestIds, SayOfficeNumberYearOrdinalAndGeneration) {
  EXPECT_THAT(Ids({Person(1), Person(2)}),
              ElementsAre(absl::StrCat(kFile, ":1:1"), absl::StrCat(kFile, ":2:1")));
  EXPECT_THAT(Ids({Person(1)}, 7), ElementsAre(absl::StrCat(kFile, ":1:7")));
}

TEST(RequestIds, AreTheSameForEveryWayOfWritingTheNumber) {
  EXPECT_EQ(Ids({Person(1, {{"nomor_register", "01/reg/lp/PB/kab/03.19/IX/2024"}})}),
            Ids({Person(1, {{"nomor_register", "01/Reg.LP/PB/Kab/03.19/IX/2024"}})}));
}

TEST(RequestIds, RepairingARefusedRowChangesNoOther) {
  for (const Cells& fault : std::vector<Cells>{
           {{"terlapor_nip", "1"}}, {{"kode_wilayah", "99.99"}}, {{"tanggal_diterima", "x"}}}) {
    Cells broken = Person(2);
    for (const auto& [column, value] : fault) broken[column] = value;
    EXPECT_THAT(Ids({Person(1), broken, Person(3)}),
                ElementsAre(absl::StrCat(kFile, ":1:1"), absl::StrCat(kFile, ":3:1")));
  }
}

TEST(RequestIds, CorrectingNameOrNipOfARowLeavesItsIdAlone) {
  EXPECT_EQ(Ids({Person(1), Person(2)}), Ids({Person(1), Person(3, {{"terlapor_nama", "Lain"}})}));
}

TEST(RequestIds, OfficesThatNumberAlikeAreKeptApart) {
  const auto in = [](absl::string_view region, absl::string_view received) {
    return Person(1, {{"nomor_register", "12"},
                      {"kode_wilayah", std::string(region)},
                      {"tanggal_kejadian", ""},
                      {"tanggal_diketahui", ""},
                      {"tanggal_diterima", std::string(received)}});
  };
  EXPECT_THAT(
      Ids({in("13.04", "2024-09-14"), in("13.05", "2024-09-14"), in("13.04", "2023-09-14")}),
      ElementsAre("register:bawaslu/13@13.04:12:2024:1:1", "register:bawaslu/13@13.05:12:2024:1:1",
                  "register:bawaslu/13@13.04:12:2023:1:1"));
}

TEST(RequestIds, OfficesThatGiveOnlyTheCodeOfTheirProvinceAreKeptApart) {
  const auto in = [](absl::string_view region, absl::string_view number) {
    return Person(1,
                  {{"nomor_register", std::string(number)}, {"kode_wilayah", std::string(region)}});
  };
  EXPECT_THAT(
      Ids({in("13.04", "02/Reg.LP/PB/kab/03/X/2024"), in("13.05", "02/Reg.LP/PB/kab/03/X/2024"),
           in("13", "02/Reg.LP/PB/Prov/03/X/2024")}),
      ElementsAre("register:bawaslu/13@13.04:02/REG/LP/PB/KAB/03/X/2024:2024:1:1",
                  "register:bawaslu/13@13.05:02/REG/LP/PB/KAB/03/X/2024:2024:1:1",
                  "register:bawaslu/13@13:02/REG/LP/PB/PROV/03/X/2024:2024:1:1"));
}

TEST(RequestIds, NumbersThatAreLongOrNotAsciiAreHashed) {
  for (const std::string& number :
       {std::string(120, '9'), std::string("12 A/2024"), std::string("12/é/2024")}) {
    RowIdentity identity{number, "ppk/13.04", 2024};
    const std::string id = RequestId(FileKey(identity), 1'000'000, 2'147'483'647);
    EXPECT_LE(id.size(), 128U);
    EXPECT_THAT(id, testing::StartsWith("register:ppk/13.04:sha256-"));
    EXPECT_EQ(FileKey(identity), FileKey(identity));
  }
  EXPECT_NE(FileKey({"a b", "bkn", 2024}), FileKey({"a  b", "bkn", 2024}));
}

TEST(RequestIds, TheYearComesFromTheNumberElseFromTheDate) {
  EXPECT_EQ(YearOfNumber("R-1/KASN/2020"), 2020);
  EXPECT_EQ(YearOfNumber("001/2020"), 2020);
  EXPECT_EQ(YearOfNumber("001/020"), std::nullopt);
  EXPECT_EQ(YearOfNumber("2020"), std::nullopt);
  EXPECT_EQ(YearOfNumber("1/+202"), std::nullopt);
  EXPECT_EQ(YearOfNumber("1/1234"), std::nullopt);
  EXPECT_EQ(YearOfNumber(""), std::nullopt);
  const Plan plan = OnlyPlan(Kind::kBkn, BknCells({{"nomor_surat_penerusan", "S-5"}}));
  EXPECT_EQ(plan.request_id, "register:bkn:S-5:2024:1:1");
}

TEST(RequestIds, OrdinalsNeverMeetWhateverIsUnknown) {
  Ordinals ordinals;
  std::set<int> seen;
  const std::optional<std::string> offices[] = {std::nullopt, "a", "b"};
  const std::optional<int> years[] = {std::nullopt, 2020, 2021};
  for (int round = 0; round < 4; ++round) {
    for (const auto& office : offices) {
      for (const auto& year : years) {
        const int ordinal = ordinals.Next({"n", office, year});
        if (office == "a" && year == 2020) {
          EXPECT_TRUE(seen.insert(ordinal).second);
        }
      }
    }
  }
  EXPECT_EQ(ordinals.Next({"other", "a", 2020}), 1);
}

// As check_format.py computes them again from FORMAT.md.
TEST(RequestIds, AreThoseOfTheGoldenFile) {
  const RowIdentity identities[] = {
      {"01/REG/LP/PB/KAB/03.19/IX/2024", "bawaslu/13@13.04", 2024},
      {"12 A/2024", "ppk/13.04", 2024},
      {std::string(65, '9'), "bkn", 2023},
      {"S:5", std::nullopt, std::nullopt},
  };
  std::string text;
  for (const RowIdentity& identity : identities) {
    const std::string key = FileKey(identity);
    const std::string office = identity.office ? absl::StrCat(" ", *identity.office) : "";
    absl::StrAppend(&text, "is: row\nnumber: ", identity.number, "\noffice:", office,
                    "\nyear: ", identity.year.value_or(0),
                    "\nordinal: 3\ngeneration: 1\nfile_key: ", key,
                    "\nrequest_id: ", RequestId(key, 3, 1), "\n\n");
  }
  const std::string case_id = "235ce389-6dbf-866a-97c5-e641a50a6afd";
  query::v1::Case the_case;
  the_case.set_case_id(case_id);
  absl::StrAppend(&text, "is: amended\ncase_id: ", case_id,
                  "\nrevision: 3\nrequest_id: ", AmendedId({}, the_case, 3), "\n");
  std::ifstream in(SELARAS_SOURCE_DIR "/tests/golden/import_ids_v1.txt", std::ios::binary);
  std::stringstream held;
  held << in.rdbuf();
  EXPECT_EQ(text, held.str()) << "an import that is repeated would write everything again";
}

}  // namespace
}  // namespace selaras::registers
