#pragma once

#include <set>
#include <string>

#include "services/domain/fold.h"
#include "services/node/directory.h"
#include "services/reference/catalogue.h"

namespace selaras::node {

// For whom something is read.
struct Viewer {
  // Authorities on whose behalf the viewer looks: it sees the cases to which one of them is a
  // party, and nothing of others, not even that they exist.
  std::set<std::string> authorities;
  // Whether it may see who reported (rule 8): the office itself, never operations.
  bool sees_reporters = false;
  // Whether these are all authorities of the node: then whatever the node holds may be read.
  bool whole_node = false;
  // Whether everything is shown that is there, for whomever: of a store on disk, which whoever
  // holds it can read anyway.
  bool everything = false;
};

// Whether one of the authorities is a party of the case, itself or as the legal successor of one,
// or writes in it. Reads and commands ask this and nothing else of how somebody stands to a case.
// Parties are parties for ever: whoever lost the case still sees it, and what comes of it.
bool IsParty(const reference::Catalogue& catalogue, const domain::CaseFold& fold,
             const std::set<std::string>& authorities);

// The same of a viewer.
bool MaySee(const Directory& directory, const domain::CaseFold& fold, const Viewer& viewer);

}  // namespace selaras::node
