#include "services/reference/local_date.h"

#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

namespace selaras::reference {
namespace {

constexpr int kYearMin = 1;
constexpr int kYearMax = 9999;

std::chrono::year_month_day ToChrono(int year, int month, int day) {
  return std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) /
         std::chrono::day(static_cast<unsigned>(day));
}

}  // namespace

int DaysInMonth(int year, int month) {
  const auto last = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) /
                    std::chrono::last;
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

std::optional<LocalDate> LocalDate::Of(int year, int month, int day) {
  if (year < kYearMin || year > kYearMax || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > DaysInMonth(year, month)) return std::nullopt;
  return LocalDate(year, month, day);
}

std::optional<LocalDate> LocalDate::FromDaysSinceEpoch(std::int64_t days) {
  const std::int64_t first = LocalDate(kYearMin, 1, 1).DaysSinceEpoch();
  const std::int64_t last = LocalDate(kYearMax, 12, 31).DaysSinceEpoch();
  if (days < first || days > last) return std::nullopt;
  const std::chrono::year_month_day date(
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days))));
  return LocalDate(static_cast<int>(date.year()),
                   static_cast<int>(static_cast<unsigned>(date.month())),
                   static_cast<int>(static_cast<unsigned>(date.day())));
}

std::optional<LocalDate> LocalDate::ParseIso(absl::string_view text) {
  constexpr absl::string_view kShape = "dddd-dd-dd";
  if (text.size() != kShape.size()) return std::nullopt;
  int numbers[3] = {0, 0, 0};
  int which = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kShape[i] == '-') {
      if (text[i] != '-') return std::nullopt;
      ++which;
    } else {
      if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return std::nullopt;
      numbers[which] = numbers[which] * 10 + (text[i] - '0');
    }
  }
  return Of(numbers[0], numbers[1], numbers[2]);
}

std::int64_t LocalDate::DaysSinceEpoch() const {
  return std::chrono::sys_days(ToChrono(year_, month_, day_)).time_since_epoch().count();
}

std::string LocalDate::ToIso() const {
  return absl::StrFormat("%04d-%02d-%02d", year_, month_, day_);
}

}  // namespace selaras::reference
