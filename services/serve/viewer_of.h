#pragma once

#include "services/node/viewer.h"
#include "services/rpc/service.h"

namespace selaras::serve {

// For whom a call reads, as the access table lets it.
inline node::Viewer ViewerOf(const rpc::CallInfo& call) {
  return {.authorities = call.grant.looks_for,
          .sees_reporters = call.grant.sees_reporters,
          .whole_node = call.grant.whole_node};
}

}  // namespace selaras::serve
