#include "services/domain/letter_number.h"

#include <gtest/gtest.h>

namespace selaras::domain {
namespace {

TEST(LetterNumber, KeepsEverythingButSpacesAndCase) {
  EXPECT_EQ(NormaliseLetterNumber("2612/B-AK.02.02/SD/F/2025"), "2612/B-AK.02.02/SD/F/2025");
  EXPECT_EQ(NormaliseLetterNumber("  800-5474  Tahun\t2022 "), "800-5474 TAHUN 2022");
  EXPECT_EQ(NormaliseLetterNumber("1447.1/pm.01/k.1/09/2022"), "1447.1/PM.01/K.1/09/2022");
  EXPECT_EQ(NormaliseLetterNumber("R-1/KASN/2024\r\n"), "R-1/KASN/2024");
  EXPECT_EQ(NormaliseLetterNumber("AG\u00A00001 /2024"), "AG 0001 /2024");
  EXPECT_EQ(NormaliseLetterNumber("a\n\nb"), "A B");
}

TEST(LetterNumber, NeverFails) {
  EXPECT_EQ(NormaliseLetterNumber(""), "");
  EXPECT_EQ(NormaliseLetterNumber("   "), "");
  EXPECT_EQ(NormaliseLetterNumber("\xFF\xFE"), "\xFF\xFE");
}

TEST(LetterNumber, IsItsOwnKeyOnceNormalised) {
  const std::string once = NormaliseLetterNumber(" 1 / ks.00 /  01\t/ 2023");
  EXPECT_EQ(NormaliseLetterNumber(once), once);
}

}  // namespace
}  // namespace selaras::domain
