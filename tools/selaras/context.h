#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/crypto/random.h"
#include "storage/log/backups.h"
#include "storage/log/scratch.h"
#include "storage/log/store.h"
#include "storage/log/succession.h"
#include "storage/vault/wrapping_keys.h"
#include "tools/selaras/clock.h"
#include "tools/selaras/command.h"
#include "tools/selaras/node.h"
#include "tools/selaras/node_file.h"
#include "tools/selaras/options.h"
#include "tools/selaras/output.h"

namespace selaras::cli {

// A store that is open for writing, and what it knows of being restored.
struct WritableStore {
  std::shared_ptr<log::Store> store;
  log::Backups* backups;  // a part of it
};

// The world, as main() hands it in.
struct World {
  std::function<absl::StatusOr<std::unique_ptr<Node>>(const NodeAddress& address)> connect;
  // A store on disk, read-only.
  std::function<absl::StatusOr<std::unique_ptr<log::StoreReader>>(const std::string& directory)>
      open_store;
  // Compares every byte of a store's files with the checksums kept beside them.
  std::function<absl::Status(const std::string& directory)> verify_files;
  // Makes the store in which the own logs of another one go on in their successors.
  std::function<absl::Status(const std::string& from, const std::string& to,
                             const log::Succession& shared, const log::Succession& private_log,
                             const std::vector<log::RowWrite>& rows)>
      make_successor = {};
  // Rows on the side, for what is derived only to be compared.
  log::ScratchMaker make_scratch = {};
  // A store on disk that is there and that no node runs, to be written as this node.
  std::function<absl::StatusOr<WritableStore>(const std::string& directory, const NodeFile& node)>
      write_store = {};
  Environment environment;
  Clock* clock;
  crypto::RandomSource* random;
};

// Logs and cases of one place.
struct Place {
  std::shared_ptr<Ledger> ledger;
  std::shared_ptr<CaseSource> cases;
};

// What a command works with.
class Context {
 public:
  Context(const World& world, const GlobalOptions& options, Output& output)
      : world_(world), options_(options), output_(output) {}

  Output& output() { return output_; }
  Clock& clock() { return *world_.clock; }
  crypto::RandomSource& random() { return *world_.random; }
  // The request id that the caller gave, or a new one.
  std::string RequestId(const std::string& given);

  // A node of a configuration file.
  absl::StatusOr<std::unique_ptr<Node>> Connect(const NodeAddress& address) const {
    return world_.connect(address);
  }
  // The node that --node and its like name.
  absl::StatusOr<std::unique_ptr<Node>> OpenNode() const;
  // The node of a client file, or at an address, with everything else as --client and its like say.
  absl::StatusOr<std::unique_ptr<Node>> OpenNode(const std::string& file_or_address) const;
  absl::StatusOr<NodeAddress> ResolveAddress(const std::string& file_or_address) const;
  // That of the node that --node and its like name.
  absl::StatusOr<NodeAddress> ResolveAddress() const;
  // Whether --node and its like, or the environment, name one.
  bool has_node() const;
  bool has_store() const { return !options_.store.empty(); }
  // The store that --store names.
  absl::StatusOr<std::unique_ptr<log::StoreReader>> OpenStore() const;
  // Another one, as open_store.
  absl::StatusOr<std::unique_ptr<log::StoreReader>> OpenStore(const std::string& directory) const;
  // The one that --store names, to be written as this node.
  absl::StatusOr<WritableStore> WriteStore(const NodeFile& node) const;
  // The keys that open what is sealed in that store, as far as they are here.
  absl::StatusOr<vault::WrappingKeys> StoreKeys() const;
  // Where they are looked for.
  std::string StoreKeysFolder() const;
  const std::string& store_directory() const { return options_.store; }
  // Why personal data are read, as the command line says, and not the client's file.
  const std::string& purpose() const { return options_.purpose; }
  // Cases and reports of whichever of the two was named, to be shown: also without what a node
  // leaves out because it cannot record that it is read, which everywhere else is an error.
  absl::StatusOr<std::unique_ptr<CaseSource>> OpenCases();
  // Both, of whichever of the two was named.
  absl::StatusOr<Place> OpenPlace();
  absl::StatusOr<std::unique_ptr<log::Scratch>> MakeScratch() const;
  // Where a file of that name is kept from run to run: below $XDG_STATE_HOME, or else the home of
  // the user; empty if there is neither.
  std::string StateFile(const std::string& name) const;
  // Whether its files are as they were written.
  absl::Status VerifyStoreFiles() const;
  // Of the logs of the store that --store names, in `to`.
  absl::Status MakeSuccessor(const std::string& to, const log::Succession& shared,
                             const log::Succession& private_log,
                             const std::vector<log::RowWrite>& rows) const;
  // Whichever of the two was named; --store wins over the environment.
  absl::StatusOr<std::unique_ptr<Ledger>> OpenLedger() const;
  // Of the store in a folder, or of the node of a client file or at an address.
  absl::StatusOr<std::unique_ptr<Ledger>> OpenLedger(const std::string& name) const;
  // Whether that is a folder in the form of C2SP tlog-tiles.
  static bool IsTiles(const std::string& name);

  // IsUsage() unless the options fit the command: a store where one is needed, and none where a
  // node is.
  absl::Status CheckSource(const std::string& command, Source source) const;

 private:
  const World& world_;
  const GlobalOptions& options_;
  Output& output_;
};

}  // namespace selaras::cli
