#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/domain/local_date.h"
#include "services/reference/rows.h"

namespace selaras::domain {

using reference::EmploymentStatus;
using reference::NameOf;

enum class Sex { kMale = 1, kFemale = 2 };

// The number of a civil servant, well formed. It says nothing about whether such a
// person exists: there is no check digit. Personal data: do not log it.
struct Nip {
  std::string digits;  // 18, without spaces or dots: the key for look-ups
  EmploymentStatus status = EmploymentStatus::kPns;
  LocalDate birth_date;
  int appointment_year = 0;
  std::optional<int> appointment_month;  // PNS: 1 to 12
  std::optional<int> contract_count;     // PPPK: changes with each contract
  Sex sex = Sex::kMale;
  int serial = 0;

  friend bool operator==(const Nip& a, const Nip& b) {
    return a.digits == b.digits && a.status == b.status;
  }
};

// Reads a number as people write it: spaces, dots and a spreadsheet's leading
// apostrophe are dropped.
//
// INVALID_ARGUMENT with the reason alone as text, the first that applies from left to
// right: "damaged by a spreadsheet", "not digits", "17 digits", "birth year 0000",
// "birth month 13", "birth day 31 in month 02", "appointment month 00" (PNS only),
// "sex digit 3", "serial 000" (PNS only). The reason names only the digits at fault.
absl::StatusOr<Nip> ParseNip(absl::string_view text, EmploymentStatus status);

// `PNS` or `PPPK`, without regard to case; nothing otherwise.
std::optional<EmploymentStatus> ParseEmploymentStatus(absl::string_view text);

}  // namespace selaras::domain
