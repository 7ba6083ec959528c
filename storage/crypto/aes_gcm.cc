#include "storage/crypto/aes_gcm.h"

#include <limits>
#include <memory>

#include <openssl/evp.h>

#include "storage/base/check.h"

namespace selaras::crypto {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  SELARAS_CHECK(algorithm != nullptr) << "this OpenSSL has no AES-256-GCM";
  return algorithm;
}

const unsigned char* Bytes(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data());
}

int Size(absl::string_view bytes) {
  SELARAS_CHECK(bytes.size() <= std::numeric_limits<int>::max()) << "too long for one call";
  return static_cast<int>(bytes.size());
}

// Ready for the text: key, nonce and context are in.
Context Begin(bool seal, absl::string_view key, absl::string_view nonce,
              absl::string_view context) {
  SELARAS_CHECK(key.size() == kAesKeySize && nonce.size() == kGcmNonceSize)
      << "AES-256-GCM takes a key of 32 bytes and a nonce of 12";
  Context begun(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  SELARAS_CHECK(begun != nullptr) << "out of memory";
  int written = 0;
  const bool works =
      EVP_CipherInit_ex2(begun.get(), Algorithm(), Bytes(key), Bytes(nonce), seal ? 1 : 0,
                         nullptr) == 1 &&
      EVP_CipherUpdate(begun.get(), nullptr, &written, Bytes(context), Size(context)) == 1;
  SELARAS_CHECK(works) << "AES-256-GCM does not start";
  return begun;
}

}  // namespace

std::string SealAesGcm(absl::string_view key, absl::string_view nonce, absl::string_view context,
                       absl::string_view plaintext) {
  const Context sealing = Begin(true, key, nonce, context);
  std::string sealed(plaintext.size() + kGcmTagSize, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
  int written = 0;
  int rest = 0;
  const bool works =
      EVP_CipherUpdate(sealing.get(), out, &written, Bytes(plaintext), Size(plaintext)) == 1 &&
      EVP_CipherFinal_ex(sealing.get(), out + written, &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(sealing.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kGcmTagSize),
                          out + plaintext.size()) == 1;
  SELARAS_CHECK(works) << "AES-256-GCM does not seal";
  return sealed;
}

absl::StatusOr<std::string> OpenAesGcm(absl::string_view key, absl::string_view nonce,
                                       absl::string_view context, absl::string_view sealed) {
  const absl::Status damaged = absl::DataLossError("sealed bytes do not open with this key");
  if (sealed.size() < kGcmTagSize) return damaged;
  const absl::string_view text = sealed.substr(0, sealed.size() - kGcmTagSize);
  std::string tag(sealed.substr(text.size()));
  const Context opening = Begin(false, key, nonce, context);
  std::string plaintext(text.size() + 1, '\0');  // never no bytes: OpenSSL takes that otherwise
  auto* const out = reinterpret_cast<unsigned char*>(plaintext.data());
  int written = 0;
  int rest = 0;
  const bool works = EVP_CipherUpdate(opening.get(), out, &written, Bytes(text), Size(text)) == 1 &&
                     EVP_CIPHER_CTX_ctrl(opening.get(), EVP_CTRL_AEAD_SET_TAG,
                                         static_cast<int>(kGcmTagSize), tag.data()) == 1;
  SELARAS_CHECK(works) << "AES-256-GCM does not open";
  if (EVP_CipherFinal_ex(opening.get(), out + written, &rest) != 1) return damaged;
  plaintext.resize(text.size());
  return plaintext;
}

}  // namespace selaras::crypto
