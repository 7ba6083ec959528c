#include "services/wiring/program.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "services/runtime/main.h"
#include "storage/base/status.h"
#include "storage/rocks/rocks_store.h"
#include "storage/rocks/scratch.h"

namespace selaras::wiring {

int NodeMain(int argc, char** argv, reference::AuthorityRole authorities, serve::Role (*role)()) {
  const auto start = [role](runtime::Environment environment)
      -> absl::StatusOr<std::unique_ptr<runtime::RunningService>> {
    runtime::Logger& log = environment.log;
    std::optional<crypto::SigningKey> previous_key;
    if (environment.previous_signer) previous_key = environment.previous_signer->key();
    ASSIGN_OR_RETURN(auto store,
                     rocks::RocksStore::Open({.directory = environment.config.store(),
                                              .node = environment.config.node(),
                                              .key = environment.signer.key(),
                                              .previous_key = std::move(previous_key),
                                              .diagnostics = [&log](absl::string_view line) {
                                                log.Warning("store", {{"line", line}});
                                              }}));
    log::Backups& backups = *store;
    const std::string folder = environment.config.store();
    rocks::DropScratches(folder);
    const rocks::RocksStore& opened = *store;  // as long as the node, which gets it
    serve::Scrubbing scrubbing{[&opened] { return opened.AsOfNow(); },
                               [folder] { return rocks::MakeScratch(folder); }};
    return serve::StartNode(std::move(environment), std::move(store), backups, std::move(scrubbing),
                            role());
  };
  return runtime::Main(argc, argv, authorities, start);
}

}  // namespace selaras::wiring
