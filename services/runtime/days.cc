#include "services/runtime/days.h"

#include <algorithm>
#include <cstdint>

namespace selaras::runtime {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kWib = absl::Hours(7);

}  // namespace

reference::LocalDate UtcDay(absl::Time moment) {
  const std::int64_t days = absl::ToInt64Hours(absl::Floor(moment - absl::UnixEpoch(), kDay)) / 24;
  return reference::LocalDate::FromDaysSinceEpoch(days).value_or(reference::LocalDate());
}

reference::LocalDate WibDay(absl::Time moment) { return UtcDay(moment + kWib); }

absl::Time EndOfUtcDay(const reference::LocalDate& day) {
  return absl::UnixEpoch() + kDay * (day.DaysSinceEpoch() + 1);
}

}  // namespace selaras::runtime
