#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/node/decider.h"
#include "services/node/sequencer.h"
#include "services/rpc/service.h"
#include "services/runtime/main.h"
#include "storage/log/store.h"

namespace selaras::serve {

// What tells one role from another.
struct Role {
  std::string name;  // intake, referral or sanction
  std::unique_ptr<node::Decider> decider;
  // Makes the service of the role's commands.
  std::function<std::unique_ptr<rpc::Service>(node::Sequencer&, const runtime::NodeAuthorities&,
                                              runtime::Logger&)>
      make_commands;
};

// Puts a node together over its store and serves. Errors read `<what>: <why>; <cure>`.
absl::StatusOr<std::unique_ptr<runtime::RunningService>> StartNode(
    runtime::Environment environment, std::unique_ptr<log::Store> store, Role role);

}  // namespace selaras::serve
