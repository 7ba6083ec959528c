#pragma once

#include <memory>

#include "absl/status/statusor.h"

#include "tools/selaras/node.h"
#include "tools/selaras/options.h"

namespace selaras::cli {

// A node behind mutual TLS. Does not connect yet: the first call does. NOT_FOUND or
// PERMISSION_DENIED if a certificate file cannot be read.
absl::StatusOr<std::unique_ptr<Node>> ConnectNode(const NodeAddress& address);

}  // namespace selaras::cli
