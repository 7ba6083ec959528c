#pragma once

#include "services/reference/catalogue.h"
#include "services/serve/node_service.h"

namespace selaras::wiring {

// The whole of main() of a node program: its store on disk, and the node over it. Exit codes and
// messages as in services/runtime/main.h.
int NodeMain(int argc, char** argv, reference::AuthorityRole authorities, serve::Role (*role)());

}  // namespace selaras::wiring
