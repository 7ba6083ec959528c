#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

// The code by which a reporter, of whom nothing else is known, asks for status and messages: 80
// bits as 16 letters and digits of Crockford's base32, `7Q2M-9XKD-04RT-HZ5A`. No letter looks like
// a digit, so it survives handwriting and telephones.
namespace selaras::domain {

inline constexpr std::size_t kReceiptCodeBytes = 10;

// As it is handed out. `bytes` are 10.
std::string FormatReceiptCode(absl::string_view bytes);

// The same form of whatever a person wrote: case, spaces and hyphens do not matter, O is read as 0,
// I and L as 1. Nothing if it is no code.
std::optional<std::string> ReadReceiptCode(absl::string_view text);

}  // namespace selaras::domain
