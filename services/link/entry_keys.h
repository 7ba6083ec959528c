#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::link {

struct EntryWithKey {
  absl::string_view entry;
  absl::string_view key;
};

// Keys of sealed parts go with the entries that they open, again each time: who has one has it
// already. What they open is not known here. One caller at a time.
class EntryKeys {
 public:
  virtual ~EntryKeys() = default;

  // What goes with an own entry that is shown to the peer: 32 bytes, or nothing.
  virtual absl::StatusOr<std::string> KeyOf(absl::string_view entry) const = 0;

  // The keys that came with entries of the peer, in their order, all or none; before the entries
  // are kept, which makes both durable. One that does not fit its entry is passed over.
  virtual absl::Status Keep(std::span<const EntryWithKey> entries) = 0;
};

}  // namespace selaras::link
