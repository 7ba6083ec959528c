#include "services/domain/digits.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"

#include "services/domain/identifier_errors.h"

namespace selaras::domain {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// 1,98001E+17: what a spreadsheet makes of a long number. Digits are lost for good.
bool IsScientific(absl::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == absl::string_view::npos) return false;
  absl::string_view exponent = text.substr(e + 1);
  if (!exponent.empty() && (exponent[0] == '+' || exponent[0] == '-')) exponent.remove_prefix(1);
  const absl::string_view mantissa = text.substr(0, e);
  return !mantissa.empty() && IsDigit(mantissa[0]) && !exponent.empty() &&
         std::all_of(exponent.begin(), exponent.end(), IsDigit) &&
         std::all_of(mantissa.begin(), mantissa.end(),
                     [](char c) { return IsDigit(c) || c == ',' || c == '.'; });
}

// Without what people and spreadsheets put between and around the digits, including
// the no-break space that comes with copied cells.
std::string Strip(absl::string_view text) {
  std::string stripped = absl::StrReplaceAll(text, {{" ", ""}, {"\t", ""}, {"\u00A0", ""}});
  if (absl::StartsWith(stripped, "'")) stripped.erase(0, 1);
  return stripped;
}

}  // namespace

absl::StatusOr<std::string> ReadDigits(absl::string_view text) {
  std::string digits = Strip(text);
  if (IsScientific(digits)) return DamagedBySpreadsheet();
  digits = absl::StrReplaceAll(digits, {{".", ""}});
  if (!std::all_of(digits.begin(), digits.end(), IsDigit)) return NotDigits();
  return digits;
}

int NumberOf(absl::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

}  // namespace selaras::domain
