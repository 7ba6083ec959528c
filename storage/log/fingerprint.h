#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace selaras::log {

// What two people read to each other to know that they hold the same text: the beginning of its
// SHA-256, 32 hexadecimal digits in groups of four, `0a1b-2c3d-…`.
std::string FingerprintOfText(absl::string_view text);

}  // namespace selaras::log
