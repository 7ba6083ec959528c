#pragma once

#include <string>

#include "services/rpc/service.h"
#include "services/runtime/access.h"
#include "services/serve/link_hub.h"

namespace selaras::serve {

// Adds PackExchange and UnpackExchange: a file waits in a spool in `directory` between the caller
// and the link, so that a slow caller never holds the link. Everything handed in must outlive the
// service.
void AddExchange(rpc::Service& service, LinkHub& hub, const runtime::NodeAuthorities& node,
                 std::string directory);

}  // namespace selaras::serve
