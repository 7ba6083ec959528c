#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Why an identifier is not well formed. The text is the reason alone, short enough for
// a column of a list of refused rows; who reports it adds the field.
namespace selaras::domain {

absl::Status DamagedBySpreadsheet();
absl::Status NotDigits();
absl::Status WrongDigitCount(std::size_t count);
// One digit short, as when a spreadsheet took the first for a number's leading zero.
absl::Status LostLeadingZero(std::size_t count);

// A number of another system, e.g. ("empty").
absl::Status BadReference(absl::string_view reason);

// A code of a place, e.g. ("not digits and dots").
absl::Status BadPlaceCode(absl::string_view reason);
absl::Status WrongPlaceDigits(std::size_t count, absl::string_view allowed);

// A part of the number that cannot be, e.g. ("birth month", "13").
absl::Status ImpossiblePart(absl::string_view part, absl::string_view digits);

// A day that its month does not have; the year is named if another year would have it.
absl::Status ImpossibleBirthDay(absl::string_view day, absl::string_view month,
                                absl::string_view common_year_or_empty);

}  // namespace selaras::domain
