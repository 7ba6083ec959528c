#include "services/rpc/call_log.h"

#include <string>

#include "absl/strings/cord.h"

#include "google/rpc/error_details.pb.h"
#include "services/rpc/call_counts.h"
#include "services/runtime/identity.h"

namespace selaras::rpc {
namespace {

// Whoever runs the node sees our own faults and refused callers; the rest is daily life.
runtime::Level LevelOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return runtime::Level::kError;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return runtime::Level::kWarning;
    default:
      return runtime::Level::kDebug;
  }
}

// The code of the reason; texts stay out of the log, because some repeat what a caller wrote.
std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload || !info.ParseFromString(std::string(*payload))) return "";
  return info.reason();
}

}  // namespace

void LogCall(runtime::Logger& log, const CallInfo& call, const absl::Status& status) {
  CallCounts::OfProcess().Add(call.method, status.code());
  const runtime::Level level = LevelOf(status.code());
  if (!log.Shows(level)) return;
  const bool known = !call.caller.authority.empty();
  log.Write(level, "call",
            {{"method", call.method},
             {"code", absl::StatusCodeToString(status.code())},
             {"role", known ? runtime::NameOf(call.caller.role) : "none"},
             {"authority", call.caller.authority},
             {"reason", ReasonOf(status)},
             {"from", call.from}});
}

}  // namespace selaras::rpc
