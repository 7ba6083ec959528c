#include "services/rpc/messages.h"

#include "absl/strings/str_cat.h"
#include <grpcpp/support/proto_buffer_reader.h>

#include "services/runtime/refusal.h"

namespace selaras::rpc {

absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message* request) {
  grpc::ByteBuffer held(bytes);  // the reader wants one that it may change; bytes are shared
  grpc::ProtoBufferReader reader(&held);
  if (held.Valid() && reader.status().ok() && request->ParseFromZeroCopyStream(&reader)) {
    return absl::OkStatus();
  }
  return runtime::Refusal(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
                          absl::StrCat("the bytes are no ", request->GetDescriptor()->full_name(),
                                       ": malformed, or text that is no UTF-8"));
}

}  // namespace selaras::rpc
