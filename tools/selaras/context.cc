#include "tools/selaras/context.h"

#include <utility>

#include "storage/base/status.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/stored_cases.h"
#include "tools/selaras/stored_ledger.h"

namespace selaras::cli {

absl::StatusOr<std::unique_ptr<Node>> Context::OpenNode() const {
  ASSIGN_OR_RETURN(const NodeAddress address, ResolveNode(options_, world_.environment, ReadFile));
  return world_.connect(address);
}

absl::StatusOr<std::unique_ptr<log::StoreReader>> Context::OpenStore() const {
  return world_.open_store(options_.store);
}

absl::Status Context::VerifyStoreFiles() const { return world_.verify_files(options_.store); }

absl::StatusOr<std::unique_ptr<Ledger>> Context::OpenLedger() const {
  if (options_.store.empty()) return OpenNode();
  ASSIGN_OR_RETURN(std::unique_ptr<log::StoreReader> store, OpenStore());
  return std::make_unique<StoredLedger>(std::move(store));
}

absl::StatusOr<std::unique_ptr<CaseSource>> Context::OpenCases() {
  if (options_.store.empty()) return OpenNode();
  ASSIGN_OR_RETURN(std::unique_ptr<log::StoreReader> store, OpenStore());
  return OpenStoredCases(std::move(store), clock().Now());
}

absl::Status Context::CheckSource(const std::string& command, Source source) const {
  const bool store = !options_.store.empty();
  if (source == Source::kStore && !store) return WrongSource(command, source);
  if (source == Source::kNode && store) return WrongSource(command, source);
  if (store && !options_.node.empty()) return TwoSources();
  return absl::OkStatus();
}

}  // namespace selaras::cli
