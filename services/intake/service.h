#pragma once

#include <memory>

#include "services/rpc/service.h"
#include "services/serve/parts.h"

namespace selaras::intake {

// selaras.intake.v1.IntakeService: hands commands to the sequencer.
std::unique_ptr<rpc::Service> MakeService(const serve::Parts& parts);

}  // namespace selaras::intake
