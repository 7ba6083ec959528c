#include "tools/registers/cells.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/base/check.h"

namespace selaras::registers {
namespace {

using domain::LocalDate;

constexpr absl::string_view kNoBreakSpace = "\u00A0";
constexpr std::size_t kDateSize = 10;

// Digits at `at`, which must be within the text.
std::optional<int> Digits(absl::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Bytes of the character that begins with this one; 0 if none does.
std::size_t Utf8Size(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) return 3;
  return first < 0xF5 ? 4 : 0;
}

bool HasControlCharacter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\n' && c != '\t';
  });
}

}  // namespace

std::optional<LocalDate> ParseDate(absl::string_view text) {
  if (text.size() != kDateSize) return std::nullopt;
  if (text[4] == '-') return LocalDate::ParseIso(text);
  const char separator = text[2];
  if ((separator != '/' && separator != '-') || text[5] != separator) return std::nullopt;
  const auto day = Digits(text, 0, 2);
  const auto month = Digits(text, 3, 2);
  const auto year = Digits(text, 6, 4);
  if (!day || !month || !year) return std::nullopt;
  return LocalDate::Of(*year, *month, *day);
}

absl::string_view TrimCell(absl::string_view text) {
  for (;;) {
    const std::size_t before = text.size();
    text = absl::StripAsciiWhitespace(text);
    absl::ConsumePrefix(&text, kNoBreakSpace);
    absl::ConsumeSuffix(&text, kNoBreakSpace);
    if (text.size() == before) return text;
  }
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const auto first = static_cast<std::uint8_t>(text[0]);
    const std::size_t size = Utf8Size(first);
    if (size == 0 || size > text.size()) return false;
    for (std::size_t i = 1; i < size; ++i) {
      if ((static_cast<std::uint8_t>(text[i]) & 0xC0) != 0x80) return false;
    }
    // The second byte rules out what is too long, a surrogate, or beyond U+10FFFF.
    const auto second = size > 1 ? static_cast<std::uint8_t>(text[1]) : std::uint8_t{0};
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90)) {
      return false;
    }
    text.remove_prefix(size);
  }
  return true;
}

RowReader::RowReader(std::span<const absl::string_view> columns, std::span<const std::string> cells)
    : columns_(columns), cells_(cells) {
  SELARAS_CHECK(columns.size() == cells.size()) << "a cell for each column";
  for (std::size_t i = 0; i < cells.size() && !fault_; ++i) {
    if (!IsUtf8(cells[i])) {
      Refuse(columns[i], "not UTF-8");
    } else if (HasControlCharacter(cells[i])) {
      Refuse(columns[i], "control character");
    }
  }
}

std::size_t RowReader::IndexOf(absl::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  SELARAS_CHECK(found != columns_.end()) << "no column " << column;
  return static_cast<std::size_t>(found - columns_.begin());
}

absl::string_view RowReader::Raw(absl::string_view column) const { return cells_[IndexOf(column)]; }

std::string RowReader::Text(absl::string_view column, std::size_t bytes_max) {
  const absl::string_view text = Raw(column);
  if (text.size() > bytes_max) Refuse(column, absl::StrCat("longer than ", bytes_max, " bytes"));
  return std::string(text);
}

void RowReader::Require(absl::string_view column, absl::string_view why) {
  if (IsEmpty(column)) Refuse(column, why);
}

std::optional<LocalDate> RowReader::Date(absl::string_view column) {
  if (IsEmpty(column)) return std::nullopt;
  const auto date = ParseDate(Raw(column));
  if (!date) Refuse(column, "not a date");
  return date;
}

void RowReader::CheckOrder(std::initializer_list<DatedColumn> chain, absl::string_view event) {
  // Where nothing came before, any date is in order.
  LocalDate event_date;
  LocalDate previous_date;
  absl::string_view previous;
  for (const auto& [column, date] : chain) {
    if (!date) continue;
    if (column == event) event_date = *date;
    if (*date < event_date) {
      Refuse(column, "before the event");
    } else if (*date < previous_date) {
      Refuse(column, absl::StrCat("before ", previous));
    }
    previous_date = *date;
    previous = column;
  }
}

void RowReader::Refuse(absl::string_view column, absl::string_view why) {
  const std::size_t index = IndexOf(column);
  if (fault_ && IndexOf(fault_->column) <= index) return;
  fault_ = Fault{columns_[index], std::string(why)};
}

}  // namespace selaras::registers
