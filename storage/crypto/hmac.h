#pragma once

#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"

namespace selaras::crypto {

// HMAC-SHA-256 (RFC 2104) under a key of any length. Any thread.
base::Digest HmacSha256(absl::string_view key, absl::string_view message);

}  // namespace selaras::crypto
