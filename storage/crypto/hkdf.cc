#include "storage/crypto/hkdf.h"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "storage/base/check.h"

namespace selaras::crypto {
namespace {

constexpr std::size_t kSizeMax = std::size_t{255} * 32;  // RFC 5869, section 2.3

// Fetched once for the life of the process, as it costs more than a derivation.
EVP_KDF* Algorithm() {
  static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  SELARAS_CHECK(algorithm != nullptr) << "this OpenSSL has no HKDF";
  return algorithm;
}

OSSL_PARAM Octets(const char* name, absl::string_view bytes) {
  // OpenSSL does not write to it, and takes a null pointer for a missing argument.
  static char none = 0;
  char* const data = bytes.empty() ? &none : const_cast<char*>(bytes.data());
  return OSSL_PARAM_construct_octet_string(name, data, bytes.size());
}

}  // namespace

std::string HkdfSha256(absl::string_view key, absl::string_view salt, absl::string_view info,
                       std::size_t size) {
  SELARAS_CHECK(!key.empty() && size > 0 && size <= kSizeMax) << "no HKDF of that size";
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      EVP_KDF_CTX_new(Algorithm()), &EVP_KDF_CTX_free);
  SELARAS_CHECK(context != nullptr) << "out of memory";
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                               Octets(OSSL_KDF_PARAM_KEY, key), Octets(OSSL_KDF_PARAM_SALT, salt),
                               Octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string derived(size, '\0');
  SELARAS_CHECK(EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(derived.data()),
                               derived.size(), params) == 1)
      << "HKDF does not work";
  return derived;
}

}  // namespace selaras::crypto
