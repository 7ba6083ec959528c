#include "services/domain/calendar.h"

#include <set>

#include "absl/strings/str_cat.h"

#include "gtest/gtest.h"
#include "tests/support/calendar_reference.h"
#include "tests/support/commands.h"
#include "tests/support/random.h"

namespace selaras::domain {
namespace {

using reference::TimeZone;

LocalDate Day(absl::string_view text) { return *LocalDate::ParseIso(text); }

// The shipped tables with other holidays, many of which follow on one another.
std::shared_ptr<const reference::Catalogue> WithHolidays(std::mt19937_64& random) {
  auto files = test::ShippedCatalogue()->files();
  std::set<std::int64_t> days;
  const std::uint64_t count = test::Between(random, 1, 300);
  while (days.size() < count) {
    days.insert(static_cast<std::int64_t>(test::Between(random, 0, 800)) - 400);
  }
  std::string text = "date\tkind\tname\tmark\tsource\n";
  for (const std::int64_t day : days) {
    absl::StrAppend(&text, LocalDate::FromDaysSinceEpoch(day)->ToIso(), "\tlibur\tLibur\tR\t\n");
  }
  files["holidays.tsv"] = text;
  return *reference::Catalogue::FromFiles(std::move(files));
}

TEST(Calendar, CountsAsAWalkFromDayToDayDoes) {
  auto random = test::SeededRandom();
  for (int round = 0; round < 4; ++round) {
    const auto catalogue = WithHolidays(random);
    const Calendar calendar(*catalogue);
    for (int i = 0; i < 2'000; ++i) {
      const auto from = LocalDate::FromDaysSinceEpoch(
          static_cast<std::int64_t>(test::Between(random, 0, 1'000)) - 500);
      const int n = static_cast<int>(test::Between(random, 0, 160)) - 80;
      const auto counted = calendar.AddWorkingDays(*from, n);
      ASSERT_TRUE(counted);
      ASSERT_EQ(counted->day.ToIso(), test::WalkWorkingDays(*catalogue, *from, n)->ToIso())
          << from->ToIso() << " and " << n;
      ASSERT_EQ(calendar.IsWorkingDay(*from), !test::IsDayOff(*catalogue, *from)) << from->ToIso();
    }
  }
}

TEST(Calendar, SaysWhichYearsAreNotCompleteInBothDirections) {
  const Calendar calendar(*test::ShippedCatalogue());
  EXPECT_TRUE(calendar.AddWorkingDays(Day("2024-03-01"), 20)->incomplete_years.empty());
  EXPECT_EQ(calendar.AddWorkingDays(Day("2024-12-20"), 7)->incomplete_years,
            std::vector<int>{2025});
  EXPECT_EQ(calendar.AddWorkingDays(Day("2025-01-03"), -7)->incomplete_years,
            std::vector<int>{2025});
  EXPECT_EQ(calendar.AddWorkingDays(Day("2023-12-20"), 300)->incomplete_years,
            (std::vector<int>{2023, 2025}));
  EXPECT_EQ(calendar.AddWorkingDays(Day("2026-05-05"), 0)->incomplete_years,
            std::vector<int>{2026});
}

TEST(Calendar, EndsWithTheYears1To9999) {
  const Calendar calendar(*test::ShippedCatalogue());
  EXPECT_FALSE(calendar.AddWorkingDays(Day("9999-12-31"), 1));
  EXPECT_FALSE(calendar.AddWorkingDays(Day("0001-01-01"), -1));
  EXPECT_FALSE(AddDays(Day("9999-12-31"), 1));
  EXPECT_EQ(AddDays(Day("2024-02-28"), 2), Day("2024-03-01"));
  EXPECT_FALSE(DayAt(absl::InfiniteFuture(), TimeZone::kWib));
  EXPECT_FALSE(DayAt(absl::InfinitePast(), TimeZone::kWib));
}

TEST(Calendar, ADayBeginsAtMidnightOfTheOffice) {
  for (const TimeZone zone : {TimeZone::kWib, TimeZone::kWita, TimeZone::kWit}) {
    for (const absl::string_view text : {"1969-12-31", "1970-01-01", "2024-02-29"}) {
      const absl::Time start = StartOf(Day(text), zone);
      EXPECT_EQ(DayAt(start, zone), Day(text));
      EXPECT_EQ(DayAt(start - absl::Nanoseconds(1), zone), AddDays(Day(text), -1));
      EXPECT_EQ(DayAt(start + absl::Hours(24) - absl::Nanoseconds(1), zone), Day(text));
    }
  }
}

}  // namespace
}  // namespace selaras::domain
