#pragma once

#include <memory>

#include "services/node/sequencer.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/log.h"

namespace selaras::sanction {

// selaras.sanction.v1.SanctionService: hands commands to the sequencer.
std::unique_ptr<rpc::Service> MakeService(node::Sequencer& sequencer,
                                          const runtime::NodeAuthorities& node,
                                          runtime::Logger& log);

}  // namespace selaras::sanction
