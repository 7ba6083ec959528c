#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/bytes.h"
#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/note.h"

// A log that was closed, and the one that goes on in its place: after a fork, which cannot be
// healed, the loss of its end, or the theft of its key. The successor has the same name, the same
// leaves up to where the log was closed, another origin and another key. Nobody follows it because
// of a signature, which a thief could give, too: each follower's operator accepts the statement, by
// its fingerprint.
namespace selaras::log {

enum class SuccessionReason { kFork, kLostTail, kKeyCompromise };
// `fork`, `lost-tail`, `key-compromise`: a code and no text, because it goes to everybody for ever.
absl::string_view NameOf(SuccessionReason reason);
std::optional<SuccessionReason> SuccessionReasonOf(absl::string_view name);

// The statement.
struct Succession {
  // A key that signed the log until then.
  struct Past {
    NoteVerifier verifier;
    base::TreeSize last;  // it is believed up to here: the closing at most
  };

  std::string log;         // its name
  std::vector<Past> past;  // all of them, oldest first
  NoteVerifier next;       // the successor's, by its origin
  SuccessionReason reason = SuccessionReason::kFork;
  std::vector<base::Digest> evidence;  // SHA-256 of each piece
  SignedCheckpoint closing;            // signed by `next`: how many leaves are the successor's, too
  // The same leaves as the newest past key signed them. Empty if nobody has that key any more.
  std::string last_words;
};

// The text of the file.
std::string SuccessionText(const Succession& succession);
// Whether a text begins as one does.
bool IsSuccessionText(absl::string_view text);
// INVALID_ARGUMENT if it is none, saying in which line; DATA_LOSS if the successor's key did not
// sign the closing, or the last words are of other leaves.
absl::StatusOr<Succession> ParseSuccession(absl::string_view text);

// What two operators read to each other: the fingerprint of the text (fingerprint.h).
std::string FingerprintOf(const Succession& succession);

}  // namespace selaras::log
