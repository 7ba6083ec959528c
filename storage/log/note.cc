#include "storage/log/note.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/note_parts.h"

namespace selaras::log {
namespace {

constexpr NoteAlgorithm kEd25519 = NoteAlgorithm::kEd25519;

}  // namespace

NoteSigner::NoteSigner(std::string name, crypto::SigningKey key)
    : name_(std::move(name)),
      key_(std::move(key)),
      key_id_(KeyId(name_, kEd25519, key_.verify_key())) {}

absl::StatusOr<NoteSigner> NoteSigner::Make(absl::string_view name, crypto::SigningKey key) {
  if (!IsKeyName(name)) return BadKeyName(name);
  return NoteSigner(std::string(name), std::move(key));
}

absl::StatusOr<NoteSigner> NoteSigner::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(auto named, ParsePrivateKey(text, kEd25519));
  return NoteSigner(std::move(named.name), std::move(named.key));
}

NoteVerifier NoteSigner::verifier() const { return NoteVerifier(name_, key_.verify_key()); }

std::string NoteSigner::PrivateText() const {
  return absl::StrCat(kPrivateStart, KeyText(name_, key_id_, kEd25519, key_.seed()));
}

std::string NoteSigner::VerifierText() const {
  return KeyText(name_, key_id_, kEd25519, key_.verify_key().bytes());
}

std::string NoteSigner::Sign(absl::string_view text) const {
  SELARAS_CHECK(IsNoteText(text)) << "only a text that others can read back may be signed";
  return absl::StrCat(text, "\n", SignatureLine(name_, key_id_, key_.Sign(text)));
}

NoteVerifier::NoteVerifier(std::string name, crypto::VerifyKey key)
    : name_(std::move(name)), key_(std::move(key)), key_id_(KeyId(name_, kEd25519, key_)) {}

absl::StatusOr<NoteVerifier> NoteVerifier::Make(absl::string_view name, crypto::VerifyKey key) {
  if (!IsKeyName(name)) return BadKeyName(name);
  return NoteVerifier(std::string(name), std::move(key));
}

absl::StatusOr<NoteVerifier> NoteVerifier::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(auto named, ParsePublicKey(text, kEd25519));
  return NoteVerifier(std::move(named.name), std::move(named.key));
}

std::string NoteVerifier::VerifierText() const {
  return KeyText(name_, key_id_, kEd25519, key_.bytes());
}

absl::StatusOr<std::string> NoteVerifier::Open(absl::string_view note) const {
  // The whole note must be well formed before any signature is looked at.
  ASSIGN_OR_RETURN(const NoteParts parts, SplitNote(note));
  bool signed_here = false;
  for (const NoteSignature& line : parts.signatures) {
    if (line.name != name_ || line.key_id != key_id_) continue;
    if (!key_.Verify(parts.text, line.signature)) return WrongSignature(name_, key_id_);
    signed_here = true;
  }
  if (!signed_here) return NotSignedBy(name_, key_id_);
  return std::string(parts.text);
}

}  // namespace selaras::log
