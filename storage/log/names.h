#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace selaras::log {

inline constexpr std::size_t kLogNameBytesMax = 128;

// A node named `bawaslu-13` writes the shared log `bawaslu-13` and this private one:
// `bawaslu-13/private`.
std::string PrivateLogName(absl::string_view node);
// Whether it is the name of a private log.
bool IsPrivateLog(absl::string_view log);

// What checkpoints of the log show, and the name of the key that signs them:
// `selaras/<name of the log>`.
std::string OriginOf(absl::string_view log);

// A log that was closed goes on under the same name in a successor, with an origin of its own so
// that statements of both are never confused: `selaras/<name of the log>/successor-<n>` is the n-th
// log of that name. The first one's is the one above.
std::string OriginOf(absl::string_view log, std::uint32_t generation);
// The name of the log and the n of an origin. Of what is no origin: the text itself, and 1.
std::string LogOfOrigin(absl::string_view origin);
std::uint32_t GenerationOf(absl::string_view origin);

// The name of the key with which a node, or a witness outside, cosigns checkpoints:
// `selaras/<name>/witness`.
std::string WitnessKeyNameOf(absl::string_view name);

// INVALID_ARGUMENT unless the name has 1 to kLogNameBytesMax of the characters a-z A-Z 0-9
// . _ - and slashes between them. A node's name has no slash.
absl::Status CheckLogName(absl::string_view name);
absl::Status CheckNodeName(absl::string_view name);

}  // namespace selaras::log
