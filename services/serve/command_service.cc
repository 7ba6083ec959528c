#include "services/serve/command_service.h"

#include "services/rpc/grpc_status.h"
#include "storage/base/check.h"

namespace selaras::serve {

void SetError(const absl::Status& status, command::v1::CommandResult* result) {
  const bool same_bytes =
      result->mutable_error()->ParseFromString(rpc::ToGrpc(status).error_details());
  SELARAS_CHECK(same_bytes) << "CommandError has the fields of google.rpc.Status";
}

}  // namespace selaras::serve
