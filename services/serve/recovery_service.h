#pragma once

#include <memory>

#include "services/node/subject_keys.h"
#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/runtime/log.h"
#include "storage/log/store.h"

namespace selaras::serve {

// selaras.ledger.v1.RecoveryService: what this node holds of a peer's log, for that peer.
// Everything must outlive the service.
std::unique_ptr<rpc::Service> MakeRecoveryService(const log::StoreReader& store,
                                                  const node::SubjectKeys& keys,
                                                  const runtime::Access& access,
                                                  runtime::Logger& log);

}  // namespace selaras::serve
