#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/base/bytes.h"
#include "storage/log/log_reader.h"

namespace selaras::log {

// An entry that the log's owner disclosed.
struct DisclosedEntry {
  base::Sequence sequence;
  std::string bytes;
};

// A verified copy of another node's shared log: every leaf hash, and those entries that were
// disclosed. One writer at a time; readers are never blocked.
class Mirror : public LogReader {
 public:
  // Extends the copy by `leaf_hashes`, the first of which stands at `from`, to exactly the size
  // of `note`, which is opened with the mirror's keys. Durable on return.
  //
  // Leaves that are held already are compared, not written, so a repeated frame is harmless.
  // Every note is checked, also an old one: against the tree that is held. Without leaves nothing
  // is written but evidence: so anybody may ask, also while the writer writes.
  //
  //   OUT_OF_RANGE      there is a gap between what is held and `from`: follow again from size().
  //   DATA_LOSS         the note does not verify, or contradicts what is held (a fork, a rollback,
  //                     a changed leaf). Of a contradiction both statements are kept as evidence,
  //                     once; a note that does not verify states nothing. Nothing else is written.
  //   INVALID_ARGUMENT  it is no note of a checkpoint, sizes do not add up, or too many leaves.
  //   UNAVAILABLE       too little room is left on the disk. Nothing is written.
  virtual absl::Status Extend(base::TreeSize from, std::span<const base::Digest> leaf_hashes,
                              absl::string_view note) = 0;

  // The log's owner replaced its key: from now on `next` signs, and the newest key so far is
  // believed up to `closing`, a checkpoint that bears both signatures. Durable on return; nothing
  // happens if the key is known already. That the log itself says so is for the caller to know.
  //
  //   DATA_LOSS         `closing` is not signed by both, or contradicts what is held: of that, both
  //                     statements are kept as evidence.
  //   INVALID_ARGUMENT  it is no note of a checkpoint, or `next` no key of this log.
  //   UNAVAILABLE       too little room is left on the disk.
  virtual absl::Status AddKey(const NoteVerifier& next, absl::string_view closing) = 0;

  // Keeps those entries whose leaf hash is held at their place. Durable on return. Gives the
  // number of entries that are new here; `now`, by the node's clock, is when they came. If it is
  // absl::InfinitePast(), that stays unknown. None is kept after an error:
  //
  //   DATA_LOSS         one does not match its hash.
  //   OUT_OF_RANGE      one lies beyond size().
  //   INVALID_ARGUMENT  one is empty or too long.
  //   UNAVAILABLE       too little room is left on the disk.
  virtual absl::StatusOr<std::size_t> Keep(std::span<const DisclosedEntry> entries,
                                           absl::Time now) = 0;

  // How many entries are held.
  virtual std::uint64_t entries_held() const = 0;

  // The places of the entries in the order in which they were kept: at most `max` of them, from
  // the `from`-th on. The order never changes, so a reader that has handled n of them goes on at n.
  virtual absl::StatusOr<std::vector<base::Sequence>> Kept(std::uint64_t from,
                                                           std::size_t max) const = 0;

  // When the entry came, to the microsecond; kept for ever with it. Nothing if it is not held, or
  // was kept before that was noted.
  virtual absl::StatusOr<std::optional<absl::Time>> KeptAt(base::Sequence sequence) const = 0;
};

}  // namespace selaras::log
