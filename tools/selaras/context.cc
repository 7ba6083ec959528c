#include "tools/selaras/context.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/runtime/wrapping_key_files.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/stored_cases.h"
#include "tools/selaras/stored_ledger.h"

namespace selaras::cli {
namespace {

constexpr std::size_t kRequestIdBytes = 16;

}  // namespace

std::string Context::RequestId(const std::string& given) {
  return given.empty() ? base::HexEncode(random().Fill(kRequestIdBytes)) : given;
}

absl::StatusOr<NodeAddress> Context::ResolveAddress() const {
  return ResolveNode(options_, world_.environment, ReadFile);
}

absl::StatusOr<std::unique_ptr<Node>> Context::OpenNode() const {
  ASSIGN_OR_RETURN(const NodeAddress address, ResolveAddress());
  return world_.connect(address);
}

bool Context::has_node() const {
  return !options_.node.empty() || !options_.client.empty() ||
         world_.environment("SELARAS_NODE").has_value();
}

absl::StatusOr<NodeAddress> Context::ResolveAddress(const std::string& file_or_address) const {
  GlobalOptions options = options_;
  std::error_code none;
  if (std::filesystem::exists(file_or_address, none)) {
    options.client = file_or_address;
    options.node.clear();
  } else {
    options.node = file_or_address;
  }
  return ResolveNode(options, world_.environment, ReadFile);
}

absl::StatusOr<std::unique_ptr<Node>> Context::OpenNode(const std::string& file_or_address) const {
  ASSIGN_OR_RETURN(const NodeAddress address, ResolveAddress(file_or_address));
  return world_.connect(address);
}

absl::StatusOr<std::unique_ptr<log::StoreReader>> Context::OpenStore() const {
  return world_.open_store(options_.store);
}

absl::StatusOr<std::unique_ptr<log::StoreReader>> Context::OpenStore(
    const std::string& directory) const {
  return world_.open_store(directory);
}

absl::StatusOr<WritableStore> Context::WriteStore(const NodeFile& node) const {
  return world_.write_store(options_.store, node);
}

absl::StatusOr<std::unique_ptr<log::Scratch>> Context::MakeScratch() const {
  return world_.make_scratch();
}

std::string Context::StateFile(const std::string& name) const {
  if (const auto state = world_.environment("XDG_STATE_HOME")) {
    return absl::StrCat(*state, "/selaras/", name);
  }
  const auto home = world_.environment("HOME");
  return home ? absl::StrCat(*home, "/.local/state/selaras/", name) : "";
}

absl::Status Context::VerifyStoreFiles() const { return world_.verify_files(options_.store); }

absl::Status Context::MakeSuccessor(const std::string& to, const log::Succession& shared,
                                    const log::Succession& private_log,
                                    const std::vector<log::RowWrite>& rows) const {
  return world_.make_successor(options_.store, to, shared, private_log, rows);
}

absl::StatusOr<std::unique_ptr<Ledger>> Context::OpenLedger() const {
  if (options_.store.empty()) return OpenNode();
  ASSIGN_OR_RETURN(std::unique_ptr<log::StoreReader> store, OpenStore());
  ASSIGN_OR_RETURN(vault::WrappingKeys keys, StoreKeys());
  return std::make_unique<StoredLedger>(std::move(store), std::move(keys));
}

absl::StatusOr<std::unique_ptr<Ledger>> Context::OpenLedger(const std::string& name) const {
  std::error_code none;
  if (!std::filesystem::is_directory(name, none)) return OpenNode(name);
  ASSIGN_OR_RETURN(std::unique_ptr<log::StoreReader> store, world_.open_store(name));
  return std::make_unique<StoredLedger>(std::move(store));
}

absl::StatusOr<vault::WrappingKeys> Context::StoreKeys() const {
  return runtime::LoadWrappingKeys(StoreKeysFolder());
}

std::string Context::StoreKeysFolder() const {
  return options_.wrapping_keys.empty() ? runtime::WrappingKeysBeside(options_.store)
                                        : options_.wrapping_keys;
}

bool Context::IsTiles(const std::string& name) {
  std::error_code none;
  return std::filesystem::is_regular_file(name + "/checkpoint", none);
}

absl::StatusOr<std::unique_ptr<CaseSource>> Context::OpenCases() {
  if (options_.store.empty()) {
    ASSIGN_OR_RETURN(NodeAddress address, ResolveAddress());
    address.takes_withheld = true;
    return world_.connect(address);
  }
  ASSIGN_OR_RETURN(std::unique_ptr<log::StoreReader> store, OpenStore());
  ASSIGN_OR_RETURN(vault::WrappingKeys keys, StoreKeys());
  return OpenStoredCases(std::move(store), std::move(keys), clock().Now());
}

absl::StatusOr<Place> Context::OpenPlace() {
  if (options_.store.empty()) {
    ASSIGN_OR_RETURN(std::shared_ptr<Node> node, OpenNode());
    return Place{node, node};
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const log::StoreReader> store, OpenStore());
  ASSIGN_OR_RETURN(vault::WrappingKeys keys, StoreKeys());
  ASSIGN_OR_RETURN(std::shared_ptr<CaseSource> cases,
                   OpenStoredCases(store, std::move(keys), clock().Now()));
  return Place{std::make_shared<StoredLedger>(store), std::move(cases)};
}

absl::Status Context::CheckSource(const std::string& command, Source source) const {
  const bool store = !options_.store.empty();
  if (source == Source::kStore && !store) return WrongSource(command, source);
  if (source == Source::kNode && store) return WrongSource(command, source);
  if (store && !options_.node.empty()) return ExcludeEachOther("--node", "--store");
  return absl::OkStatus();
}

}  // namespace selaras::cli
