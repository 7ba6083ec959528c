#include "storage/log/note.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/errors.h"
#include "storage/log/utf8.h"

namespace selaras::log {
namespace {

constexpr char kEd25519 = 0x01;                                 // C2SP signature type
constexpr absl::string_view kSignatureStart = "\xe2\x80\x94 ";  // em dash, space
constexpr absl::string_view kPrivateStart = "PRIVATE+KEY+";
constexpr std::size_t kNoteBytesMax = 1'000'000;  // what other implementations accept
constexpr std::size_t kSignaturesMax = 100;

// A name that can stand in a signature line and in a key's text.
bool IsKeyName(absl::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const std::optional<std::uint32_t> c = TakeCodePoint(&name);
    if (!c || *c < 0x20 || *c == 0x7f || *c == '+' || IsSpace(*c)) return false;
  }
  return true;
}

// UTF-8 whose only control character is the newline.
bool IsPrintable(absl::string_view text) {
  while (!text.empty()) {
    const std::optional<std::uint32_t> c = TakeCodePoint(&text);
    if (!c || (*c < 0x20 && *c != '\n')) return false;
  }
  return true;
}

bool IsNoteText(absl::string_view text) { return absl::EndsWith(text, "\n") && IsPrintable(text); }

std::uint32_t KeyId(absl::string_view name, const crypto::VerifyKey& key) {
  const base::Digest digest =
      crypto::Sha256Concat({name, "\n", absl::string_view(&kEd25519, 1), key.bytes()});
  return *base::ByteReader(digest.view()).ReadU32();
}

std::string KeyText(absl::string_view name, std::uint32_t key_id, absl::string_view key) {
  return absl::StrCat(name, "+", absl::StrFormat("%08x", key_id), "+",
                      base::Base64Encode(absl::StrCat(absl::string_view(&kEd25519, 1), key)));
}

// `<name>+<8 hex digits>+<base64 of type and key>`.
struct KeyParts {
  std::string name;
  std::string id;   // in hex
  std::string key;  // without the type
};

absl::StatusOr<KeyParts> SplitKeyText(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3) return NotAKey("it is not <name>+<id>+<base64>");
  if (!IsKeyName(parts[0])) return NotAKey("its name is empty or has spaces");
  const absl::StatusOr<std::string> key = base::Base64Decode(parts[2]);
  if (!key.ok()) return NotAKey("its last part is not base64");
  if (key->empty() || key->front() != kEd25519) return NotAKey("its type is not Ed25519");
  return KeyParts{std::string(parts[0]), std::string(parts[1]), key->substr(1)};
}

absl::Status CheckKeyId(absl::string_view id, std::uint32_t key_id) {
  return id == absl::StrFormat("%08x", key_id) ? absl::OkStatus()
                                               : NotAKey("its id does not fit name and key");
}

struct SignatureLine {
  absl::string_view name;
  std::uint32_t key_id;
  std::string signature;
};

absl::StatusOr<SignatureLine> ParseSignatureLine(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kSignatureStart)) {
    return NotANote("a signature line does not begin with a dash");
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 2 || !IsKeyName(parts[0])) {
    return NotANote("a signature line is not a name and base64");
  }
  const absl::StatusOr<std::string> bytes = base::Base64Decode(parts[1]);
  if (!bytes.ok()) return NotANote("a signature is not base64");
  base::ByteReader reader(*bytes);
  const absl::StatusOr<std::uint32_t> key_id = reader.ReadU32();
  if (!key_id.ok() || reader.rest().empty()) return NotANote("a signature is too short");
  return SignatureLine{parts[0], *key_id, std::string(reader.rest())};
}

}  // namespace

NoteSigner::NoteSigner(std::string name, crypto::SigningKey key)
    : name_(std::move(name)), key_(std::move(key)), key_id_(KeyId(name_, key_.verify_key())) {}

absl::StatusOr<NoteSigner> NoteSigner::Make(absl::string_view name, crypto::SigningKey key) {
  if (!IsKeyName(name)) return BadKeyName(name);
  return NoteSigner(std::string(name), std::move(key));
}

absl::StatusOr<NoteSigner> NoteSigner::Parse(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kPrivateStart)) return NotAKey("it is no private key");
  ASSIGN_OR_RETURN(KeyParts parts, SplitKeyText(text));
  absl::StatusOr<crypto::SigningKey> key = crypto::SigningKey::FromSeed(parts.key);
  if (!key.ok()) return NotAKey("its last part has another length");
  NoteSigner signer(std::move(parts.name), *std::move(key));
  RETURN_IF_ERROR(CheckKeyId(parts.id, signer.key_id_));
  return signer;
}

NoteVerifier NoteSigner::verifier() const { return NoteVerifier(name_, key_.verify_key()); }

std::string NoteSigner::PrivateText() const {
  return absl::StrCat(kPrivateStart, KeyText(name_, key_id_, key_.seed()));
}

std::string NoteSigner::VerifierText() const {
  return KeyText(name_, key_id_, key_.verify_key().bytes());
}

std::string NoteSigner::Sign(absl::string_view text) const {
  SELARAS_CHECK(IsNoteText(text)) << "only a text that others can read back may be signed";
  std::string signature;
  base::AppendU32(&signature, key_id_);
  signature += key_.Sign(text);
  return absl::StrCat(text, "\n", kSignatureStart, name_, " ", base::Base64Encode(signature), "\n");
}

NoteVerifier::NoteVerifier(std::string name, crypto::VerifyKey key)
    : name_(std::move(name)), key_(std::move(key)), key_id_(KeyId(name_, key_)) {}

absl::StatusOr<NoteVerifier> NoteVerifier::Make(absl::string_view name, crypto::VerifyKey key) {
  if (!IsKeyName(name)) return BadKeyName(name);
  return NoteVerifier(std::string(name), std::move(key));
}

absl::StatusOr<NoteVerifier> NoteVerifier::Parse(absl::string_view text) {
  if (absl::StartsWith(text, kPrivateStart)) return NotAKey("it is a private key");
  ASSIGN_OR_RETURN(KeyParts parts, SplitKeyText(text));
  absl::StatusOr<crypto::VerifyKey> key = crypto::VerifyKey::FromBytes(parts.key);
  if (!key.ok()) return NotAKey("its last part has another length");
  NoteVerifier verifier(std::move(parts.name), *std::move(key));
  RETURN_IF_ERROR(CheckKeyId(parts.id, verifier.key_id_));
  return verifier;
}

std::string NoteVerifier::VerifierText() const { return KeyText(name_, key_id_, key_.bytes()); }

absl::StatusOr<std::string> NoteVerifier::Open(absl::string_view note) const {
  if (note.size() > kNoteBytesMax) return NotANote("it is longer than a million bytes");
  if (!IsNoteText(note)) {
    return NotANote("it does not end in a newline, is not UTF-8 or has control characters");
  }
  const std::size_t blank = note.rfind("\n\n");
  if (blank == absl::string_view::npos) return NotANote("no blank line parts text and signatures");
  const absl::string_view text = note.substr(0, blank + 1);
  absl::string_view lines = note.substr(blank + 2);
  if (!absl::ConsumeSuffix(&lines, "\n")) return NotANote("it has no signature");

  // The whole note must be well formed before any signature is looked at.
  std::optional<std::string> own;
  std::size_t count = 0;
  for (const absl::string_view line : absl::StrSplit(lines, '\n')) {
    if (++count > kSignaturesMax) return NotANote("it has too many signatures");
    ASSIGN_OR_RETURN(SignatureLine parsed, ParseSignatureLine(line));
    const bool ours = parsed.name == name_ && parsed.key_id == key_id_;
    if (ours && !own) own = std::move(parsed.signature);
  }
  if (!own) return NotSignedBy(name_, key_id_);
  if (!key_.Verify(text, *own)) return WrongSignature(name_, key_id_);
  return std::string(text);
}

}  // namespace selaras::log
