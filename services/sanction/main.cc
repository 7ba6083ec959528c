// selaras-sanction: the node of a PPK, run by its BKPSDM.
#include "services/runtime/main.h"

#include <memory>
#include <utility>

#include "services/sanction/decider.h"
#include "services/sanction/service.h"
#include "services/serve/node_service.h"
#include "storage/base/status.h"
#include "storage/rocks/rocks_store.h"

namespace {

using selaras::runtime::Environment;
using selaras::runtime::RunningService;

absl::StatusOr<std::unique_ptr<RunningService>> Start(Environment environment) {
  selaras::runtime::Logger& log = environment.log;
  ASSIGN_OR_RETURN(auto store,
                   selaras::rocks::RocksStore::Open({.directory = environment.config.store(),
                                                     .node = environment.config.node(),
                                                     .key = environment.signer.key(),
                                                     .diagnostics = [&log](absl::string_view line) {
                                                       log.Warning("store", {{"line", line}});
                                                     }}));
  return selaras::serve::StartNode(
      std::move(environment), std::move(store),
      {"sanction", std::make_unique<selaras::sanction::SanctionDecider>(),
       selaras::sanction::MakeService});
}

}  // namespace

int main(int argc, char** argv) {
  return selaras::runtime::Main(argc, argv, selaras::reference::AuthorityRole::kSanction, Start);
}
