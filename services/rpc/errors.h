#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace selaras::rpc {

// FAILED_PRECONDITION, `<what>: <why>; <cure>`: the server does not start.
absl::Status AddressInUse(absl::string_view address);
absl::Status CannotListen(absl::string_view address, absl::string_view why);

}  // namespace selaras::rpc
