#pragma once

#include "absl/status/status.h"

#include "services/rpc/service.h"
#include "services/runtime/log.h"

namespace selaras::rpc {

// Writes one line about how a call ended, and counts it: codes and who called, never what was said.
void LogCall(runtime::Logger& log, const CallInfo& call, const absl::Status& status);

}  // namespace selaras::rpc
