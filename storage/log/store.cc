#include "storage/log/store.h"

#include <algorithm>

namespace selaras::log {

const Mirror* StoreReader::FindMirror(absl::string_view name) const {
  const std::vector<const Mirror*> all = mirrors();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Mirror* mirror) { return mirror->name() == name; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace selaras::log
