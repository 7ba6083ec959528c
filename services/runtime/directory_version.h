#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/config/v1/config.pb.h"
#include "selaras/config/v1/directory.pb.h"

#include "services/reference/catalogue.h"
#include "storage/log/note.h"

// The signed directory of nodes (selaras/config/v1/directory.proto): who is a node of this network,
// where it is reached, and by which keys its statements are known. Pure.
namespace selaras::runtime {

// A version of it as it is sent and kept.
inline constexpr std::size_t kDirectoryBytesMax = 512 << 10;

// INVALID_ARGUMENT, naming the field, if no keeper may sign it: no serial number; a node, an
// authority or a key that stands twice; a name, key, address or day that is none; a key of another
// node.
absl::Status CheckDirectory(const config::v1::NodeDirectory& list);
// The same of one node by itself.
absl::Status CheckListedNode(const config::v1::ListedNode& node);

// intake, referral, sanction.
bool IsServiceName(absl::string_view service);
// Whether nodes of these two services have cases to tell each other.
bool ExchangeCases(absl::string_view one, absl::string_view other);

// One version, as its keeper signed it. Immutable, thread-safe.
class DirectoryVersion {
 public:
  // DATA_LOSS if the keeper did not sign it, INVALID_ARGUMENT if it is no note, too large, or
  // CheckDirectory refuses it.
  static absl::StatusOr<DirectoryVersion> Open(absl::string_view note,
                                               const log::NoteVerifier& keeper);

  // The text and the keeper's own signature: what others added below it is not passed on.
  const std::string& note() const { return note_; }
  const std::string& keeper() const { return keeper_; }  // name of the key
  std::uint64_t serial() const { return list_.serial(); }
  const config::v1::NodeDirectory& list() const { return list_; }
  // Null if there is none.
  const config::v1::ListedNode* Find(absl::string_view node) const;

 private:
  DirectoryVersion(std::string note, std::string keeper, config::v1::NodeDirectory list)
      : note_(std::move(note)), keeper_(std::move(keeper)), list_(std::move(list)) {}

  std::string note_;
  std::string keeper_;
  config::v1::NodeDirectory list_;
};

// Whether today is one of the node's days.
bool IsListedAt(const config::v1::ListedNode& node, absl::Time now);
// The last moment of them.
absl::Time EndOfListing(const config::v1::ListedNode& node);

// Whether the peer may be linked: it is listed now, acts for no authority that is not listed, and
// its log's key is the one that is listed. `same_log` tells whether a listed key, which is another
// one than the configuration's, is one of the same log: keys are replaced. PERMISSION_DENIED,
// NODE_NOT_LISTED says why not.
absl::Status CheckPeerListed(const DirectoryVersion& directory, const config::v1::Peer& peer,
                             absl::Time now,
                             const std::function<bool(const log::NoteVerifier&)>& same_log);

// Whether the node itself is listed as it is configured, on whatever days. INVALID_ARGUMENT, naming
// the setting, if it is listed otherwise; a node that is not listed at all serves its own office.
absl::Status CheckOwnListing(const DirectoryVersion& directory, absl::string_view service,
                             const config::v1::NodeConfig& config);

// What the directory could not say for a peer of the configuration, or said and cannot hold here.
struct LeftOut {
  std::string node;
  std::string why;
};

// What ApplyDirectory did.
struct Applied {
  // Peers whose verifier_key is the directory's.
  std::set<std::string> keyed;
  // Peers that there are none of, because of what the directory says or does not say of them.
  std::vector<LeftOut> left_out;
};

// Writes into the configuration what it leaves to the directory: what is not said of its peers, and
// with link_listed further peers, also those whose days have passed, because what they wrote
// stays. Whatever a directory says, it does not keep a node from starting: a peer of which it says
// too little, or something that cannot be here (an authority that `catalogue` does not know, or
// that another node has by the configuration), is left out. `service` empty: link_listed adds
// nobody; `catalogue` null: every authority is known.
Applied ApplyDirectory(const DirectoryVersion& directory, absl::string_view service,
                       const reference::Catalogue* catalogue, config::v1::NodeConfig* config);

}  // namespace selaras::runtime
