#include "tools/selaras/node_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "storage/base/status.h"
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

template <typename Signer>
absl::StatusOr<Signer> ReadKey(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string key, ReadFile(file));
  return Signer::Parse(absl::StripAsciiWhitespace(key));
}

}  // namespace

absl::StatusOr<NodeFile> ReadNodeFile(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  config::v1::NodeConfig config;
  RETURN_IF_ERROR(ParseConfig(file, text, &config));
  ASSIGN_OR_RETURN(log::NoteSigner signer,
                   ReadKey<log::NoteSigner>(Beside(file, config.log_key())));
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
    ASSIGN_OR_RETURN(node.previous_signer, ReadKey<log::NoteSigner>(Beside(file, previous)));
  }
  if (const std::string& witness = config.witness_key(); !witness.empty()) {
    ASSIGN_OR_RETURN(node.cosigner, ReadKey<log::Cosigner>(Beside(file, witness)));
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
