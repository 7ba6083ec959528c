#include "services/node/viewer.h"

#include <algorithm>
#include <vector>

namespace selaras::node {

bool MaySee(const Directory& directory, const domain::CaseFold& fold, const Viewer& viewer) {
  const std::vector<std::string> parties = domain::PartiesOf(fold);
  const PeerNode looking{"", {viewer.authorities.begin(), viewer.authorities.end()}};
  const auto& segments = fold.segments();
  return std::any_of(
             segments.begin(), segments.end(),
             [&](const auto& segment) { return viewer.authorities.contains(segment.writer()); }) ||
         std::any_of(parties.begin(), parties.end(),
                     [&](const std::string& party) { return directory.Serves(looking, party); });
}

}  // namespace selaras::node
