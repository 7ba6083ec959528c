#include "services/node/viewer.h"

#include <algorithm>
#include <vector>

namespace selaras::node {

bool IsParty(const reference::Catalogue& catalogue, const domain::CaseFold& fold,
             const std::set<std::string>& authorities) {
  const auto& segments = fold.segments();
  if (std::any_of(segments.begin(), segments.end(),
                  [&](const auto& segment) { return authorities.contains(segment.writer()); })) {
    return true;
  }
  const std::vector<std::string> parties = domain::PartiesOf(fold);
  return std::any_of(parties.begin(), parties.end(), [&](const std::string& party) {
    return std::any_of(authorities.begin(), authorities.end(), [&](const std::string& authority) {
      return authority == party || catalogue.IsSuccessorOf(authority, party);
    });
  });
}

bool MaySee(const Directory& directory, const domain::CaseFold& fold, const Viewer& viewer) {
  return IsParty(*directory.catalogue(), fold, viewer.authorities);
}

}  // namespace selaras::node
