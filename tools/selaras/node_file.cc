#include "tools/selaras/node_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/runtime/directory_in_force.h"
#include "services/runtime/directory_version.h"
#include "services/runtime/signing_keys.h"
#include "storage/base/status.h"
#include "storage/crypto/token.h"
#include "storage/log/succession.h"
#include "tools/selaras/config_text.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

std::string Beside(const std::string& config, const std::string& path) {
  const auto slash = config.rfind('/');
  if (slash == std::string::npos || path.empty() || path.front() == '/') return path;
  return absl::StrCat(config.substr(0, slash + 1), path);
}

// A key in a token has no path.
std::string KeyBeside(const std::string& config, const std::string& place) {
  return crypto::IsTokenUri(place) ? place : Beside(config, place);
}

// What the configuration leaves to the directory of nodes. Without it, as after a disaster, peers
// are what the configuration says of them.
void FillFromDirectory(const std::string& file, config::v1::NodeConfig* config) {
  if (!config->has_directory()) return;
  config::v1::SignedDirectory setting = config->directory();
  setting.set_file(Beside(file, setting.file()));
  const auto directory = runtime::DirectoryInForce::Load(setting, Beside(file, config->store()));
  if (directory.ok()) {
    const auto version = (*directory)->get();
    const config::v1::ListedNode* const own = version->Find(config->node());
    runtime::ApplyDirectory(*version, own == nullptr ? "" : own->service(), nullptr, config);
  }
  auto& peers = *config->mutable_peers();
  peers.erase(std::remove_if(peers.begin(), peers.end(),
                             [](const auto& peer) { return peer.verifier_key().empty(); }),
              peers.end());
}

}  // namespace

absl::StatusOr<NodeFile> ReadNodeFile(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  config::v1::NodeConfig config;
  RETURN_IF_ERROR(ParseConfig(file, text, &config));
  FillFromDirectory(file, &config);
  ASSIGN_OR_RETURN(log::NoteSigner signer,
                   runtime::ReadNoteSigner("log_key", KeyBeside(file, config.log_key())));
  NodeFile node{.node = config.node(),
                .signer = std::move(signer),
                .previous_signer = {},
                .cosigner = {},
                .peers = {},
                .ca = Beside(file, config.tls().ca()),
                .certificate = Beside(file, config.tls().certificate()),
                .key = Beside(file, config.tls().key()),
                .config = {}};
  if (const std::string& previous = config.previous_log_key(); !previous.empty()) {
    ASSIGN_OR_RETURN(node.previous_signer,
                     runtime::ReadNoteSigner("previous_log_key", KeyBeside(file, previous)));
  }
  if (const std::string& witness = config.witness_key(); !witness.empty()) {
    ASSIGN_OR_RETURN(const std::string key, ReadFile(Beside(file, witness)));
    ASSIGN_OR_RETURN(node.cosigner, log::Cosigner::Parse(absl::StripAsciiWhitespace(key)));
  }
  for (const config::v1::Peer& peer : config.peers()) {
    PeerInFile& named = node.peers.emplace_back(
        PeerInFile{peer.node(), peer.verifier_key(), peer.dial(), std::nullopt});
    if (peer.succession().empty()) continue;
    ASSIGN_OR_RETURN(const std::string statement, ReadFile(Beside(file, peer.succession())));
    ASSIGN_OR_RETURN(const log::Succession succession, log::ParseSuccession(statement));
    named.successor = succession.next.VerifierText();
  }
  node.config = std::move(config);
  return node;
}

}  // namespace selaras::cli
