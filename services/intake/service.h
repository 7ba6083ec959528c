#pragma once

#include <memory>

#include "services/node/sequencer.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/log.h"

namespace selaras::intake {

// selaras.intake.v1.IntakeService: hands commands to the sequencer.
std::unique_ptr<rpc::Service> MakeService(node::Sequencer& sequencer,
                                          const runtime::NodeAuthorities& node,
                                          runtime::Logger& log);

}  // namespace selaras::intake
