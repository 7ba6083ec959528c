#include "services/domain/letter_number.h"

#include <string>

#include <gtest/gtest.h>

namespace selaras::domain {
namespace {

TEST(LetterNumber, KeepsWhatTellsNumbersApart) {
  EXPECT_EQ(NormaliseLetterNumber("2612/B-AK.02.02/SD/F/2025"), "2612/B-AK.02.02/SD/F/2025");
  EXPECT_EQ(NormaliseLetterNumber("  800-5474  Tahun\t2022 "), "800-5474 TAHUN 2022");
  EXPECT_EQ(NormaliseLetterNumber("R-1/KASN/2024\r\n"), "R-1/KASN/2024");
  EXPECT_EQ(NormaliseLetterNumber("AG\u00A00001 /2024"), "AG 0001/2024");
  EXPECT_EQ(NormaliseLetterNumber("a\n\nb"), "A B");
  EXPECT_NE(NormaliseLetterNumber("0211.1/HM/2023"), NormaliseLetterNumber("211.1/HM/2023"));
  EXPECT_NE(NormaliseLetterNumber("12 3/2023"), NormaliseLetterNumber("123/2023"));
}

TEST(LetterNumber, HasOneKeyForTheWaysOfWritingOne) {
  for (const absl::string_view raw :
       {"1447.1/PM.01/K.1/09/2022", "1447.1/pm.01/K1/09/2022", "1447.1 / PM.01 / K.1 / 09 / 2022",
        "Nomor 1447.1/PM.01/K.1/09/2022", "No. 1447.1/PM.01/K.1/09/2022",
        "NOMOR : 1447.1/PM.01/K.1/09/2022"}) {
    EXPECT_EQ(NormaliseLetterNumber(raw), "1447.1/PM.01/K1/09/2022") << raw;
  }
  EXPECT_EQ(NormaliseLetterNumber("800 - 5474 Tahun 2022"), "800-5474 TAHUN 2022");
  EXPECT_EQ(NormaliseLetterNumber("NOTA/1/2024"), "NOTA/1/2024");
}

TEST(LetterNumber, NeverFails) {
  for (const std::string raw : {"", "   ", "/", "//", "-", "no", "NO. ", "\xFF\xFE", "K.", "TAHUN",
                                " TAHUN 2022", "- TAHUN 2022", "B//2023", "1/2023"}) {
    EXPECT_EQ(ParseLetterNumber(raw).raw, raw);
  }
  EXPECT_EQ(NormaliseLetterNumber(""), "");
  EXPECT_EQ(NormaliseLetterNumber("   "), "");
  EXPECT_EQ(NormaliseLetterNumber("\xFF\xFE"), "\xFF\xFE");
}

TEST(LetterNumber, IsItsOwnKeyOnceNormalised) {
  for (const absl::string_view raw : {" 1 / ks.00 /  01\t/ 2023", "Nomor 800 - 5474 Tahun 2022",
                                      "1447.1/PM.01/K.1/09/2022", "/ /", "NOTA 1"}) {
    const std::string once = NormaliseLetterNumber(raw);
    EXPECT_EQ(NormaliseLetterNumber(once), once) << raw;
  }
}

TEST(LetterNumber, TheFormsThatWereSeenAreRecognised) {
  const struct {
    const char* raw;
    LetterForm form;
    const char* sequence;
    const char* classification;
    int month;
    int year;
  } kSeen[] = {
      {"1447.1/PM.01/K.1/09/2022", LetterForm::kBawaslu, "1447.1", "PM.01", 9, 2022},
      {"0211.1/HM.02.00/K1/2023", LetterForm::kBawaslu, "0211.1", "HM.02.00", 0, 2023},
      {"169/PP.00.00/K1/05/2023", LetterForm::kBawaslu, "169", "PP.00.00", 5, 2023},
      {"0207.1/PP.00.00/K1/01/2023", LetterForm::kBawaslu, "0207.1", "PP.00.00", 1, 2023},
      {"2612/B-AK.02.02/SD/F/2025", LetterForm::kBkn, "2612", "B-AK.02.02", 0, 2025},
      {"1/KS.00.00/01/2023", LetterForm::kKasn, "1", "KS.00.00", 1, 2023},
      {"B/26/S.SM.00.01/2023", LetterForm::kPanrb, "26", "S.SM.00.01", 0, 2023},
      {"800-5474 Tahun 2022", LetterForm::kMendagri, "5474", "800", 0, 2022},
      {"nomor 12/kp.01/XI/2024", LetterForm::kKasn, "12", "KP.01", 11, 2024},
      {"SK 12 TAHUN 2024", LetterForm::kUnknown, "", "", 0, 0},
      {"AG-0001/2024", LetterForm::kUnknown, "", "", 0, 2024},
      {"belum ada", LetterForm::kUnknown, "", "", 0, 0},
  };
  for (const auto& seen : kSeen) {
    const LetterNumber letter = ParseLetterNumber(seen.raw);
    EXPECT_EQ(letter.form, seen.form) << seen.raw;
    EXPECT_EQ(letter.sequence, seen.sequence) << seen.raw;
    EXPECT_EQ(letter.classification, seen.classification) << seen.raw;
    EXPECT_EQ(letter.month.value_or(0), seen.month) << seen.raw;
    EXPECT_EQ(letter.year.value_or(0), seen.year) << seen.raw;
    EXPECT_EQ(letter.raw, seen.raw);
  }
}

}  // namespace
}  // namespace selaras::domain
