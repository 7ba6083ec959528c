#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace selaras::crypto {

// HKDF with SHA-256 (RFC 5869): `size` bytes, 1 to 8,160, from a secret that is not one of few.
// `salt` need not be secret; `info` keeps uses of one key apart. Any thread.
std::string HkdfSha256(absl::string_view key, absl::string_view salt, absl::string_view info,
                       std::size_t size);

}  // namespace selaras::crypto
