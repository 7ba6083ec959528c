#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "services/node/decider.h"
#include "services/rpc/service.h"
#include "services/runtime/main.h"
#include "services/serve/parts.h"
#include "services/serve/scrubber.h"
#include "storage/log/backups.h"
#include "storage/log/store.h"

namespace selaras::serve {

// What tells one role from another.
struct Role {
  std::string name;  // intake, referral or sanction
  std::unique_ptr<node::Decider> decider;
  // Makes the service of the role's commands, and whatever else only this role serves.
  std::function<std::vector<std::unique_ptr<rpc::Service>>(const Parts&)> make_services;
};

// Puts a node together over its store and serves. `backups` are of that store and live as long.
// `scrubbing` is how that store is verified while it is written.
// Errors read `<what>: <why>; <cure>`.
absl::StatusOr<std::unique_ptr<runtime::RunningService>> StartNode(
    runtime::Environment environment, std::unique_ptr<log::Store> store, log::Backups& backups,
    Scrubbing scrubbing, Role role);

}  // namespace selaras::serve
