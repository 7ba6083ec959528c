#pragma once

#include <memory>

#include "services/rpc/service.h"
#include "services/serve/parts.h"

namespace selaras::intake {

// selaras.intake.v1.ReporterService: what reporters may do with a code alone.
//
// A right code always works; wrong ones are counted, and beyond the limits of the configuration
// refused as RESOURCE_EXHAUSTED. That is against noise and load: a code has 80 bits, which nobody
// guesses at any rate. No answer and no log line repeats a code or a text.
std::unique_ptr<rpc::Service> MakeReporterService(const serve::Parts& parts);

}  // namespace selaras::intake
