#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace selaras::rpc {

// FAILED_PRECONDITION, `<what>: <why>; <cure>`: the server does not start.
absl::Status AddressInUse(absl::string_view address);
absl::Status CannotListen(absl::string_view address, absl::string_view why);

// RESOURCE_EXHAUSTED: what one client has under way, or how often it calls, is more than it may.
absl::Status TooManyCalls(std::uint32_t most);                              // TOO_MANY_CALLS
absl::Status TooManyStreams(std::uint32_t most);                            // TOO_MANY_STREAMS
absl::Status TooManyRequests(std::uint32_t a_second, absl::Duration wait);  // TOO_MANY_REQUESTS

}  // namespace selaras::rpc
