#include "storage/log/log_keys.h"

#include <algorithm>
#include <utility>

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/names.h"
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
  const auto is = [&](const Past& past) { return past.verifier.VerifierText() == text; };
  return newest_.VerifierText() == text || std::any_of(past_.begin(), past_.end(), is) ||
         std::any_of(told_.begin(), told_.end(), is);
}

bool LogKeys::Believes(const NoteVerifier& verifier, base::TreeSize size) const {
  const std::string text = verifier.VerifierText();
  if (newest_.VerifierText() == text) return true;
  for (const std::vector<Past>* all : {&past_, &told_}) {
    for (const Past& past : *all) {
      if (past.verifier.VerifierText() == text) return size <= past.last;
    }
  }
  return false;
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
  keys.past_.push_back({std::move(keys.newest_), std::move(closed), size, ""});
  keys.newest_ = std::move(next);
  return keys;
}

absl::StatusOr<LogKeys> LogKeys::SucceededBy(const Succession& succession) const {
  const NoteVerifier& next = succession.next;
  if (LogOfOrigin(origin()) != succession.log ||
      GenerationOf(next.name()) <= GenerationOf(origin())) {
    return KeyOfAnotherLog(next.name(), origin());
  }
  if (Has(next)) return KeyNotNew(next.VerifierText());
  const bool known =
      std::any_of(succession.past.begin(), succession.past.end(),
                  [this](const Succession::Past& past) { return Has(past.verifier); });
  if (!known) return SuccessionOfOtherKeys(origin(), next.name());

  const base::TreeSize size = succession.closing.checkpoint.size;
  const std::string text = SuccessionText(succession);
  LogKeys keys = *this;
  keys.past_.push_back({newest_, succession.closing, size, text});
  for (const Succession::Past& past : succession.past) {
    if (!keys.Has(past.verifier)) {
      keys.told_.push_back({past.verifier, succession.closing, past.last, text});
    }
  }
  keys.newest_ = next;
  // What a key closed beyond this closing was cut off.
  for (std::vector<Past>* all : {&keys.past_, &keys.told_}) {
    for (Past& past : *all) {
      if (past.closing.checkpoint.size <= size) continue;
      past.closing = succession.closing;
      past.last = std::min(past.last, size);
    }
  }
  return keys;
}

const LogKeys::Past* LogKeys::FindPast(absl::string_view note) const {
  const absl::StatusOr<NoteParts> parts = SplitNote(note);
  if (!parts.ok() || IsSignedBy(*parts, newest_)) return nullptr;
  for (const std::vector<Past>* all : {&past_, &told_}) {
    const auto past = std::find_if(all->rbegin(), all->rend(), [&](const Past& key) {
      return IsSignedBy(*parts, key.verifier);
    });
    if (past != all->rend()) return &*past;
  }
  return nullptr;
}

std::optional<SignedCheckpoint> LogKeys::ClosingBefore(absl::string_view note) const {
  const Past* const past = FindPast(note);
  if (past == nullptr || past->closing.checkpoint.origin == past->verifier.name()) {
    return std::nullopt;
  }
  const auto opened = OpenCheckpoint(past->verifier, note);
  if (!opened.ok() || opened->checkpoint.size <= past->last) return std::nullopt;
  return past->closing;
}

absl::StatusOr<SignedCheckpoint> LogKeys::Open(absl::string_view note) const {
  const Past* const past = FindPast(note);
  if (past == nullptr) return OpenCheckpoint(newest_, note);  // says what is missing
  ASSIGN_OR_RETURN(SignedCheckpoint opened, OpenCheckpoint(past->verifier, note));
  const base::TreeSize size = opened.checkpoint.size;
  if (size <= past->last) return opened;
  const NoteVerifier& key = past->verifier;
  const std::string& by = past->closing.checkpoint.origin;
  if (by != key.name()) return SignedAfterClosing(key.name(), key.key_id(), size, past->last, by);
  return SignedByReplacedKey(key.name(), key.key_id(), size, past->last);
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
