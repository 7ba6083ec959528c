#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/crypto/ed25519.h"

// C2SP tlog-cosignature with Ed25519 (algorithm 0x04): a witness states that at that time the
// checkpoint was the largest consistent one that it had seen of the log.
namespace selaras::log {

class CosignatureVerifier;

// Of a note that a witness cosigned once or several times.
struct CosignatureTimes {
  absl::Time first;
  absl::Time newest;

  friend bool operator==(const CosignatureTimes&, const CosignatureTimes&) = default;
};

// Cosigns checkpoints under a name. A key of its own: one that signs notes must not be used.
// Thread-safe.
class Cosigner {
 public:
  // INVALID_ARGUMENT as for NoteSigner::Make.
  static absl::StatusOr<Cosigner> Make(absl::string_view name, crypto::SigningKey key);
  // Reads `PRIVATE+KEY+<name>+<id>+<base64>`. INVALID_ARGUMENT if malformed or of another kind.
  static absl::StatusOr<Cosigner> Parse(absl::string_view text);

  const std::string& name() const { return name_; }
  CosignatureVerifier verifier() const;
  std::string PrivateText() const;
  std::string VerifierText() const;

  // The note with one more signature line. `time`, to the second, is when the statement is made.
  // INVALID_ARGUMENT if it is no note. Whether the checkpoint deserves it is the caller's to know.
  absl::StatusOr<std::string> Cosign(absl::string_view note, absl::Time time) const;

 private:
  Cosigner(std::string name, crypto::SigningKey key);

  std::string name_;
  crypto::SigningKey key_;
  std::uint32_t key_id_;
};

// Verifies the cosignatures of one witness. Thread-safe.
class CosignatureVerifier {
 public:
  // Reads `<name>+<id>+<base64>`. INVALID_ARGUMENT if malformed or of another kind.
  static absl::StatusOr<CosignatureVerifier> Parse(absl::string_view text);

  const std::string& name() const { return name_; }
  const crypto::VerifyKey& key() const { return key_; }
  std::uint32_t key_id() const { return key_id_; }
  std::string VerifierText() const;
  // When the witness cosigned the note; of several times the latest. INVALID_ARGUMENT if it is no
  // note, DATA_LOSS if the witness did not cosign it, or if any of its cosignatures is wrong.
  absl::StatusOr<absl::Time> Verify(absl::string_view note) const;
  // The same, the earliest as well.
  absl::StatusOr<CosignatureTimes> Times(absl::string_view note) const;

 private:
  friend class Cosigner;
  CosignatureVerifier(std::string name, crypto::VerifyKey key);

  std::string name_;
  crypto::VerifyKey key_;
  std::uint32_t key_id_;
};

}  // namespace selaras::log
