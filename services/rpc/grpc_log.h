#pragma once

#include "services/runtime/log.h"

namespace selaras::rpc {

// Sends what gRPC logs through `log` as long as this object lives; otherwise it writes to stderr in
// its own way. Of a connection that was refused it says why. One at a time: gRPC has one log per
// process.
class GrpcLog {
 public:
  explicit GrpcLog(runtime::Logger& log);
  GrpcLog(const GrpcLog&) = delete;
  GrpcLog& operator=(const GrpcLog&) = delete;
  ~GrpcLog();

 private:
  runtime::Logger& log_;
};

}  // namespace selaras::rpc
