#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace selaras::log {

inline constexpr std::size_t kLogNameBytesMax = 128;

// A node named `bawaslu-13` writes the shared log `bawaslu-13` and this private one:
// `bawaslu-13/private`.
std::string PrivateLogName(absl::string_view node);

// What checkpoints of the log show, and the name of the key that signs them:
// `selaras/<name of the log>`.
std::string OriginOf(absl::string_view log);

// The name of the key with which a node, or a witness outside, cosigns checkpoints:
// `selaras/<name>/witness`.
std::string WitnessKeyNameOf(absl::string_view name);

// INVALID_ARGUMENT unless the name has 1 to kLogNameBytesMax of the characters a-z A-Z 0-9
// . _ - and slashes between them. A node's name has no slash.
absl::Status CheckLogName(absl::string_view name);
absl::Status CheckNodeName(absl::string_view name);

}  // namespace selaras::log
