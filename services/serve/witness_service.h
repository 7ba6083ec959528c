#pragma once

#include <map>
#include <memory>
#include <string>

#include "services/link/published_log.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/log.h"
#include "storage/log/cosignature.h"
#include "storage/log/store.h"

namespace selaras::serve {

// Witnesses outside, by the authority in their certificates.
using Witnesses = std::map<std::string, log::CosignatureVerifier, std::less<>>;

// selaras.ledger.v1.WitnessService: what is published, with proofs, and cosignatures of it.
// Everything must outlive the service.
std::unique_ptr<rpc::Service> MakeWitnessService(const log::StoreReader& store,
                                                 link::PublishedLog& published, Witnesses witnesses,
                                                 const runtime::Access& access,
                                                 runtime::Logger& log);

}  // namespace selaras::serve
