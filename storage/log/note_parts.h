#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/ed25519.h"

// What all kinds of signature on a C2SP signed note share. Inside storage/log only.
namespace selaras::log {

// The first byte of a key: what is signed, and how.
enum class NoteAlgorithm : char {
  kEd25519 = 0x01,      // the text of the note
  kCosignature = 0x04,  // C2SP tlog-cosignature: a header, the time, the text of the note
};

inline constexpr absl::string_view kPrivateStart = "PRIVATE+KEY+";

// A name that can stand in a signature line and in a key's text.
bool IsKeyName(absl::string_view name);
// UTF-8 that ends in a newline and has no other control character.
bool IsNoteText(absl::string_view text);

// First four bytes of SHA-256 over name, newline, algorithm and public key.
std::uint32_t KeyId(absl::string_view name, NoteAlgorithm algorithm, const crypto::VerifyKey& key);

// `<name>+<8 hex digits>+<base64 of algorithm and key>`.
std::string KeyText(absl::string_view name, std::uint32_t key_id, NoteAlgorithm algorithm,
                    absl::string_view key);

// A key under its name.
template <typename Key>
struct NamedKey {
  std::string name;
  Key key;
};
// Reads the text of a public key, or of a private one behind its prefix. INVALID_ARGUMENT if it is
// malformed, the other of the two, of another algorithm, or if the id does not fit.
absl::StatusOr<NamedKey<crypto::VerifyKey>> ParsePublicKey(absl::string_view text,
                                                           NoteAlgorithm algorithm);
absl::StatusOr<NamedKey<crypto::SigningKey>> ParsePrivateKey(absl::string_view text,
                                                             NoteAlgorithm algorithm);

// An ASCII decimal as C2SP writes them: no sign, no leading zeros.
bool IsDecimal(absl::string_view text);

// `— <name> <base64 of id and signature>`, with its newline.
std::string SignatureLine(absl::string_view name, std::uint32_t key_id,
                          absl::string_view signature);

struct NoteSignature {
  absl::string_view name;
  std::uint32_t key_id;
  std::string signature;
};

// A note whose every line is well formed; views are into it.
struct NoteParts {
  absl::string_view text;
  std::vector<NoteSignature> signatures;
};
// INVALID_ARGUMENT if it is no note.
absl::StatusOr<NoteParts> SplitNote(absl::string_view note);

}  // namespace selaras::log
