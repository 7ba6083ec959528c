#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace selaras::rocks {

// CRC-32C (RFC 3720 B.4), as RocksDB's write-ahead log uses it.
std::uint32_t Crc32c(absl::string_view bytes);

}  // namespace selaras::rocks
