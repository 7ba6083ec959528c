#pragma once

#include "absl/status/status.h"
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

namespace selaras::rpc {

// Reads a request. INVALID_ARGUMENT, MALFORMED_REQUEST, unless the bytes are one.
absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message* request);

}  // namespace selaras::rpc
