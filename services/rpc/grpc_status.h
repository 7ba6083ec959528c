#pragma once

#include "absl/status/status.h"
#include <grpcpp/support/status.h>

// The one place where our errors become gRPC's, and back.
namespace selaras::rpc {

// The same code; a message that is valid UTF-8 and at most 1 KiB; as details the payloads that are
// google.rpc messages. Every error has an ErrorInfo (domain `selaras`; without a reason of its own
// the name of the code), RESOURCE_EXHAUSTED and UNAVAILABLE a RetryInfo.
grpc::Status ToGrpc(const absl::Status& status);

// What a peer or server answered. Details become payloads again.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace selaras::rpc
