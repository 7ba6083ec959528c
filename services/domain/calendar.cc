#include "services/domain/calendar.h"

#include <algorithm>

namespace selaras::domain {
namespace {

constexpr std::int64_t kWeek = 7;
constexpr std::int64_t kWeekdays = 5;
constexpr std::int64_t kMondayBeforeEpoch = -3;  // 1969-12-29
constexpr std::int64_t kHoursOfDay = 24;

std::int64_t FloorDiv(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// 0 for Monday.
std::int64_t PlaceInWeek(std::int64_t day) {
  const std::int64_t since = day - kMondayBeforeEpoch;
  return since - FloorDiv(since, kWeek) * kWeek;
}

// Days Monday to Friday from kMondayBeforeEpoch to `day`; negative before.
std::int64_t WeekdaysUntil(std::int64_t day) {
  return FloorDiv(day - kMondayBeforeEpoch, kWeek) * kWeekdays +
         std::min(PlaceInWeek(day) + 1, kWeekdays);
}

// The weekday until which there are that many.
std::int64_t DayOfWeekdays(std::int64_t count) {
  const std::int64_t weeks = FloorDiv(count - 1, kWeekdays);
  return kMondayBeforeEpoch + weeks * kWeek + (count - 1 - weeks * kWeekdays);
}

absl::Duration OffsetOf(reference::TimeZone zone) {
  return absl::Hours(reference::HoursEastOfUtc(zone));
}

}  // namespace

Calendar::Calendar(const reference::Catalogue& catalogue) {
  for (const reference::Holiday& holiday : catalogue.holidays()) {
    const std::int64_t day = holiday.date.DaysSinceEpoch();
    if (PlaceInWeek(day) < kWeekdays) holidays_.push_back(day);
  }
  std::sort(holidays_.begin(), holidays_.end());
  for (const reference::CalendarYear& year : catalogue.calendar_years()) {
    if (year.complete) complete_years_.push_back(year.year);
  }
  std::sort(complete_years_.begin(), complete_years_.end());
}

bool Calendar::IsWorkingDay(LocalDate day) const {
  const std::int64_t number = day.DaysSinceEpoch();
  return PlaceInWeek(number) < kWeekdays &&
         !std::binary_search(holidays_.begin(), holidays_.end(), number);
}

std::int64_t Calendar::HolidaysUntil(std::int64_t day) const {
  return std::upper_bound(holidays_.begin(), holidays_.end(), day) - holidays_.begin();
}

std::int64_t Calendar::WorkingDaysUntil(std::int64_t day) const {
  return WeekdaysUntil(day) - HolidaysUntil(day);
}

std::int64_t Calendar::DayOfCount(std::int64_t count) const {
  // From a day that is too early by the holidays that lie before it, rise until it fits: the
  // first day that fits is a working day, because only these raise the count.
  std::int64_t day = DayOfWeekdays(count);
  for (;;) {
    const std::int64_t later = DayOfWeekdays(count + HolidaysUntil(day));
    if (later == day) return day;
    day = later;
  }
}

std::optional<CountedDay> Calendar::AddWorkingDays(LocalDate from, int n) const {
  const std::int64_t first = from.DaysSinceEpoch();
  std::int64_t last = first;
  if (n > 0) last = DayOfCount(WorkingDaysUntil(first) + n);
  if (n < 0) last = DayOfCount(WorkingDaysUntil(first - 1) + n + 1);
  const std::optional<LocalDate> day = LocalDate::FromDaysSinceEpoch(last);
  if (!day) return std::nullopt;
  return CountedDay{*day, IncompleteYears(std::min(from, *day), std::max(from, *day))};
}

std::vector<int> Calendar::IncompleteYears(LocalDate first, LocalDate last) const {
  std::vector<int> years;
  for (int year = first.year(); year <= last.year(); ++year) {
    if (!std::binary_search(complete_years_.begin(), complete_years_.end(), year)) {
      years.push_back(year);
    }
  }
  return years;
}

std::optional<LocalDate> AddDays(LocalDate from, int n) {
  return LocalDate::FromDaysSinceEpoch(from.DaysSinceEpoch() + n);
}

std::optional<LocalDate> DayAt(absl::Time time, reference::TimeZone zone) {
  const std::int64_t hours = absl::ToInt64Hours(time + OffsetOf(zone) - absl::UnixEpoch());
  // ToInt64Hours cuts towards zero: before 1970 that is up, unless it was a whole hour.
  const bool up = absl::UnixEpoch() + absl::Hours(hours) > time + OffsetOf(zone);
  return LocalDate::FromDaysSinceEpoch(FloorDiv(hours - (up ? 1 : 0), kHoursOfDay));
}

absl::Time StartOf(LocalDate day, reference::TimeZone zone) {
  return absl::UnixEpoch() + absl::Hours(day.DaysSinceEpoch() * kHoursOfDay) - OffsetOf(zone);
}

}  // namespace selaras::domain
