#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace selaras::runtime {

// Where the text stops being UTF-8; npos if it does not.
std::size_t FindNoUtf8(absl::string_view text);

// The text as UTF-8 of at most `bytes_max` bytes: bytes that are none become U+FFFD, and a text
// that was cut ends in an ellipsis. `bytes_max` is at least 3.
std::string CleanUtf8(absl::string_view text, std::size_t bytes_max);

// The text on one line, of visible characters only: control characters, line ends and what is no
// UTF-8 are escaped as in C (`\n`, `\x1b`).
std::string OneLine(absl::string_view text);

// What somebody wrote, as it can stand in an error: its first 128 bytes, clean, on one line and
// in quotes.
std::string Quoted(absl::string_view text);

}  // namespace selaras::runtime
