#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace selaras::log {

// Takes the first code point off `text`. Nothing, and `text` unchanged, if it is empty or does
// not begin with well-formed UTF-8 (overlong forms and surrogates are not).
std::optional<std::uint32_t> TakeCodePoint(absl::string_view* text);

// White space as Unicode defines it: what the name of a key must not contain.
bool IsSpace(std::uint32_t code_point);

}  // namespace selaras::log
