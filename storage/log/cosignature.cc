#include "storage/log/cosignature.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/check.h"
#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/log/note_parts.h"

namespace selaras::log {
namespace {

constexpr NoteAlgorithm kCosignature = NoteAlgorithm::kCosignature;

std::string Message(std::uint64_t seconds, absl::string_view text) {
  return absl::StrCat("cosignature/v1\ntime ", seconds, "\n", text);
}

}  // namespace

Cosigner::Cosigner(std::string name, crypto::SigningKey key)
    : name_(std::move(name)),
      key_(std::move(key)),
      key_id_(KeyId(name_, kCosignature, key_.verify_key())) {}

absl::StatusOr<Cosigner> Cosigner::Make(absl::string_view name, crypto::SigningKey key) {
  if (!IsKeyName(name)) return BadKeyName(name);
  return Cosigner(std::string(name), std::move(key));
}

absl::StatusOr<Cosigner> Cosigner::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(auto named, ParsePrivateKey(text, kCosignature));
  return Cosigner(std::move(named.name), std::move(named.key));
}

CosignatureVerifier Cosigner::verifier() const {
  return CosignatureVerifier(name_, key_.verify_key());
}

std::string Cosigner::PrivateText() const {
  return absl::StrCat(kPrivateStart, KeyText(name_, key_id_, kCosignature, key_.seed()));
}

std::string Cosigner::VerifierText() const { return verifier().VerifierText(); }

absl::StatusOr<std::string> Cosigner::Cosign(absl::string_view note, absl::Time time) const {
  ASSIGN_OR_RETURN(const NoteParts parts, SplitNote(note));
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  SELARAS_CHECK(seconds >= 0) << "a cosignature is not older than 1970";
  const auto stamp = static_cast<std::uint64_t>(seconds);
  std::string signature;
  base::AppendU64(&signature, stamp);
  signature += key_.Sign(Message(stamp, parts.text));
  return absl::StrCat(note, SignatureLine(name_, key_id_, signature));
}

CosignatureVerifier::CosignatureVerifier(std::string name, crypto::VerifyKey key)
    : name_(std::move(name)), key_(std::move(key)), key_id_(KeyId(name_, kCosignature, key_)) {}

absl::StatusOr<CosignatureVerifier> CosignatureVerifier::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(auto named, ParsePublicKey(text, kCosignature));
  return CosignatureVerifier(std::move(named.name), std::move(named.key));
}

std::string CosignatureVerifier::VerifierText() const {
  return KeyText(name_, key_id_, kCosignature, key_.bytes());
}

absl::StatusOr<absl::Time> CosignatureVerifier::Verify(absl::string_view note) const {
  ASSIGN_OR_RETURN(const CosignatureTimes times, Times(note));
  return times.newest;
}

absl::StatusOr<CosignatureTimes> CosignatureVerifier::Times(absl::string_view note) const {
  ASSIGN_OR_RETURN(const NoteParts parts, SplitNote(note));
  std::optional<CosignatureTimes> times;
  for (const NoteSignature& line : parts.signatures) {
    if (line.name != name_ || line.key_id != key_id_) continue;
    base::ByteReader reader(line.signature);
    const absl::StatusOr<std::uint64_t> seconds = reader.ReadU64();
    if (!seconds.ok() || *seconds > std::uint64_t{std::numeric_limits<std::int64_t>::max()} ||
        !key_.Verify(Message(*seconds, parts.text), reader.rest())) {
      return WrongSignature(name_, key_id_);
    }
    const absl::Time time = absl::FromUnixSeconds(static_cast<std::int64_t>(*seconds));
    if (!times) times = CosignatureTimes{time, time};
    times->first = std::min(times->first, time);
    times->newest = std::max(times->newest, time);
  }
  if (!times) return NotSignedBy(name_, key_id_);
  return *times;
}

}  // namespace selaras::log
