#include "storage/crypto/hkdf.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "storage/base/bytes.h"
#include "tests/support/random.h"

namespace selaras::crypto {
namespace {

std::string Bytes(absl::string_view hex) { return *base::HexDecode(hex); }

TEST(HkdfSha256, GivesTheKeysOfRfc5869) {
  EXPECT_EQ(base::HexEncode(HkdfSha256(std::string(22, '\x0b'), Bytes("000102030405060708090a0b0c"),
                                       Bytes("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(base::HexEncode(HkdfSha256(std::string(22, '\x0b'), "", "", 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

// OpenSSL's own, which is slow because it looks its algorithms up each time.
std::string Reference(std::string key, std::string salt, std::string info, std::size_t size) {
  EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      EVP_KDF_CTX_new(algorithm), &EVP_KDF_CTX_free);
  EVP_KDF_free(algorithm);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  std::string derived(size, '\0');
  EXPECT_EQ(EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(derived.data()),
                           derived.size(), params),
            1);
  return derived;
}

TEST(HkdfSha256, DerivesWhatOpenSslDerives) {
  auto random = test::SeededRandom();
  const auto some = [&](std::size_t least, std::size_t most) {
    std::string bytes(test::Between(random, least, most), '\0');
    for (char& byte : bytes) byte = static_cast<char>(test::Between(random, 0, 255));
    return bytes;
  };
  for (int i = 0; i < 200; ++i) {
    const std::string key = some(1, 100);
    const std::string salt = some(0, 100);
    const std::string info = some(0, 100);
    // Now and then the longest there is.
    const std::size_t size = i % 50 == 0 ? 8'160 : test::Between(random, 1, 200);
    EXPECT_EQ(HkdfSha256(key, salt, info, size), Reference(key, salt, info, size));
  }
}

TEST(HkdfSha256, KeepsUsesAndSizesApart) {
  const std::string key(32, 'k');
  EXPECT_NE(HkdfSha256(key, "salt", "one", 32), HkdfSha256(key, "salt", "two", 32));
  EXPECT_NE(HkdfSha256(key, "salt", "one", 32), HkdfSha256(key, "tlas", "one", 32));
  EXPECT_EQ(HkdfSha256(key, "salt", "one", 64).substr(0, 32), HkdfSha256(key, "salt", "one", 32));
}

}  // namespace
}  // namespace selaras::crypto
