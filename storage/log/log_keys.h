#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/checkpoint.h"
#include "storage/log/note.h"
#include "storage/log/succession.h"

namespace selaras::log {

// Keys that sign a log's checkpoints one after another. A key that was replaced is believed for
// ever, up to the checkpoint that closed it; the newest is believed for every size, because whoever
// has it answers for the whole log. A log that was closed goes on in a successor (succession.h): by
// another origin and key, but the same log here. Thread-safe as a value.
class LogKeys {
 public:
  struct Past {
    NoteVerifier verifier;
    // The end of what is believed of it. Its note bears its own signature and the next key's, or
    // that of a successor alone.
    SignedCheckpoint closing;
    base::TreeSize last;     // what is believed of it: at most the closing
    std::string succession;  // the statement if a successor took its place, else empty
  };

  explicit LogKeys(NoteVerifier first) : newest_(std::move(first)) {}

  // What checkpoints of the log show.
  const std::string& origin() const { return newest_.name(); }
  const NoteVerifier& newest() const { return newest_; }
  // Oldest first, each followed by the next.
  const std::vector<Past>& past() const { return past_; }
  bool Has(const NoteVerifier& verifier) const;

  // These keys and `next` after them. DATA_LOSS unless both the newest of them and `next` signed
  // the checkpoint of `closing`, or if it is smaller than the one before; INVALID_ARGUMENT if
  // `next` is none of this log or not new, or `closing` no note of a checkpoint.
  absl::StatusOr<LogKeys> FollowedBy(NoteVerifier next, absl::string_view closing) const;

  // These keys and a successor's after them. What any of them signed is believed up to the closing
  // at most, and so is what those signed that only the statement names. That an operator accepted
  // it is for the caller to know. INVALID_ARGUMENT if the successor is of another log or not new;
  // FAILED_PRECONDITION if the statement names none of these keys.
  absl::StatusOr<LogKeys> SucceededBy(const Succession& succession) const;

  // Whether what the key signed of that size is believed.
  bool Believes(const NoteVerifier& verifier, base::TreeSize size) const;
  // The closing beyond which a key of a closed log signed this checkpoint; nothing if none did.
  std::optional<SignedCheckpoint> ClosingBefore(absl::string_view note) const;

  // The checkpoint of a note that one of the keys signed, a replaced one only up to where it was
  // closed. Errors as of OpenCheckpoint(); DATA_LOSS, too, if it is larger than that.
  absl::StatusOr<SignedCheckpoint> Open(absl::string_view note) const;

 private:
  // The key that signed, if it is one that was replaced.
  const Past* FindPast(absl::string_view note) const;

  std::vector<Past> past_;
  std::vector<Past> told_;  // of which only a statement of succession says that they signed
  NoteVerifier newest_;
};

// A checkpoint that both keys of the log sign: it closes the first, and the second goes on.
SignedCheckpoint SignClosing(const NoteSigner& past, const NoteSigner& next,
                             const Checkpoint& checkpoint);

}  // namespace selaras::log
