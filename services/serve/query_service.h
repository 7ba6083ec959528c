#pragma once

#include <memory>

#include "services/node/case_reader.h"
#include "services/node/projector.h"
#include "services/reference/catalogue.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/serve/case_streams.h"

namespace selaras::serve {

// selaras.query.v1.QueryService over a reader. Everything handed in must outlive the service.
std::unique_ptr<rpc::Service> MakeQueryService(
    const node::CaseReader& reader, const node::Projector& projector,
    const std::shared_ptr<const reference::Catalogue>& catalogue, runtime::Clock& clock,
    CaseStreams& streams, const runtime::Access& access, runtime::Logger& log);

}  // namespace selaras::serve
