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
#include "services/serve/read_recorder.h"

namespace selaras::serve {

// What the service stands on; everything must outlive it.
struct QueryParts {
  const node::CaseReader& reader;
  const node::Projector& projector;
  ReadRecorder& recorder;
  const std::shared_ptr<const reference::Catalogue>& catalogue;
  runtime::Clock& clock;
  CaseStreams& streams;
  const runtime::Access& access;
};

// selaras.query.v1.QueryService over a reader. An answer that shows personal data is given when it
// is recorded that it was.
std::unique_ptr<rpc::Service> MakeQueryService(const QueryParts& parts, runtime::Logger& log);

}  // namespace selaras::serve
