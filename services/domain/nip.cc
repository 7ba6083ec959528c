#include "services/domain/nip.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"

#include "services/domain/identifier_errors.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

constexpr std::size_t kDigits = 18;
constexpr int kFebruary = 2;

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

// `digits` are digits, at most four.
int Number(absl::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

absl::StatusOr<LocalDate> ReadBirthDate(absl::string_view digits) {
  const absl::string_view year = digits.substr(0, 4);
  const absl::string_view month = digits.substr(4, 2);
  const absl::string_view day = digits.substr(6, 2);
  if (Number(year) == 0) return ImpossiblePart("birth year", year);
  if (Number(month) < 1 || Number(month) > 12) return ImpossiblePart("birth month", month);
  if (Number(day) == 0) return ImpossiblePart("birth day", day);
  const auto date = LocalDate::Of(Number(year), Number(month), Number(day));
  if (date.has_value()) return *date;
  const bool leap_day = Number(month) == kFebruary && Number(day) == 29;
  return ImpossibleBirthDay(day, month, leap_day ? year : "");
}

}  // namespace

absl::StatusOr<Nip> ParseNip(absl::string_view text, EmploymentStatus status) {
  std::string digits = Strip(text);
  if (IsScientific(digits)) return DamagedBySpreadsheet();
  digits = absl::StrReplaceAll(digits, {{".", ""}});
  if (!std::all_of(digits.begin(), digits.end(), IsDigit)) return NotDigits();
  if (digits.size() != kDigits) return WrongDigitCount(digits.size());

  const absl::string_view view = digits;
  Nip nip;
  nip.status = status;
  ASSIGN_OR_RETURN(nip.birth_date, ReadBirthDate(view.substr(0, 8)));
  nip.appointment_year = Number(view.substr(8, 4));
  const absl::string_view two = view.substr(12, 2);
  if (status == EmploymentStatus::kPns) {
    if (Number(two) < 1 || Number(two) > 12) return ImpossiblePart("appointment month", two);
    nip.appointment_month = Number(two);
  } else {
    nip.contract_count = Number(two);
  }
  const absl::string_view sex = view.substr(14, 1);
  if (sex != "1" && sex != "2") return ImpossiblePart("sex digit", sex);
  nip.sex = sex == "1" ? Sex::kMale : Sex::kFemale;
  nip.serial = Number(view.substr(15, 3));
  if (nip.serial == 0 && status == EmploymentStatus::kPns) {
    return ImpossiblePart("serial", view.substr(15, 3));
  }
  nip.digits = std::move(digits);
  return nip;
}

std::optional<EmploymentStatus> ParseEmploymentStatus(absl::string_view text) {
  for (const EmploymentStatus status : {EmploymentStatus::kPns, EmploymentStatus::kPppk}) {
    if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(text), NameOf(status))) return status;
  }
  return std::nullopt;
}

}  // namespace selaras::domain
