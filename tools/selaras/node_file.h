#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/config/v1/config.pb.h"

#include "storage/log/cosignature.h"
#include "storage/log/note.h"

namespace selaras::cli {

// A peer, as the configuration of a node names it.
struct PeerInFile {
  std::string node;
  std::string verifier_key;
  std::string dial;                      // empty: it is not dialled
  std::optional<std::string> successor;  // verifier key of the successor that is accepted
};

// What the configuration of a node says about its logs and its peers.
struct NodeFile {
  std::string node;
  log::NoteSigner signer;                          // of the shared log
  std::optional<log::NoteSigner> previous_signer;  // the one that it replaces
  std::optional<log::Cosigner> cosigner;           // of what peers publish
  std::vector<PeerInFile> peers;
  std::string ca;  // files
  std::string certificate;
  std::string key;
  config::v1::NodeConfig config;  // as it stands there
};

// Reads the file, the keys of the node and what was accepted of peers' logs. The files that it
// names lie beside it unless their paths are absolute. INVALID_ARGUMENT if it is no such
// configuration.
absl::StatusOr<NodeFile> ReadNodeFile(const std::string& file);

}  // namespace selaras::cli
