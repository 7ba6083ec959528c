#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace selaras::domain {

enum class RegisterKind { kReport, kFinding };  // LP: laporan, TM: temuan

// What a register number of Bawaslu says, e.g. `05/reg/LP/PB/kab/03.19/X/2024`.
// Offices write it in many ways, so each part is absent where it is not recognised.
// The office code is Bawaslu's own, not a code of the region catalogue.
struct RegisterNumber {
  std::optional<int> sequence;
  std::optional<RegisterKind> kind;
  std::string office_code;  // `03.19`; empty if not recognised
  std::optional<int> year;
};

// Never fails. A number is recognised if it starts with its sequence and says LP or
// TM; everything is absent otherwise.
RegisterNumber ParseRegisterNumber(absl::string_view raw);

// A key for look-ups, the same for all ways of writing one number: upper case, and
// runs of `/`, `.` and spaces become one `/`, except a dot between two digits, which
// belongs to the office code: `05/REG/LP/PB/KAB/03.19/X/2024`. What is not recognised
// stays as it is. Different numbers may share a key in theory: it finds candidates,
// it identifies nothing.
std::string NormaliseRegisterNumber(absl::string_view raw);

}  // namespace selaras::domain
