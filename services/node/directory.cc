#include "services/node/directory.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/bytes.h"

namespace selaras::node {

Directory::Directory(std::shared_ptr<const reference::Catalogue> catalogue, PeerNode own,
                     std::vector<PeerNode> peers)
    : catalogue_(std::move(catalogue)), own_(std::move(own)), peers_(std::move(peers)) {
  for (std::size_t place = 0; place < peers_.size(); ++place) {
    by_name_.emplace(peers_[place].node, place);
    for (const std::string& authority : peers_[place].authorities) {
      by_authority_[authority].push_back(place);
    }
  }
}

std::string Directory::Describe() const {
  std::string text = absl::StrCat("catalogue ", base::HexEncode(catalogue_->digest().view()), "\n");
  const auto add = [&text](const PeerNode& node) {
    absl::StrAppend(&text, node.node, ": ", absl::StrJoin(node.authorities, " "), "\n");
  };
  add(own_);
  for (const PeerNode& peer : peers_) add(peer);
  return text;
}

bool Directory::Serves(const PeerNode& node, absl::string_view authority) const {
  return std::any_of(node.authorities.begin(), node.authorities.end(), [&](const auto& served) {
    return served == authority || catalogue_->IsSuccessorOf(served, authority);
  });
}

std::vector<const PeerNode*> Directory::PeersServing(
    const std::vector<std::string>& authorities) const {
  std::set<std::size_t> places;
  const auto add = [&](absl::string_view authority) {
    const auto found = by_authority_.find(authority);
    if (found != by_authority_.end()) places.insert(found->second.begin(), found->second.end());
  };
  for (const std::string& authority : authorities) {
    add(authority);  // also one that the catalogue does not know
    for (const reference::Authority* each = catalogue_->FindAuthority(authority); each != nullptr;
         each = catalogue_->FindAuthority(each->successor)) {
      add(each->id);
    }
  }
  std::vector<const PeerNode*> peers;
  for (const std::size_t place : places) peers.push_back(&peers_[place]);
  return peers;
}

const PeerNode* Directory::FindPeer(absl::string_view node) const {
  const auto found = by_name_.find(node);
  return found == by_name_.end() ? nullptr : &peers_[found->second];
}

domain::Section Directory::SectionOfAuthority(absl::string_view authority) const {
  const auto* row = catalogue_->FindAuthority(authority);
  if (row == nullptr) return domain::Section::kNone;
  switch (row->role) {
    case reference::AuthorityRole::kIntake:
      return domain::Section::kIntake;
    case reference::AuthorityRole::kReferral:
      return domain::Section::kReferral;
    case reference::AuthorityRole::kSanction:
      return domain::Section::kSanction;
    case reference::AuthorityRole::kOversight:
      break;
  }
  return domain::Section::kNone;
}

absl::Status Directory::CheckWhoseFact(absl::string_view log, const event::v1::Event& event) const {
  const PeerNode* owner = log == own_.node ? &own_ : FindPeer(log);
  if (owner == nullptr) {
    return absl::PermissionDeniedError(absl::StrCat("the directory knows no log ", log));
  }
  const auto& served = owner->authorities;
  if (std::find(served.begin(), served.end(), event.author()) == served.end()) {
    return absl::PermissionDeniedError(
        absl::StrCat(event.author(), " does not write into the log of ", log));
  }
  const domain::Section section = domain::SectionOf(event.fact().kind_case());
  const domain::Section own = SectionOfAuthority(event.author());
  if (own == domain::Section::kNone || (section != domain::Section::kNone && section != own)) {
    return absl::PermissionDeniedError(absl::StrCat(event.author(), " may not state ",
                                                    domain::FactName(event.fact().kind_case())));
  }
  return absl::OkStatus();
}

}  // namespace selaras::node
