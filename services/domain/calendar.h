#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"

#include "services/domain/local_date.h"
#include "services/reference/catalogue.h"

// Counting days as the law counts them: arithmetic on a catalogue's holidays. Pure; immutable, so
// any thread may use it.
namespace selaras::domain {

// A day that was counted, and what its reader must know about the calendar.
struct CountedDay {
  LocalDate day;
  // Years between the first and the last day of the count, both included, whose holidays are not
  // known to be complete: the day may come later than is said. Rising; empty for calendar days.
  std::vector<int> incomplete_years;
};

class Calendar {
 public:
  // Keeps what it needs of the catalogue; a row of holidays.tsv is a day off whatever its kind.
  explicit Calendar(const reference::Catalogue& catalogue);

  // Monday to Friday and no holiday.
  bool IsWorkingDay(LocalDate day) const;

  // The nth working day after `from`, or before it if n is negative; `from` itself does not
  // count. 0: `from`. Nothing if that lies outside the years 1 to 9999.
  std::optional<CountedDay> AddWorkingDays(LocalDate from, int n) const;

 private:
  // Working days from the calendar's first day to `day`, days as DaysSinceEpoch.
  std::int64_t WorkingDaysUntil(std::int64_t day) const;
  std::int64_t HolidaysUntil(std::int64_t day) const;
  // The working day until which there are that many.
  std::int64_t DayOfCount(std::int64_t count) const;
  std::vector<int> IncompleteYears(LocalDate first, LocalDate last) const;

  std::vector<std::int64_t> holidays_;  // on Monday to Friday, rising
  std::vector<int> complete_years_;     // rising
};

// Nothing outside the years 1 to 9999.
std::optional<LocalDate> AddDays(LocalDate from, int n);

// Which day it is at an office; nothing outside the years 1 to 9999.
std::optional<LocalDate> DayAt(absl::Time time, reference::TimeZone zone);

// The first moment of the day at an office.
absl::Time StartOf(LocalDate day, reference::TimeZone zone);

}  // namespace selaras::domain
