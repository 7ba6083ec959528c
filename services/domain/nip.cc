#include "services/domain/nip.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

#include "services/domain/digits.h"
#include "services/domain/identifier_errors.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

constexpr std::size_t kDigits = 18;
constexpr int kFebruary = 2;

absl::StatusOr<LocalDate> ReadBirthDate(absl::string_view digits) {
  const absl::string_view year = digits.substr(0, 4);
  const absl::string_view month = digits.substr(4, 2);
  const absl::string_view day = digits.substr(6, 2);
  if (NumberOf(year) == 0) return ImpossiblePart("birth year", year);
  if (NumberOf(month) < 1 || NumberOf(month) > 12) return ImpossiblePart("birth month", month);
  if (NumberOf(day) == 0) return ImpossiblePart("birth day", day);
  const auto date = LocalDate::Of(NumberOf(year), NumberOf(month), NumberOf(day));
  if (date.has_value()) return *date;
  const bool leap_day = NumberOf(month) == kFebruary && NumberOf(day) == 29;
  return ImpossibleBirthDay(day, month, leap_day ? year : "");
}

}  // namespace

absl::StatusOr<Nip> ParseNip(absl::string_view text, EmploymentStatus status) {
  ASSIGN_OR_RETURN(std::string digits, ReadDigits(text));
  if (digits.size() != kDigits) return WrongDigitCount(digits.size());

  const absl::string_view view = digits;
  Nip nip;
  nip.status = status;
  ASSIGN_OR_RETURN(nip.birth_date, ReadBirthDate(view.substr(0, 8)));
  nip.appointment_year = NumberOf(view.substr(8, 4));
  const absl::string_view two = view.substr(12, 2);
  if (status == EmploymentStatus::kPns) {
    if (NumberOf(two) < 1 || NumberOf(two) > 12) return ImpossiblePart("appointment month", two);
    nip.appointment_month = NumberOf(two);
  } else {
    nip.contract_count = NumberOf(two);
  }
  const absl::string_view sex = view.substr(14, 1);
  if (sex != "1" && sex != "2") return ImpossiblePart("sex digit", sex);
  nip.sex = sex == "1" ? Sex::kMale : Sex::kFemale;
  nip.serial = NumberOf(view.substr(15, 3));
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
