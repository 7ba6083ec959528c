#include "services/domain/nik.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace selaras::domain {
namespace {

std::string WhyNot(absl::string_view text) {
  const auto nik = ParseNik(text);
  if (nik.ok()) return "it is well formed";
  EXPECT_EQ(nik.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(nik.status().message());
}

std::string Digits(int number, int width) {
  char text[16];
  std::snprintf(text, sizeof text, "%0*d", width, number);
  return text;
}

TEST(Nik, OfAWomanHasTheDayPlusForty) {
  const auto man = ParseNik("1304050108660001");
  ASSERT_TRUE(man.ok()) << man.status();
  EXPECT_EQ(man->digits, "1304050108660001");
  EXPECT_EQ(man->region_code, "13.04.05");
  EXPECT_EQ(man->birth_day, 1);
  EXPECT_EQ(man->birth_month, 8);
  EXPECT_EQ(man->birth_year_of_century, 66);
  EXPECT_EQ(man->sex, Sex::kMale);
  EXPECT_EQ(man->serial, 1);
  const auto woman = ParseNik("1304054108660001");
  ASSERT_TRUE(woman.ok()) << woman.status();
  EXPECT_EQ(woman->sex, Sex::kFemale);
  EXPECT_EQ(woman->birth_day, 1) << "41 is the first, not the fourth";
}

TEST(Nik, NeverAsksForARegionOfToday) {
  EXPECT_TRUE(ParseNik("5401010101010001").ok()) << "East Timor";
  EXPECT_TRUE(ParseNik("9999990101010001").ok());
}

TEST(Nik, IsReadAsPeopleWriteIt) {
  for (const absl::string_view text :
       {"1304 0501 0866 0001", "'1304050108660001", "13.04.05.010866.0001"}) {
    EXPECT_EQ(ParseNik(text)->digits, "1304050108660001") << text;
  }
}

TEST(Nik, MalformedOnesSayWhy) {
  EXPECT_EQ(WhyNot("304050108660001"), "15 digits; a leading zero may be lost");
  EXPECT_EQ(WhyNot("13040501086600011"), "17 digits");
  EXPECT_EQ(WhyNot(""), "0 digits");
  EXPECT_EQ(WhyNot("1,30405E+15"), "damaged by a spreadsheet");
  EXPECT_EQ(WhyNot("130405010866000X"), "not digits");
  EXPECT_EQ(WhyNot("1304050008660001"), "birth day 00");
  EXPECT_EQ(WhyNot("1304053208660001"), "birth day 32");
  EXPECT_EQ(WhyNot("1304054008660001"), "birth day 40");
  EXPECT_EQ(WhyNot("1304057208660001"), "birth day 72");
  EXPECT_EQ(WhyNot("1304050113660001"), "birth month 13");
  EXPECT_EQ(WhyNot("1304053102660001"), "birth day 31 in month 02");
  EXPECT_EQ(WhyNot("1304057102660001"), "birth day 71 in month 02");
  EXPECT_EQ(WhyNot("1304052902010001"), "birth day 29 in month 02");
  EXPECT_EQ(WhyNot("1304050108660000"), "serial 0000");
}

TEST(Nik, ALeapDayNeedsALeapYearOfOneCentury) {
  EXPECT_TRUE(ParseNik("1304052902000001").ok()) << "2000 was one, 1900 was not";
  EXPECT_EQ(ParseNik("1304052902000001")->BirthDates(),
            std::vector<LocalDate>{*LocalDate::Of(2000, 2, 29)});
  EXPECT_EQ(ParseNik("1304050108660001")->BirthDates(),
            (std::vector<LocalDate>{*LocalDate::Of(2066, 8, 1), *LocalDate::Of(1966, 8, 1)}));
}

// Every day number, month and year of the century against the calendar.
TEST(Nik, IsWellFormedExactlyIfTheDayExistedInACentury) {
  for (int day = 0; day <= 99; ++day) {
    for (int month = 0; month <= 13; ++month) {
      for (const int year : {0, 1, 4, 66, 99}) {
        const int real = day > 40 ? day - 40 : day;
        const bool exists = LocalDate::Of(1900 + year, month, real).has_value() ||
                            LocalDate::Of(2000 + year, month, real).has_value();
        const std::string text =
            absl::StrCat("130405", Digits(day, 2), Digits(month, 2), Digits(year, 2), "0001");
        const auto nik = ParseNik(text);
        ASSERT_EQ(nik.ok(), exists) << text;
        if (nik.ok()) {
          ASSERT_EQ(nik->sex == Sex::kFemale, day > 40) << text;
        }
      }
    }
  }
}

TEST(OldNip, HasNineDigitsAndIsRecognisedAsOld) {
  EXPECT_EQ(*ParseOldNip("131 234 567"), "131234567");
  EXPECT_EQ(ParseOldNip("13123456").status().message(), "8 digits");
  EXPECT_EQ(RecogniseIdentifier("131234567"), IdentifierKind::kOldNip);
  EXPECT_EQ(RecogniseIdentifier("196608011988031001"), IdentifierKind::kNip);
  EXPECT_EQ(RecogniseIdentifier("1304050108660001"), IdentifierKind::kNik);
  EXPECT_EQ(RecogniseIdentifier("123"), IdentifierKind::kNone);
  EXPECT_EQ(RecogniseIdentifier("Budi"), IdentifierKind::kNone);
}

TEST(CrossChecks, ANipAndANikThatAgreeSayNothing) {
  const Nip nip = *ParseNip("196608011988031001", EmploymentStatus::kPns);
  EXPECT_TRUE(CrossCheck(nip, ParseNik("1304050108660001").value()).empty());
  EXPECT_TRUE(CrossCheck(nip, std::nullopt).empty());
}

TEST(CrossChecks, WhatDiffersIsNamed) {
  const Nip nip = *ParseNip("196608011988031001", EmploymentStatus::kPns);
  EXPECT_EQ(CrossCheck(nip, ParseNik("1304054208660001").value()),
            (std::vector<std::string>{"born 1966-08-01 by the NIP, 1966-08-02 by the NIK",
                                      "male by the NIP, female by the NIK"}));
}

TEST(CrossChecks, NobodyIsAppointedBeforeTheAgeOf18) {
  const auto check = [](absl::string_view text, EmploymentStatus status) {
    return CrossCheck(*ParseNip(text, status), std::nullopt);
  };
  EXPECT_TRUE(check("197003151988031001", EmploymentStatus::kPns).empty());
  EXPECT_EQ(check("197004151988031001", EmploymentStatus::kPns),
            std::vector<std::string>{"appointed in 1988-03, before the age of 18"});
  EXPECT_TRUE(check("200212312020211001", EmploymentStatus::kPppk).empty());
  EXPECT_EQ(check("200301012020211001", EmploymentStatus::kPppk),
            std::vector<std::string>{"appointed in 2020, before the age of 18"});
}

}  // namespace
}  // namespace selaras::domain
