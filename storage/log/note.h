#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/ed25519.h"

// C2SP signed-note with Ed25519 (algorithm 0x01): a text, a blank line, and a line for
// every signature.
namespace selaras::log {

class NoteVerifier;

// Signs notes under a name. Thread-safe.
class NoteSigner {
 public:
  // `name` is the key's name: for a log, its origin. INVALID_ARGUMENT if it is empty or has
  // spaces, plus signs or control characters.
  static absl::StatusOr<NoteSigner> Make(absl::string_view name, crypto::SigningKey key);
  // Reads the text form `PRIVATE+KEY+<name>+<id>+<base64>`. INVALID_ARGUMENT if malformed or
  // the id does not fit; the text is not repeated in the error.
  static absl::StatusOr<NoteSigner> Parse(absl::string_view text);

  const std::string& name() const { return name_; }
  const crypto::SigningKey& key() const { return key_; }
  // What verifies the notes of this signer.
  NoteVerifier verifier() const;
  // `PRIVATE+KEY+…`: as it is kept in a file.
  std::string PrivateText() const;
  // `<name>+<id>+<base64>`: what others verify with.
  std::string VerifierText() const;
  // The note. `text` must be one: not empty, ends in a newline, UTF-8, no other control
  // characters.
  std::string Sign(absl::string_view text) const;

 private:
  NoteSigner(std::string name, crypto::SigningKey key);

  std::string name_;
  crypto::SigningKey key_;
  std::uint32_t key_id_;
};

// Verifies notes of one key. Thread-safe.
class NoteVerifier {
 public:
  // INVALID_ARGUMENT as for NoteSigner::Make.
  static absl::StatusOr<NoteVerifier> Make(absl::string_view name, crypto::VerifyKey key);
  // Reads `<name>+<id>+<base64>`. INVALID_ARGUMENT if malformed or the id does not fit.
  static absl::StatusOr<NoteVerifier> Parse(absl::string_view text);

  const std::string& name() const { return name_; }
  const crypto::VerifyKey& key() const { return key_; }
  // First four bytes of SHA-256 over name and key: tells keys of one name apart.
  std::uint32_t key_id() const { return key_id_; }
  std::string VerifierText() const;
  // The signed text of `note`. INVALID_ARGUMENT if it is no note, DATA_LOSS if it carries no
  // signature of this key or, in whatever line, a wrong one. Signatures of other keys are ignored
  // (C2SP).
  absl::StatusOr<std::string> Open(absl::string_view note) const;

 private:
  friend class NoteSigner;
  NoteVerifier(std::string name, crypto::VerifyKey key);

  std::string name_;
  crypto::VerifyKey key_;
  std::uint32_t key_id_;
};

}  // namespace selaras::log
