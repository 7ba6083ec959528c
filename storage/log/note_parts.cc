#include "storage/log/note_parts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "storage/log/errors.h"
#include "storage/log/utf8.h"

namespace selaras::log {
namespace {

constexpr absl::string_view kSignatureStart = "\xe2\x80\x94 ";  // em dash, space
constexpr std::size_t kNoteBytesMax = 1'000'000;                // what other implementations accept
constexpr std::size_t kSignaturesMax = 100;

// UTF-8 whose only control character is the newline.
bool IsPrintable(absl::string_view text) {
  while (!text.empty()) {
    const std::optional<std::uint32_t> c = TakeCodePoint(&text);
    if (!c || (*c < 0x20 && *c != '\n')) return false;
  }
  return true;
}

absl::string_view NameOf(NoteAlgorithm algorithm) {
  return algorithm == NoteAlgorithm::kEd25519 ? "a key that signs notes"
                                              : "a key that cosigns checkpoints";
}

absl::StatusOr<NoteSignature> ParseSignatureLine(absl::string_view line) {
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
  return NoteSignature{parts[0], *key_id, std::string(reader.rest())};
}

struct KeyParts {
  std::string name;
  std::string id;   // in hex
  std::string key;  // without the algorithm
};

absl::StatusOr<KeyParts> SplitKeyText(absl::string_view text, NoteAlgorithm algorithm) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3) return NotAKey("it is not <name>+<id>+<base64>");
  if (!IsKeyName(parts[0])) return NotAKey("its name is empty or has spaces");
  const absl::StatusOr<std::string> key = base::Base64Decode(parts[2]);
  if (!key.ok()) return NotAKey("its last part is not base64");
  if (key->empty() || key->front() != static_cast<char>(algorithm)) {
    return NotAKey(absl::StrCat("its type is not Ed25519 of ", NameOf(algorithm)));
  }
  return KeyParts{std::string(parts[0]), std::string(parts[1]), key->substr(1)};
}

absl::Status CheckKeyId(const KeyParts& parts, NoteAlgorithm algorithm,
                        const crypto::VerifyKey& key) {
  return parts.id == absl::StrFormat("%08x", KeyId(parts.name, algorithm, key))
             ? absl::OkStatus()
             : NotAKey("its id does not fit name and key");
}

}  // namespace

bool IsKeyName(absl::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const std::optional<std::uint32_t> c = TakeCodePoint(&name);
    if (!c || *c < 0x20 || *c == 0x7f || *c == '+' || IsSpace(*c)) return false;
  }
  return true;
}

bool IsNoteText(absl::string_view text) { return absl::EndsWith(text, "\n") && IsPrintable(text); }

std::uint32_t KeyId(absl::string_view name, NoteAlgorithm algorithm, const crypto::VerifyKey& key) {
  const char type = static_cast<char>(algorithm);
  const base::Digest digest =
      crypto::Sha256Concat({name, "\n", absl::string_view(&type, 1), key.bytes()});
  return *base::ByteReader(digest.view()).ReadU32();
}

std::string KeyText(absl::string_view name, std::uint32_t key_id, NoteAlgorithm algorithm,
                    absl::string_view key) {
  const char type = static_cast<char>(algorithm);
  return absl::StrCat(name, "+", absl::StrFormat("%08x", key_id), "+",
                      base::Base64Encode(absl::StrCat(absl::string_view(&type, 1), key)));
}

absl::StatusOr<NamedKey<crypto::VerifyKey>> ParsePublicKey(absl::string_view text,
                                                           NoteAlgorithm algorithm) {
  if (absl::StartsWith(text, kPrivateStart)) return NotAKey("it is a private key");
  ASSIGN_OR_RETURN(KeyParts parts, SplitKeyText(text, algorithm));
  absl::StatusOr<crypto::VerifyKey> key = crypto::VerifyKey::FromBytes(parts.key);
  if (!key.ok()) return NotAKey("its last part has another length");
  RETURN_IF_ERROR(CheckKeyId(parts, algorithm, *key));
  return NamedKey<crypto::VerifyKey>{std::move(parts.name), *std::move(key)};
}

absl::StatusOr<NamedKey<crypto::SigningKey>> ParsePrivateKey(absl::string_view text,
                                                             NoteAlgorithm algorithm) {
  if (!absl::ConsumePrefix(&text, kPrivateStart)) return NotAKey("it is no private key");
  ASSIGN_OR_RETURN(KeyParts parts, SplitKeyText(text, algorithm));
  absl::StatusOr<crypto::SigningKey> key = crypto::SigningKey::FromSeed(parts.key);
  if (!key.ok()) return NotAKey("its last part has another length");
  RETURN_IF_ERROR(CheckKeyId(parts, algorithm, key->verify_key()));
  return NamedKey<crypto::SigningKey>{std::move(parts.name), *std::move(key)};
}

bool IsDecimal(absl::string_view text) {
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  return digits && (text.size() == 1 || text.front() != '0');
}

std::string SignatureLine(absl::string_view name, std::uint32_t key_id,
                          absl::string_view signature) {
  std::string bytes;
  base::AppendU32(&bytes, key_id);
  bytes.append(signature.data(), signature.size());
  return absl::StrCat(kSignatureStart, name, " ", base::Base64Encode(bytes), "\n");
}

absl::StatusOr<NoteParts> SplitNote(absl::string_view note) {
  if (note.size() > kNoteBytesMax) return NotANote("it is longer than a million bytes");
  if (!IsNoteText(note)) {
    return NotANote("it does not end in a newline, is not UTF-8 or has control characters");
  }
  const std::size_t blank = note.rfind("\n\n");
  if (blank == absl::string_view::npos) return NotANote("no blank line parts text and signatures");
  NoteParts parts{note.substr(0, blank + 1), {}};
  absl::string_view lines = note.substr(blank + 2);
  if (!absl::ConsumeSuffix(&lines, "\n")) return NotANote("it has no signature");
  for (const absl::string_view line : absl::StrSplit(lines, '\n')) {
    if (parts.signatures.size() == kSignaturesMax) return NotANote("it has too many signatures");
    ASSIGN_OR_RETURN(NoteSignature signature, ParseSignatureLine(line));
    parts.signatures.push_back(std::move(signature));
  }
  return parts;
}

}  // namespace selaras::log
