#include "services/domain/nip.h"

#include <string>

#include <gtest/gtest.h>

namespace selaras::domain {
namespace {

constexpr EmploymentStatus kPns = EmploymentStatus::kPns;
constexpr EmploymentStatus kPppk = EmploymentStatus::kPppk;

std::string WhyNot(absl::string_view text, EmploymentStatus status = kPns) {
  const auto nip = ParseNip(text, status);
  if (nip.ok()) return "it is well formed";
  EXPECT_EQ(nip.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(nip.status().message());
}

TEST(Nip, OfAPnsSaysBirthAppointmentSexAndSerial) {
  const auto nip = ParseNip("196608011988031001", kPns);
  ASSERT_TRUE(nip.ok()) << nip.status();
  EXPECT_EQ(nip->digits, "196608011988031001");
  EXPECT_EQ(nip->status, kPns);
  EXPECT_EQ(nip->birth_date, LocalDate::Of(1966, 8, 1));
  EXPECT_EQ(nip->appointment_year, 1988);
  EXPECT_EQ(nip->appointment_month, 3);
  EXPECT_FALSE(nip->contract_count.has_value());
  EXPECT_EQ(nip->sex, Sex::kMale);
  EXPECT_EQ(nip->serial, 1);
}

TEST(Nip, OfAPppkHasAContractCountWhereAMonthWouldStand) {
  const auto nip = ParseNip("199210142020212013", kPppk);
  ASSERT_TRUE(nip.ok()) << nip.status();
  EXPECT_EQ(nip->birth_date, LocalDate::Of(1992, 10, 14));
  EXPECT_EQ(nip->appointment_year, 2020);
  EXPECT_EQ(nip->contract_count, 21);
  EXPECT_FALSE(nip->appointment_month.has_value());
  EXPECT_EQ(nip->sex, Sex::kFemale);
  EXPECT_EQ(nip->serial, 13);
  EXPECT_EQ(WhyNot("199210142020212013", kPns), "appointment month 21");
  EXPECT_TRUE(ParseNip("199210140000002000", kPppk).ok()) << "year and count are not checked";
}

TEST(Nip, IsReadAsPeopleWriteIt) {
  for (const absl::string_view text :
       {"19660801 198803 1 001", "'196608011988031001", " 196608011988031001 ",
        "19660801.198803.1.001", "' 19660801 1988031001", "19660801\t198803\u00A01001"}) {
    const auto nip = ParseNip(text, kPns);
    ASSERT_TRUE(nip.ok()) << text << ": " << nip.status();
    EXPECT_EQ(nip->digits, "196608011988031001");
  }
}

TEST(Nip, MustHave18Digits) {
  EXPECT_EQ(WhyNot("19800101200501100"), "17 digits");
  EXPECT_EQ(WhyNot("1980010120050110011"), "19 digits");
  EXPECT_EQ(WhyNot("1"), "1 digit");
  EXPECT_EQ(WhyNot(""), "0 digits");
  EXPECT_EQ(WhyNot("131234567"), "9 digits") << "an old NIP";
}

TEST(Nip, MustBeDigits) {
  EXPECT_EQ(WhyNot("19660801198803100X"), "not digits");
  EXPECT_EQ(WhyNot("NIP 196608011988031001"), "not digits");
  EXPECT_EQ(WhyNot("1966-08-01"), "not digits");
  EXPECT_EQ(WhyNot("-"), "not digits");
  EXPECT_EQ(WhyNot("E17"), "not digits");
  EXPECT_EQ(WhyNot("1E"), "not digits");
  EXPECT_EQ(WhyNot("196608011988031001'"), "not digits");
  EXPECT_EQ(WhyNot("\xD9\xA1\xD9\xA2"), "not digits") << "digits of another script";
}

TEST(Nip, SaysWhenASpreadsheetLostItsDigits) {
  for (const absl::string_view text : {"1,98001E+17", "1.98001E+17", "1.98001e17", "2E+17",
                                       "'1,98001E+17", " 1,98001 E+17", "1.98001E-17"}) {
    EXPECT_EQ(WhyNot(text), "damaged by a spreadsheet") << text;
    EXPECT_EQ(WhyNot(text, kPppk), "damaged by a spreadsheet") << text;
  }
  EXPECT_NE(WhyNot("198001012005011000"), "damaged by a spreadsheet")
      << "zeros alone prove nothing";
  EXPECT_TRUE(ParseNip("198001012005011100", kPns).ok());
}

TEST(Nip, BeginsWithADateOfBirthThatExists) {
  EXPECT_EQ(WhyNot("198013012005011001"), "birth month 13");
  EXPECT_EQ(WhyNot("198000012005011001"), "birth month 00");
  EXPECT_EQ(WhyNot("198001002005011001"), "birth day 00");
  EXPECT_EQ(WhyNot("198001322005011001"), "birth day 32 in month 01");
  EXPECT_EQ(WhyNot("198002312005011001"), "birth day 31 in month 02");
  EXPECT_EQ(WhyNot("198102292005011001"), "birth day 29 in month 02 of 1981");
  EXPECT_TRUE(ParseNip("198002292005011001", kPns).ok());
  EXPECT_EQ(WhyNot("000001012005011001"), "birth year 0000");
  EXPECT_EQ(WhyNot("198013012020211001", kPppk), "birth month 13");
}

TEST(Nip, OfAPnsHasAMonthOfAppointment) {
  EXPECT_EQ(WhyNot("198001012005001001"), "appointment month 00");
  EXPECT_EQ(WhyNot("198001012005131001"), "appointment month 13");
  EXPECT_TRUE(ParseNip("198001012005121001", kPns).ok());
}

TEST(Nip, HasASexDigitAndASerial) {
  EXPECT_EQ(WhyNot("198001012005013001"), "sex digit 3");
  EXPECT_EQ(WhyNot("198001012005010001"), "sex digit 0");
  EXPECT_EQ(WhyNot("198001012020213001", kPppk), "sex digit 3");
  EXPECT_EQ(WhyNot("198001012005011000"), "serial 000");
  EXPECT_TRUE(ParseNip("198001012005011999", kPns).ok());
}

TEST(Nip, TheFirstFaultFromTheLeftIsTheReason) {
  EXPECT_EQ(WhyNot("198013322005133000"), "birth month 13");
  EXPECT_EQ(WhyNot("198001322005133000"), "birth day 32 in month 01");
  EXPECT_EQ(WhyNot("198001312005133000"), "appointment month 13");
}

TEST(EmploymentStatusText, IsReadWithoutRegardToCase) {
  EXPECT_EQ(ParseEmploymentStatus("PNS"), kPns);
  EXPECT_EQ(ParseEmploymentStatus("pppk"), kPppk);
  EXPECT_EQ(ParseEmploymentStatus(" PPPK "), kPppk);
  EXPECT_FALSE(ParseEmploymentStatus("").has_value());
  EXPECT_FALSE(ParseEmploymentStatus("honorer").has_value());
  EXPECT_EQ(NameOf(kPppk), "PPPK");
}

}  // namespace
}  // namespace selaras::domain
