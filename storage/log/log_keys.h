#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/checkpoint.h"
#include "storage/log/note.h"

namespace selaras::log {

// Keys that sign a log's checkpoints one after another. A key that was replaced is believed for
// ever, up to the checkpoint that closed it; the newest is believed for every size, because whoever
// has it answers for the whole log. Thread-safe as a value.
class LogKeys {
 public:
  struct Past {
    NoteVerifier verifier;
    SignedCheckpoint closing;  // the largest that is believed of it; its note bears both signatures
  };

  explicit LogKeys(NoteVerifier first) : newest_(std::move(first)) {}

  // What checkpoints of the log show.
  const std::string& origin() const { return newest_.name(); }
  const NoteVerifier& newest() const { return newest_; }
  // Oldest first.
  const std::vector<Past>& past() const { return past_; }
  bool Has(const NoteVerifier& verifier) const;

  // These keys and `next` after them. DATA_LOSS unless both the newest of them and `next` signed
  // the checkpoint of `closing`, or if it is smaller than the one before; INVALID_ARGUMENT if
  // `next` is none of this log or not new, or `closing` no note of a checkpoint.
  absl::StatusOr<LogKeys> FollowedBy(NoteVerifier next, absl::string_view closing) const;

  // The checkpoint of a note that one of the keys signed, a replaced one only up to where it was
  // closed. Errors as of OpenCheckpoint(); DATA_LOSS, too, if it is larger than that.
  absl::StatusOr<SignedCheckpoint> Open(absl::string_view note) const;

 private:
  std::vector<Past> past_;
  NoteVerifier newest_;
};

// A checkpoint that both keys of the log sign: it closes the first, and the second goes on.
SignedCheckpoint SignClosing(const NoteSigner& past, const NoteSigner& next,
                             const Checkpoint& checkpoint);

}  // namespace selaras::log
