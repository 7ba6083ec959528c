#include "services/wiring/program.h"

#include <memory>
#include <utility>

#include "services/runtime/main.h"
#include "storage/base/status.h"
#include "storage/rocks/rocks_store.h"

namespace selaras::wiring {

int NodeMain(int argc, char** argv, reference::AuthorityRole authorities, serve::Role (*role)()) {
  const auto start = [role](runtime::Environment environment)
      -> absl::StatusOr<std::unique_ptr<runtime::RunningService>> {
    runtime::Logger& log = environment.log;
    ASSIGN_OR_RETURN(auto store,
                     rocks::RocksStore::Open({.directory = environment.config.store(),
                                              .node = environment.config.node(),
                                              .key = environment.signer.key(),
                                              .diagnostics = [&log](absl::string_view line) {
                                                log.Warning("store", {{"line", line}});
                                              }}));
    return serve::StartNode(std::move(environment), std::move(store), role());
  };
  return runtime::Main(argc, argv, authorities, start);
}

}  // namespace selaras::wiring
