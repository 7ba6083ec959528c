#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace selaras::base {

// INVALID_ARGUMENT: `what` must have exactly `wanted` bytes.
absl::Status WrongLength(absl::string_view what, std::size_t wanted, std::size_t found);

// INVALID_ARGUMENT: the text is not hexadecimal, or not strict base64. The text
// itself is not repeated: it may be a secret.
absl::Status NotHex();
absl::Status NotBase64();

// DATA_LOSS: stored or received bytes end too early, or do not end where they must.
absl::Status Truncated(std::size_t wanted, std::size_t left);
absl::Status TrailingBytes(std::size_t left);

}  // namespace selaras::base
