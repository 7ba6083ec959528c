#pragma once

#include <memory>

#include "services/rpc/service.h"
#include "services/serve/parts.h"

namespace selaras::sanction {

// selaras.sanction.v1.SanctionService: hands commands to the sequencer.
std::unique_ptr<rpc::Service> MakeService(const serve::Parts& parts);

}  // namespace selaras::sanction
