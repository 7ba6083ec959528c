#pragma once

#include <memory>

#include "services/node/projector.h"
#include "services/node/statistics.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"

namespace selaras::serve {

// selaras.query.v1.StatisticsService over a reader. Everything handed in must outlive the service.
std::unique_ptr<rpc::Service> MakeStatisticsService(const node::StatisticsReader& reader,
                                                    node::Projector& projector,
                                                    runtime::Clock& clock,
                                                    const runtime::Access& access,
                                                    runtime::Logger& log);

}  // namespace selaras::serve
