#include "storage/log/log_keys.h"

#include <algorithm>
#include <utility>

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/note_parts.h"

namespace selaras::log {
namespace {

bool IsSignedBy(const NoteParts& note, const NoteVerifier& verifier) {
  return std::any_of(note.signatures.begin(), note.signatures.end(), [&](const auto& signature) {
    return signature.name == verifier.name() && signature.key_id == verifier.key_id();
  });
}

}  // namespace

bool LogKeys::Has(const NoteVerifier& verifier) const {
  const std::string text = verifier.VerifierText();
  return newest_.VerifierText() == text ||
         std::any_of(past_.begin(), past_.end(),
                     [&](const Past& past) { return past.verifier.VerifierText() == text; });
}

absl::StatusOr<LogKeys> LogKeys::FollowedBy(NoteVerifier next, absl::string_view closing) const {
  if (next.name() != origin()) return KeyOfAnotherLog(next.name(), origin());
  if (Has(next)) return KeyNotNew(next.VerifierText());
  ASSIGN_OR_RETURN(SignedCheckpoint closed, OpenCheckpoint(newest_, closing));
  RETURN_IF_ERROR(OpenCheckpoint(next, closing).status());
  const base::TreeSize size = closed.checkpoint.size;
  if (!past_.empty() && size < past_.back().closing.checkpoint.size) {
    return ClosedBefore(origin(), size, past_.back().closing.checkpoint.size);
  }
  LogKeys keys = *this;
  keys.past_.push_back({std::move(keys.newest_), std::move(closed)});
  keys.newest_ = std::move(next);
  return keys;
}

absl::StatusOr<SignedCheckpoint> LogKeys::Open(absl::string_view note) const {
  ASSIGN_OR_RETURN(const NoteParts parts, SplitNote(note));
  if (IsSignedBy(parts, newest_)) return OpenCheckpoint(newest_, note);
  const auto past = std::find_if(past_.rbegin(), past_.rend(),
                                 [&](const Past& key) { return IsSignedBy(parts, key.verifier); });
  if (past == past_.rend()) return OpenCheckpoint(newest_, note);  // says what is missing
  ASSIGN_OR_RETURN(SignedCheckpoint opened, OpenCheckpoint(past->verifier, note));
  const base::TreeSize size = opened.checkpoint.size;
  const base::TreeSize last = past->closing.checkpoint.size;
  if (size > last) return SignedByReplacedKey(origin(), past->verifier.key_id(), size, last);
  return opened;
}

SignedCheckpoint SignClosing(const NoteSigner& past, const NoteSigner& next,
                             const Checkpoint& checkpoint) {
  SignedCheckpoint closing = SignCheckpoint(past, checkpoint);
  const std::string text = CheckpointText(checkpoint);
  SELARAS_CHECK(next.name() == past.name()) << "both keys are of one log";
  closing.note += SignCheckpoint(next, checkpoint).note.substr(text.size() + 1);  // its signature
  return closing;
}

}  // namespace selaras::log
