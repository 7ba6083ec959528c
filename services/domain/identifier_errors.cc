#include "services/domain/identifier_errors.h"

#include "absl/strings/str_cat.h"

namespace selaras::domain {

absl::Status DamagedBySpreadsheet() {
  return absl::InvalidArgumentError("damaged by a spreadsheet");
}

absl::Status NotDigits() { return absl::InvalidArgumentError("not digits"); }

absl::Status WrongDigitCount(std::size_t count) {
  return absl::InvalidArgumentError(absl::StrCat(count, count == 1 ? " digit" : " digits"));
}

absl::Status LostLeadingZero(std::size_t count) {
  return absl::InvalidArgumentError(absl::StrCat(count, " digits; a leading zero may be lost"));
}

absl::Status BadReference(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

absl::Status BadPlaceCode(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

absl::Status WrongPlaceDigits(std::size_t count, absl::string_view allowed) {
  return absl::InvalidArgumentError(
      absl::StrCat(count, count == 1 ? " digit" : " digits", "; a code has ", allowed));
}

absl::Status ImpossiblePart(absl::string_view part, absl::string_view digits) {
  return absl::InvalidArgumentError(absl::StrCat(part, " ", digits));
}

absl::Status ImpossibleBirthDay(absl::string_view day, absl::string_view month,
                                absl::string_view common_year_or_empty) {
  const absl::string_view of = common_year_or_empty.empty() ? "" : " of ";
  return absl::InvalidArgumentError(
      absl::StrCat("birth day ", day, " in month ", month, of, common_year_or_empty));
}

}  // namespace selaras::domain
