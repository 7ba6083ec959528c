#pragma once

#include <string>

#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/serve/link_hub.h"
#include "services/serve/restore_guard.h"

namespace selaras::serve {

// Adds PackExchange and UnpackExchange: a file waits in a spool in `directory` between the caller
// and the link, so that a slow caller never holds the link. Nothing is packed while the
// store is in doubt. Everything handed in must outlive the
// service.
void AddExchange(rpc::Service& service, LinkHub& hub, const RestoreGuard& guard,
                 const runtime::NodeAuthorities& node, const std::string& directory);

}  // namespace selaras::serve
