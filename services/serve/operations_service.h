#pragma once

#include <functional>
#include <memory>

#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/clock_guard.h"
#include "services/runtime/log.h"

namespace selaras::serve {

// selaras.ledger.v1.OperationsService. `confirmed` is called after the clock was confirmed.
// Everything handed in must outlive the service.
std::unique_ptr<rpc::Service> MakeOperationsService(runtime::ClockGuard& clock_guard,
                                                    std::function<void()> confirmed,
                                                    const runtime::NodeAuthorities& node,
                                                    runtime::Logger& log);

}  // namespace selaras::serve
