#pragma once

#include "absl/status/status.h"

#include "services/runtime/address.h"

namespace selaras::rpc {

// Whether this machine lets us listen on the address now. gRPC only says that it could not.
// FAILED_PRECONDITION names the reason and the cure.
absl::Status CheckListen(const runtime::Address& address);

}  // namespace selaras::rpc
