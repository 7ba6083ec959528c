#include "services/rpc/grpc_log.h"

#include <mutex>

#include <grpc/support/log.h>

#include "services/rpc/handshake_log.h"
#include "services/runtime/rate_limit.h"
#include "storage/crypto/handshake.h"

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

// A stranger can try as often as he likes: the log has so many lines of one reason at once and then
// an hour. All are counted.
constexpr runtime::RateLimit::Options kLines{.at_once = 60, .an_hour = 600, .all_keys = 8};

runtime::RateLimit& Lines() {
  static runtime::RateLimit lines(kLines);
  return lines;
}

void WriteRefused(const RefusedConnection& refused) {
  RefusedConnections::OfProcess().Add(refused.reason);
  if (Lines().Take(refused.reason, current->Monotonic()) > absl::ZeroDuration()) return;
  current->Warning("connection refused", {{"reason", refused.reason},
                                          {"why", refused.why},
                                          {"claims", refused.claims},
                                          {"cure", refused.cure}});
}

void Forward(gpr_log_func_args* args) {
  const std::lock_guard lock(mutex);
  if (current == nullptr) return;
  if (const auto refused = ExplainHandshake(args->message)) return WriteRefused(*refused);
  current->Write(LevelOf(args->severity), "grpc", {{"text", args->message}});
}

}  // namespace

GrpcLog::GrpcLog(runtime::Logger& log) : log_(log) {
  crypto::WatchHandshakes();
  const std::lock_guard lock(mutex);
  current = &log;
  gpr_set_log_function(&Forward);
}

GrpcLog::~GrpcLog() {
  const std::lock_guard lock(mutex);
  if (current == &log_) current = nullptr;
}

}  // namespace selaras::rpc
