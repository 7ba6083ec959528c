#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace selaras::domain {

// A key for look-ups of letters, agenda entries and decisions (SK): trimmed, runs of
// spaces collapsed to one, ASCII letters in upper case. Their forms differ too much
// between agencies for more. Never fails; it finds candidates, it identifies nothing.
std::string NormaliseLetterNumber(absl::string_view raw);

}  // namespace selaras::domain
