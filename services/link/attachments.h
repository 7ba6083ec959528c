#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/number.h"

namespace selaras::link {

// A piece of the sealed bytes of a document, named by the entry that adds the document.
struct Chunk {
  base::Sequence entry;  // in the log of its author
  std::uint32_t index = 0;

  friend bool operator==(const Chunk&, const Chunk&) = default;
};

// What a session needs of its node to fetch documents of the peer and to give own ones. Parties
// pull them, piece by piece, so that a document is fetched as slowly as the line wants, goes on
// where it broke off, and is given to nobody who does not see the entry. Thread-safe.
class Attachments {
 public:
  virtual ~Attachments() = default;

  // The piece of a document of the peer that is wanted next; nothing: none is now. The same until
  // it was kept or is not given.
  virtual absl::StatusOr<std::optional<Chunk>> Wanted() = 0;

  // Keeps a piece that the peer gave, as soon as it can be kept; one that is not wanted changes
  // nothing, and one that cannot be right is not wanted again. Errors are those of the own store.
  virtual absl::Status Keep(const Chunk& chunk, absl::string_view data) = 0;

  // The same of a piece that comes unasked, in a file: it is kept if it is the next one of a
  // document that is not here.
  virtual absl::Status Take(const Chunk& chunk, absl::string_view data) = 0;

  // The peer does not give it: the document is not wanted again for a while.
  virtual void NotGiven(const Chunk& chunk) = 0;

  // The piece of an own document; empty: it is not here, or there is none. Whether the peer may see
  // the entry is for the caller to ask, before.
  virtual absl::StatusOr<std::string> Read(const Chunk& chunk) const = 0;
};

}  // namespace selaras::link
