#include "storage/crypto/ed25519.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "storage/base/check.h"
#include "storage/base/errors.h"
#include "storage/base/status.h"

namespace selaras::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// A context belongs to one call, the key behind it to all: what makes the keys
// usable by many threads.
Context NewContext() {
  Context context(EVP_MD_CTX_new());
  SELARAS_CHECK(context != nullptr) << "out of memory";
  return context;
}

// Never null: OpenSSL takes that for a missing argument, not for no bytes.
const unsigned char* Bytes(absl::string_view view) {
  return reinterpret_cast<const unsigned char*>(view.empty() ? "" : view.data());
}

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

absl::StatusOr<VerifyKey> VerifyKey::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kEd25519PublicKeySize) {
    return base::WrongLength("Ed25519 public key", kEd25519PublicKeySize, bytes.size());
  }
  std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, Bytes(bytes), bytes.size()),
      &EVP_PKEY_free);
  SELARAS_CHECK(key != nullptr) << "this OpenSSL has no Ed25519";
  return VerifyKey(std::string(bytes), std::move(key));
}

bool VerifyKey::Verify(absl::string_view message, absl::string_view signature) const {
  if (signature.size() != kEd25519SignatureSize) return false;
  const Context context = NewContext();
  SELARAS_CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1)
      << "Ed25519 verification does not start";
  const bool verified = EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                                         Bytes(message), message.size()) == 1;
  if (!verified) ERR_clear_error();  // a refusal must not surface in somebody's TLS call
  return verified;
}

SigningKey SigningKey::Generate(RandomSource& random) {
  absl::StatusOr<SigningKey> key = FromSeed(random.Fill(kEd25519SeedSize));
  SELARAS_CHECK(key.ok()) << key.status();
  return *std::move(key);
}

absl::StatusOr<SigningKey> SigningKey::FromSeed(absl::string_view seed) {
  if (seed.size() != kEd25519SeedSize) {
    return base::WrongLength("Ed25519 seed", kEd25519SeedSize, seed.size());
  }
  std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, Bytes(seed), seed.size()),
      &EVP_PKEY_free);
  SELARAS_CHECK(key != nullptr) << "this OpenSSL has no Ed25519";
  return SigningKey(std::move(key), nullptr);
}

SigningKey SigningKey::In(std::shared_ptr<SigningDevice> device) {
  SELARAS_CHECK(device != nullptr) << "a key is somewhere";
  return SigningKey(nullptr, std::move(device));
}

std::string SigningKey::Sign(absl::string_view message) const {
  if (device_ != nullptr) {
    absl::StatusOr<std::string> signature = device_->Sign(message);
    SELARAS_CHECK(signature.ok()) << signature.status();
    SELARAS_CHECK(device_->verify_key().Verify(message, *signature)) << "a device signed wrongly";
    return *std::move(signature);
  }
  const Context context = NewContext();
  SELARAS_CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1)
      << "Ed25519 signing does not start";
  std::string signature(kEd25519SignatureSize, '\0');
  std::size_t size = signature.size();
  SELARAS_CHECK(
      EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(message), message.size()) == 1)
      << "Ed25519 signing does not work";
  SELARAS_CHECK(size == kEd25519SignatureSize) << "an Ed25519 signature has 64 bytes";
  return signature;
}

VerifyKey SigningKey::verify_key() const {
  if (device_ != nullptr) return device_->verify_key();
  std::string bytes(kEd25519PublicKeySize, '\0');
  std::size_t size = bytes.size();
  SELARAS_CHECK(EVP_PKEY_get_raw_public_key(key_.get(), Bytes(bytes), &size) == 1)
      << "a signing key knows its public key";
  absl::StatusOr<VerifyKey> key = VerifyKey::FromBytes(bytes);
  SELARAS_CHECK(key.ok()) << key.status();
  return *std::move(key);
}

std::string SigningKey::seed() const {
  SELARAS_CHECK(device_ == nullptr) << "a device does not show its key";
  std::string seed(kEd25519SeedSize, '\0');
  std::size_t size = seed.size();
  SELARAS_CHECK(EVP_PKEY_get_raw_private_key(key_.get(), Bytes(seed), &size) == 1)
      << "a signing key knows its seed";
  return seed;
}

}  // namespace selaras::crypto
