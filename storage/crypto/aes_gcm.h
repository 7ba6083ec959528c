#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// AES-256-GCM (NIST SP 800-38D). A pair of key and nonce must never seal two texts: who seals twice
// with it gives both away. Any thread.
namespace selaras::crypto {

inline constexpr std::size_t kAesKeySize = 32;
inline constexpr std::size_t kGcmNonceSize = 12;
inline constexpr std::size_t kGcmTagSize = 16;

// The ciphertext, as long as `plaintext`, and the tag after it. `context` is not stored: who opens
// must give the same.
std::string SealAesGcm(absl::string_view key, absl::string_view nonce, absl::string_view context,
                       absl::string_view plaintext);

// DATA_LOSS if key, nonce, context and bytes do not belong together: nothing of it is told.
absl::StatusOr<std::string> OpenAesGcm(absl::string_view key, absl::string_view nonce,
                                       absl::string_view context, absl::string_view sealed);

}  // namespace selaras::crypto
