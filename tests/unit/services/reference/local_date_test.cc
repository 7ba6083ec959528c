#include "services/reference/local_date.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace selaras::reference {
namespace {

// The Gregorian rule as it is taught.
bool IsLeapYear(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

TEST(LocalDate, CountsEveryDayOfFourCenturiesLikeACalendarOnTheWall) {
  const int days_in[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int64_t day_number = LocalDate::Of(1800, 1, 1)->DaysSinceEpoch();
  LocalDate previous = *LocalDate::FromDaysSinceEpoch(day_number - 1);
  for (int year = 1800; year < 2200; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const int last = days_in[month - 1] + (month == 2 && IsLeapYear(year) ? 1 : 0);
      ASSERT_EQ(DaysInMonth(year, month), last);
      ASSERT_FALSE(LocalDate::Of(year, month, last + 1).has_value());
      for (int day = 1; day <= last; ++day, ++day_number) {
        const LocalDate date = *LocalDate::Of(year, month, day);
        ASSERT_EQ(date.DaysSinceEpoch(), day_number);
        ASSERT_EQ(LocalDate::FromDaysSinceEpoch(day_number), date);
        ASSERT_EQ(LocalDate::ParseIso(date.ToIso()), date);
        ASSERT_LT(previous, date);
        previous = date;
      }
    }
  }
}

TEST(LocalDate, TheEpochIsDayZero) {
  EXPECT_EQ(LocalDate::Of(1970, 1, 1)->DaysSinceEpoch(), 0);
  EXPECT_EQ(LocalDate::Of(1969, 12, 31)->DaysSinceEpoch(), -1);
  EXPECT_EQ(LocalDate::Of(2024, 8, 24)->DaysSinceEpoch(), 19959);
}

TEST(LocalDate, ReadsOnlyIso) {
  EXPECT_EQ(LocalDate::ParseIso("2024-02-29"), LocalDate::Of(2024, 2, 29));
  for (const char* text : {"", "2024-2-9", "2024-02-30", "2023-02-29", "2024/02/01", "01-02-2024",
                           "2024-02-01 ", " 2024-02-01", "2024-13-01", "2024-00-01", "2024-01-00",
                           "0000-01-01", "2024-02-0x", "+024-02-01", "20240201"}) {
    EXPECT_FALSE(LocalDate::ParseIso(text).has_value()) << text;
  }
}

TEST(LocalDate, StopsAtTheEndsOfItsRange) {
  const LocalDate first = *LocalDate::Of(1, 1, 1);
  const LocalDate last = *LocalDate::Of(9999, 12, 31);
  EXPECT_EQ(LocalDate(), first);
  EXPECT_EQ(first.ToIso(), "0001-01-01");
  EXPECT_EQ(LocalDate::FromDaysSinceEpoch(first.DaysSinceEpoch()), first);
  EXPECT_FALSE(LocalDate::FromDaysSinceEpoch(first.DaysSinceEpoch() - 1).has_value());
  EXPECT_EQ(LocalDate::FromDaysSinceEpoch(last.DaysSinceEpoch()), last);
  EXPECT_FALSE(LocalDate::FromDaysSinceEpoch(last.DaysSinceEpoch() + 1).has_value());
  EXPECT_FALSE(LocalDate::FromDaysSinceEpoch(INT64_MAX).has_value());
  EXPECT_FALSE(LocalDate::FromDaysSinceEpoch(INT64_MIN).has_value());
  EXPECT_FALSE(LocalDate::Of(10000, 1, 1).has_value());
  EXPECT_FALSE(LocalDate::Of(-1, 1, 1).has_value());
}

}  // namespace
}  // namespace selaras::reference
