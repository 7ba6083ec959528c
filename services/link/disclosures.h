#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"

namespace selaras::link {

// Which list, and how long it is now.
struct DisclosureList {
  std::string epoch;
  std::uint64_t length = 0;

  friend bool operator==(const DisclosureList&, const DisclosureList&) = default;
};

// What of the own shared log one peer may see, in the order in which it came to be so.
//
// A list only grows. Its index i means the same entry for ever within an epoch, also after a
// crash that lost the end of the list: whoever cannot promise that when it builds the list anew
// must choose a new epoch (which costs one repetition of the list on the link and nothing else).
// Every listed entry is durable in the own log. Thread-safe. After a change the session's
// OwnLogGrew() is called.
class Disclosures {
 public:
  virtual ~Disclosures() = default;

  // The epoch is 1 to 64 bytes of text.
  virtual DisclosureList Current() const = 0;

  // Up to `max` places from index `from` on; fewer at the end; none if `epoch` is no longer the
  // current one.
  virtual absl::StatusOr<std::vector<base::Sequence>> List(absl::string_view epoch,
                                                           std::uint64_t from,
                                                           std::size_t max) const = 0;

  // Whether the peer may see this entry: whether it is in the list, or will be as soon as the
  // list has caught up with the log.
  virtual bool MaySee(base::Sequence sequence) const = 0;
};

}  // namespace selaras::link
