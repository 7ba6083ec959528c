#include "services/domain/nik.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"

#include "services/domain/digits.h"
#include "services/domain/identifier_errors.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

constexpr std::size_t kNikDigits = 16;
constexpr std::size_t kNipDigits = 18;
constexpr std::size_t kOldNipDigits = 9;
constexpr int kWomanDay = 40;
constexpr int kAdultYears = 18;

absl::string_view WordOf(Sex sex) { return sex == Sex::kMale ? "male" : "female"; }

// The month in which somebody who was born on that day comes of age, as year * 12 + month.
int AdultMonth(LocalDate birth) { return (birth.year() + kAdultYears) * 12 + birth.month(); }

}  // namespace

std::vector<LocalDate> Nik::BirthDates() const {
  std::vector<LocalDate> dates;
  for (const int century : {2000, 1900}) {
    const auto date = LocalDate::Of(century + birth_year_of_century, birth_month, birth_day);
    if (date) dates.push_back(*date);
  }
  return dates;
}

absl::StatusOr<Nik> ParseNik(absl::string_view text) {
  ASSIGN_OR_RETURN(std::string digits, ReadDigits(text));
  if (digits.size() + 1 == kNikDigits) return LostLeadingZero(digits.size());
  if (digits.size() != kNikDigits) return WrongDigitCount(digits.size());
  const absl::string_view view = digits;
  Nik nik;
  nik.region_code = absl::StrCat(view.substr(0, 2), ".", view.substr(2, 2), ".", view.substr(4, 2));
  const int written_day = NumberOf(view.substr(6, 2));
  nik.sex = written_day > kWomanDay ? Sex::kFemale : Sex::kMale;
  nik.birth_day = written_day > kWomanDay ? written_day - kWomanDay : written_day;
  nik.birth_month = NumberOf(view.substr(8, 2));
  nik.birth_year_of_century = NumberOf(view.substr(10, 2));
  if (nik.birth_day < 1 || nik.birth_day > 31) {
    return ImpossiblePart("birth day", view.substr(6, 2));
  }
  if (nik.birth_month < 1 || nik.birth_month > 12) {
    return ImpossiblePart("birth month", view.substr(8, 2));
  }
  if (nik.BirthDates().empty()) {
    return ImpossibleBirthDay(view.substr(6, 2), view.substr(8, 2), "");
  }
  nik.serial = NumberOf(view.substr(12, 4));
  if (nik.serial == 0) return ImpossiblePart("serial", view.substr(12, 4));
  nik.digits = std::move(digits);
  return nik;
}

absl::StatusOr<std::string> ParseOldNip(absl::string_view text) {
  ASSIGN_OR_RETURN(std::string digits, ReadDigits(text));
  if (digits.size() != kOldNipDigits) return WrongDigitCount(digits.size());
  return digits;
}

IdentifierKind RecogniseIdentifier(absl::string_view text) {
  const auto digits = ReadDigits(text);
  if (!digits.ok()) return IdentifierKind::kNone;
  switch (digits->size()) {
    case kNipDigits:
      return IdentifierKind::kNip;
    case kNikDigits:
      return IdentifierKind::kNik;
    case kOldNipDigits:
      return IdentifierKind::kOldNip;
    default:
      return IdentifierKind::kNone;
  }
}

std::vector<std::string> CrossCheck(const Nip& nip, const std::optional<Nik>& nik) {
  std::vector<std::string> found;
  // Without a month the whole year of appointment counts, in the respondent's favour.
  const int appointed = nip.appointment_year * 12 + nip.appointment_month.value_or(12);
  if (appointed < AdultMonth(nip.birth_date)) {
    const std::string month =
        nip.appointment_month
            ? absl::StrCat("-", *nip.appointment_month < 10 ? "0" : "", *nip.appointment_month)
            : "";
    found.push_back(
        absl::StrCat("appointed in ", nip.appointment_year, month, ", before the age of 18"));
  }
  if (!nik) return found;
  const std::vector<LocalDate> dates = nik->BirthDates();
  if (std::find(dates.begin(), dates.end(), nip.birth_date) == dates.end()) {
    // The date with the year of the NIP's century, where there is one.
    LocalDate nearest = dates.back();
    for (const LocalDate date : dates) {
      if (date.year() / 100 == nip.birth_date.year() / 100) nearest = date;
    }
    found.push_back(absl::StrCat("born ", nip.birth_date.ToIso(), " by the NIP, ", nearest.ToIso(),
                                 " by the NIK"));
  }
  if (nik->sex != nip.sex) {
    found.push_back(
        absl::StrCat(WordOf(nip.sex), " by the NIP, ", WordOf(nik->sex), " by the NIK"));
  }
  return found;
}

}  // namespace selaras::domain
