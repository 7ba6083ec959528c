#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include "tools/selaras/options.h"

// How tools reach a node: mutual TLS, and what gRPC says in words of ours.
namespace selaras::cli {

// Does not connect yet: the first call does. NOT_FOUND or PERMISSION_DENIED if a certificate file
// cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const NodeAddress& address);

// What a call to the node at that address came to, with what it said in detail (error_text.h).
absl::Status StatusOf(const grpc::Status& status, const std::string& address);

}  // namespace selaras::cli
