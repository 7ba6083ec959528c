#include "tests/support/calendar_reference.h"

#include <chrono>

namespace selaras::test {

bool IsDayOff(const reference::Catalogue& catalogue, reference::LocalDate day) {
  const std::chrono::weekday weekday(std::chrono::sys_days(
      std::chrono::year(day.year()) / std::chrono::month(static_cast<unsigned>(day.month())) /
      std::chrono::day(static_cast<unsigned>(day.day()))));
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday ||
         catalogue.FindHoliday(day) != nullptr;
}

std::optional<reference::LocalDate> WalkWorkingDays(const reference::Catalogue& catalogue,
                                                    reference::LocalDate from, int n) {
  const int step = n < 0 ? -1 : 1;
  for (int left = n; left != 0;) {
    const auto next = reference::LocalDate::FromDaysSinceEpoch(from.DaysSinceEpoch() + step);
    if (!next) return std::nullopt;
    from = *next;
    if (!IsDayOff(catalogue, from)) left -= step;
  }
  return from;
}

}  // namespace selaras::test
