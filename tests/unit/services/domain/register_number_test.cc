#include "services/domain/register_number.h"

#include <string>

#include <gtest/gtest.h>

namespace selaras::domain {
namespace {

TEST(RegisterNumber, IsRecognisedInTheWaysInWhichOfficesWriteIt) {
  const RegisterNumber plain = ParseRegisterNumber("02/Reg.LP/PB/kab/03/X/2024");
  EXPECT_EQ(plain.sequence, 2);
  EXPECT_EQ(plain.kind, RegisterKind::kReport);
  EXPECT_EQ(plain.office_code, "03");
  EXPECT_EQ(plain.year, 2024);

  for (const absl::string_view text :
       {"05/reg/TM/PB/kab/03.19/X/2024", "05/REG.TM/PB/Kab/03.19/X/2024",
        "05 / Reg. TM / PB / Kab / 03.19 / X / 2024", "05.reg.tm.pb.kab.03.19.x.2024",
        " 05/reg/TM//PB/Kota/03.19/X/2024 ", "05/reg/TM/PB/Kab/03.19/2024", "05/TM/03.19/X/2024"}) {
    const RegisterNumber number = ParseRegisterNumber(text);
    EXPECT_EQ(number.sequence, 5) << text;
    EXPECT_EQ(number.kind, RegisterKind::kFinding) << text;
    EXPECT_EQ(number.office_code, "03.19") << text;
    EXPECT_EQ(number.year, 2024) << text;
  }
}

TEST(RegisterNumber, MayLackItsOfficeOrItsYear) {
  const RegisterNumber no_office = ParseRegisterNumber("7/Reg/LP/PB/RI/III/2023");
  EXPECT_EQ(no_office.sequence, 7);
  EXPECT_EQ(no_office.office_code, "");
  EXPECT_EQ(no_office.year, 2023);
  const RegisterNumber no_year = ParseRegisterNumber("7/Reg/LP/PB/Kab/03.01");
  EXPECT_EQ(no_year.office_code, "03.01");
  EXPECT_FALSE(no_year.year.has_value());
  const RegisterNumber bare = ParseRegisterNumber("7/LP");
  EXPECT_EQ(bare.sequence, 7);
  EXPECT_EQ(bare.office_code, "");
}

TEST(RegisterNumber, WhatIsNotRecognisedIsAbsentAndStaysAsItIs) {
  for (const std::string text :
       {"", "/", "LP", "LP/2024", "Reg/LP/02/2024", "02/Reg/PB/kab/03/X/2024", "1447.1/PM.01/K.1",
        "1234567/LP/2024", "belum ada", "  "}) {
    const RegisterNumber number = ParseRegisterNumber(text);
    EXPECT_FALSE(number.sequence.has_value()) << text;
    EXPECT_FALSE(number.kind.has_value()) << text;
    EXPECT_EQ(number.office_code, "") << text;
    EXPECT_FALSE(number.year.has_value()) << text;
    EXPECT_EQ(NormaliseRegisterNumber(text), text);
  }
}

TEST(RegisterNumber, HasOneKeyForAllWaysOfWritingIt) {
  const std::string key = "05/REG/LP/PB/KAB/03.19/X/2024";
  for (const absl::string_view text :
       {"05/reg/LP/PB/kab/03.19/X/2024", "05/Reg.LP/PB/Kab/03.19/X/2024",
        "05/REG LP/PB/KAB/03.19/X/2024", " 05 / Reg.LP / PB / kab / 03.19 / X / 2024 ",
        "05.Reg.LP.PB.Kab.03.19.X.2024", "05/Reg.LP/PB/Kab/03.19/X/2024/",
        "05/Reg.LP/\u00A0PB/Kab/03.19/X/2024"}) {
    EXPECT_EQ(NormaliseRegisterNumber(text), key) << text;
  }
  EXPECT_EQ(NormaliseRegisterNumber(key), key);
}

TEST(RegisterNumber, AnotherNumberHasAnotherKey) {
  const std::string key = NormaliseRegisterNumber("05/reg/LP/PB/kab/03.19/X/2024");
  for (const absl::string_view text :
       {"06/reg/LP/PB/kab/03.19/X/2024", "05/reg/TM/PB/kab/03.19/X/2024",
        "05/reg/LP/PB/kota/03.19/X/2024", "05/reg/LP/PB/kab/03.20/X/2024",
        "05/reg/LP/PB/kab/03/19/X/2024", "05/reg/LP/PB/kab/03.19/XI/2024",
        "05/reg/LP/PB/kab/03.19/X/2025"}) {
    EXPECT_NE(NormaliseRegisterNumber(text), key) << text;
  }
}

}  // namespace
}  // namespace selaras::domain
