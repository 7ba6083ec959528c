#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "selaras/event/v1/event.pb.h"

#include "services/domain/facts.h"
#include "services/reference/catalogue.h"

namespace selaras::node {

// Another node, as the directory knows it.
struct PeerNode {
  std::string node;  // also the name of its shared log
  std::vector<std::string> authorities;
};

// Which authority is served by which node. Immutable, thread-safe.
class Directory {
 public:
  Directory(std::shared_ptr<const reference::Catalogue> catalogue, PeerNode own,
            std::vector<PeerNode> peers);

  const std::shared_ptr<const reference::Catalogue>& catalogue() const { return catalogue_; }
  const PeerNode& own() const { return own_; }
  const std::vector<PeerNode>& peers() const { return peers_; }

  // Everything that answers depend on, as text: two directories of equal text answer alike.
  std::string Describe() const;

  // Whether the node acts for the authority, itself or as its legal successor.
  bool Serves(const PeerNode& node, absl::string_view authority) const;

  // The peers that do so for one of the authorities, in the order of the directory. As fast with
  // hundreds of peers as with few.
  std::vector<const PeerNode*> PeersServing(const std::vector<std::string>& authorities) const;

  // The peer of that name; nullptr if there is none.
  const PeerNode* FindPeer(absl::string_view node) const;

  // The whose-fact rule: an entry is folded only if the directory gives its author to the log in
  // which it stands, and its type to that author's section. Otherwise says why not.
  absl::Status CheckWhoseFact(absl::string_view log, const event::v1::Event& event) const;

  // The section that an authority writes; kNone if the catalogue does not know it.
  domain::Section SectionOfAuthority(absl::string_view authority) const;

 private:
  const std::shared_ptr<const reference::Catalogue> catalogue_;
  const PeerNode own_;
  const std::vector<PeerNode> peers_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  // place among the peers
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_authority_;
};

}  // namespace selaras::node
