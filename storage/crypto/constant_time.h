#pragma once

#include "absl/strings/string_view.h"

namespace selaras::crypto {

// Whether the bytes are equal, in a time that depends only on their number: for
// tags and secrets. Different lengths are unequal at once.
bool ConstantTimeEqual(absl::string_view a, absl::string_view b);

}  // namespace selaras::crypto
