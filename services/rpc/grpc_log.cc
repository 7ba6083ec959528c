#include "services/rpc/grpc_log.h"

#include <mutex>

#include <grpc/support/log.h>

namespace selaras::rpc {
namespace {

std::mutex mutex;
runtime::Logger* current = nullptr;

runtime::Level LevelOf(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_ERROR:
      return runtime::Level::kWarning;  // of one connection: the node goes on
    case GPR_LOG_SEVERITY_INFO:
      return runtime::Level::kInfo;
    default:
      return runtime::Level::kDebug;
  }
}

void Forward(gpr_log_func_args* args) {
  const std::lock_guard lock(mutex);
  if (current != nullptr) {
    current->Write(LevelOf(args->severity), "grpc", {{"text", args->message}});
  }
}

}  // namespace

GrpcLog::GrpcLog(runtime::Logger& log) : log_(log) {
  const std::lock_guard lock(mutex);
  current = &log;
  gpr_set_log_function(&Forward);
}

GrpcLog::~GrpcLog() {
  const std::lock_guard lock(mutex);
  if (current == &log_) current = nullptr;
}

}  // namespace selaras::rpc
