#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/domain/local_date.h"
#include "services/domain/nip.h"

namespace selaras::domain {

// The number of a resident, well formed. Personal data: do not log it.
struct Nik {
  std::string digits;       // 16
  std::string region_code;  // `PP.KK.CC` of the first registration: never looked up in the
                            // regions of today, which may have been split since
  int birth_day = 0;
  int birth_month = 0;
  int birth_year_of_century = 0;  // the century is not in the number
  Sex sex = Sex::kMale;           // of a woman the day is written plus 40
  int serial = 0;

  // The dates of birth that it can mean, the later first.
  std::vector<LocalDate> BirthDates() const;
};

// Reads a number as people write it, like ParseNip. INVALID_ARGUMENT with the reason alone, the
// first that applies from left to right: "damaged by a spreadsheet", "not digits", "15 digits; a
// leading zero may be lost", "17 digits", "birth day 35" (neither 01-31 nor 41-71), "birth month
// 13", "birth day 31 in month 02", "serial 0000".
absl::StatusOr<Nik> ParseNik(absl::string_view text);

// The NIP of nine digits that civil servants had before 2008: it says nothing about the person and
// is a reference, not the NIP that a referral needs. INVALID_ARGUMENT with the reason alone.
absl::StatusOr<std::string> ParseOldNip(absl::string_view text);

// What an identifier of a respondent is, by its digits alone.
enum class IdentifierKind { kNone, kNip, kOldNip, kNik };
IdentifierKind RecogniseIdentifier(absl::string_view text);

// What does not agree within a NIP and with a NIK. Each is a reason to look, none proves a
// mistake: "born 1980-01-02 by the NIP, 1980-01-01 by the NIK", "male by the NIP, female by the
// NIK", "appointed in 1990-03, before the age of 18", "appointed in 1990, before the age of 18".
std::vector<std::string> CrossCheck(const Nip& nip, const std::optional<Nik>& nik);

}  // namespace selaras::domain
