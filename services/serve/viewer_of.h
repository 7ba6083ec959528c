#pragma once

#include <optional>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/types.pb.h"

#include "services/node/viewer.h"
#include "services/rpc/service.h"

namespace selaras::serve {

// For whom a call reads, as the access table lets it.
inline node::Viewer ViewerOf(const rpc::CallInfo& call) {
  return {.authorities = call.grant.looks_for,
          .sees_reporters = call.grant.sees_reporters,
          .whole_node = call.grant.whole_node};
}

// By what right the caller acts for the authority; nothing: by its own.
std::optional<event::v1::Delegation> DelegationOf(const rpc::CallInfo& call,
                                                  absl::string_view authority);

}  // namespace selaras::serve
