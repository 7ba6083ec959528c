#pragma once

#include <memory>

#include "services/rpc/service.h"
#include "services/serve/parts.h"

namespace selaras::intake {

// selaras.intake.v1.EmergencyService: break-glass, and its review. Each opening is a line of the
// node's log, too, so that somebody is told at once.
std::unique_ptr<rpc::Service> MakeEmergencyService(const serve::Parts& parts);

}  // namespace selaras::intake
