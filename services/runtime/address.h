#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::runtime {

struct Address {
  std::string host;  // without the brackets of IPv6
  std::uint16_t port = 0;

  // `host:port`, with brackets around IPv6.
  std::string ToString() const;
};

// Reads `host:port`: a name, an IPv4 address, or an IPv6 address in brackets. INVALID_ARGUMENT
// for everything else. Nothing is resolved.
absl::StatusOr<Address> ParseAddress(absl::string_view text);

}  // namespace selaras::runtime
