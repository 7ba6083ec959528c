#include "storage/vault/sealed.h"

#include "storage/base/check.h"
#include "storage/crypto/aes_gcm.h"
#include "storage/crypto/constant_time.h"
#include "storage/crypto/hkdf.h"

namespace selaras::vault {
namespace {

constexpr absl::string_view kEntryKeyUse = "selaras entry key v1";
constexpr absl::string_view kSealedPartUse = "selaras sealed part v1";

// As the key is used once.
const std::string& Nonce() {
  static const auto& nonce = *new std::string(crypto::kGcmNonceSize, '\0');
  return nonce;
}

struct PartKeys {
  std::string cipher;
  std::string commitment;
};

PartKeys PartKeysOf(absl::string_view entry_key) {
  SELARAS_CHECK(entry_key.size() == kKeyBytes) << "the key of an entry has 32 bytes";
  const std::string both = crypto::HkdfSha256(entry_key, "", kSealedPartUse, 2 * kKeyBytes);
  return {both.substr(0, kKeyBytes), both.substr(kKeyBytes)};
}

}  // namespace

std::string EntryKey(absl::string_view subject_key, absl::string_view salt) {
  SELARAS_CHECK(subject_key.size() == kKeyBytes) << "the key of a subject has 32 bytes";
  SELARAS_CHECK(salt.size() >= kSaltBytesMin) << "entries would share a key";
  return crypto::HkdfSha256(subject_key, salt, kEntryKeyUse, kKeyBytes);
}

Sealed Seal(absl::string_view entry_key, absl::string_view context, absl::string_view plaintext) {
  PartKeys keys = PartKeysOf(entry_key);
  return {std::move(keys.commitment), crypto::SealAesGcm(keys.cipher, Nonce(), context, plaintext)};
}

absl::StatusOr<std::string> Open(absl::string_view entry_key, absl::string_view context,
                                 const Sealed& sealed) {
  const PartKeys keys = PartKeysOf(entry_key);
  if (!crypto::ConstantTimeEqual(keys.commitment, sealed.commitment)) {
    return absl::DataLossError("the part was sealed under another key");
  }
  return crypto::OpenAesGcm(keys.cipher, Nonce(), context, sealed.ciphertext);
}

}  // namespace selaras::vault
