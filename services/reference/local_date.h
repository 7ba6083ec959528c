#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace selaras::reference {

// A date as an office writes it: no time of day and no zone, which belong to
// whoever recorded it. Always a date that exists; years 1 to 9999.
class LocalDate {
 public:
  // 0001-01-01, so that dates can stand in structs that are filled in later.
  constexpr LocalDate() = default;

  // Nothing if there is no such day.
  static std::optional<LocalDate> Of(int year, int month, int day);

  // The date that lies `days` after 1970-01-01; nothing outside the years 1 to 9999.
  static std::optional<LocalDate> FromDaysSinceEpoch(std::int64_t days);

  // Reads exactly `yyyy-mm-dd`; nothing if it is written otherwise or does not exist.
  static std::optional<LocalDate> ParseIso(absl::string_view text);

  constexpr int year() const { return year_; }
  constexpr int month() const { return month_; }
  constexpr int day() const { return day_; }

  // 0 on 1970-01-01, negative before.
  std::int64_t DaysSinceEpoch() const;

  // `yyyy-mm-dd`; ParseIso reads it back.
  std::string ToIso() const;

  friend constexpr auto operator<=>(const LocalDate&, const LocalDate&) = default;

 private:
  constexpr LocalDate(int year, int month, int day)
      : year_(static_cast<std::int16_t>(year)),
        month_(static_cast<std::int8_t>(month)),
        day_(static_cast<std::int8_t>(day)) {}

  // In the order in which dates compare.
  std::int16_t year_ = 1;
  std::int8_t month_ = 1;
  std::int8_t day_ = 1;
};

// How many days that month has; `month` is 1 to 12.
int DaysInMonth(int year, int month);

}  // namespace selaras::reference
