#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/audit/audit.h"
#include "storage/audit/inspector.h"
#include "storage/audit/place_sum.h"

namespace selaras::audit {

// What one thread noted about a range of a log or of a table; joined in order afterwards.
struct Notes {
  // The last row that was looked up for an entry: the entries of one request stand together.
  struct Seen {
    std::string key;
    std::optional<Places> places;
  };

  std::vector<Finding> findings;
  std::map<std::string, base::Sequence> catalogues;  // that entries name, and the first to do so
  // The entries that name rows, by the keys of those.
  PlaceSum in_requests;
  PlaceSum in_states;
  Seen request;
  Seen state;
};

}  // namespace selaras::audit
