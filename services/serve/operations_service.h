#pragma once

#include <functional>
#include <memory>
#include <string>

#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/clock_guard.h"
#include "services/runtime/log.h"
#include "services/serve/link_hub.h"
#include "services/serve/restore_guard.h"
#include "storage/log/backups.h"

namespace selaras::serve {

// What the operators' service acts upon. Everything must outlive the service.
struct OperationsParts {
  runtime::ClockGuard& clock_guard;
  std::function<void()> clock_confirmed;
  LinkHub& hub;
  std::string store;  // the directory of the store
  log::Backups& backups;
  std::string backups_directory;  // empty: none are made
  RestoreGuard& restore_guard;
  runtime::Clock& clock;
  const runtime::Access& access;
  runtime::Logger& log;
};

// selaras.ledger.v1.OperationsService.
std::unique_ptr<rpc::Service> MakeOperationsService(OperationsParts parts);

}  // namespace selaras::serve
