#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/log/note.h"

namespace selaras::log {

// What a log's operator states: so many leaves, this root. C2SP tlog-checkpoint.
struct Checkpoint {
  std::string origin;
  base::TreeSize size;
  base::Digest root;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The note text that is signed: origin, size and base64 root, one per line.
std::string CheckpointText(const Checkpoint& checkpoint);

// Reads a note text. INVALID_ARGUMENT if it is not one: leading zeros, missing newline,
// a root of another length, another root of the empty tree than its own, control characters.
// Extension lines are allowed and ignored.
absl::StatusOr<Checkpoint> ParseCheckpointText(absl::string_view text);

// A checkpoint together with the note that proves it.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::string note;

  friend bool operator==(const SignedCheckpoint&, const SignedCheckpoint&) = default;
};

// Signs `checkpoint`, whose origin must be the signer's name.
SignedCheckpoint SignCheckpoint(const NoteSigner& signer, const Checkpoint& checkpoint);

// Opens a note and reads the checkpoint. Besides the errors above: DATA_LOSS if the origin is
// not the verifier's name.
absl::StatusOr<SignedCheckpoint> OpenCheckpoint(const NoteVerifier& verifier,
                                                absl::string_view note);

// Reads the checkpoint of a note whose signatures nobody has looked at. INVALID_ARGUMENT if it is
// none.
absl::StatusOr<Checkpoint> ReadUnverified(absl::string_view note);

}  // namespace selaras::log
