#include "services/serve/directory_news.h"

#include <algorithm>

#include "services/link/limits.h"
#include "services/runtime/directory_version.h"
#include "services/runtime/text.h"
#include "services/serve/errors.h"

namespace selaras::serve {

static_assert(runtime::kDirectoryBytesMax == link::kDirectoryBytesMax,
              "what a node takes from its file, it can pass on");

std::uint64_t DirectoryNews::Hear(const std::string& note) {
  const auto taken = directory_.Take(note);
  if (!taken.ok()) {
    log_.Warning("directory of nodes not taken over; the one in force stays",
                 {{"reason", runtime::OneLine(taken.status().message())}});
    return 0;
  }
  if (taken->newer) {
    log_.Info("directory of nodes taken over", {{"from", "a peer"}, {"serial", taken->serial}});
  }
  return taken->serial;
}

absl::Status CheckLinkListed(const runtime::DirectoryVersion& directory,
                             const config::v1::NodeConfig& config, const std::string& peer,
                             const std::optional<log::LogKeys>& keys, absl::Time now) {
  const auto found = std::find_if(config.peers().begin(), config.peers().end(),
                                  [&](const auto& each) { return each.node() == peer; });
  if (found == config.peers().end()) return absl::OkStatus();
  return runtime::CheckPeerListed(directory, *found, now, [&keys](const log::NoteVerifier& key) {
    return !keys || keys->Has(key);
  });
}

void KeepKeysOfMirrors(const runtime::Applied& applied, const log::StoreReader& store,
                       config::v1::NodeConfig* config) {
  for (config::v1::Peer& peer : *config->mutable_peers()) {
    if (!applied.keyed.contains(peer.node())) continue;
    const auto key = log::NoteVerifier::Parse(peer.verifier_key());
    const log::Mirror* mirror = store.FindMirror(peer.node());
    if (mirror == nullptr) continue;
    const std::optional<log::LogKeys> keys = mirror->keys();
    if (!keys || (key.ok() && keys->Has(*key))) continue;
    peer.set_verifier_key(keys->newest().VerifierText());
  }
}

absl::Status CheckOwnKeyListed(const runtime::DirectoryVersion& directory, const std::string& node,
                               const log::LogKeys& keys) {
  const config::v1::ListedNode* const listed = directory.Find(node);
  if (listed == nullptr) return absl::OkStatus();
  const auto key = log::NoteVerifier::Parse(listed->log_key());
  if (key.ok() && keys.Has(*key)) return absl::OkStatus();
  return ListedWithAnotherKey(listed->log_key(), keys.newest().VerifierText());
}

}  // namespace selaras::serve
