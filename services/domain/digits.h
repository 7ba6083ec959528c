#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Numbers of persons as people and spreadsheets write them.
namespace selaras::domain {

// The digits alone: spaces, dots, no-break spaces and a spreadsheet's leading apostrophe are
// dropped. INVALID_ARGUMENT "damaged by a spreadsheet" or "not digits".
absl::StatusOr<std::string> ReadDigits(absl::string_view text);

// `digits` are digits, at most nine.
int NumberOf(absl::string_view digits);

}  // namespace selaras::domain
