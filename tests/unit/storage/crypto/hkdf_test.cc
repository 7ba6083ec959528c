#include "storage/crypto/hkdf.h"

#include <gtest/gtest.h>

#include "storage/base/bytes.h"

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

TEST(HkdfSha256, KeepsUsesAndSizesApart) {
  const std::string key(32, 'k');
  EXPECT_NE(HkdfSha256(key, "salt", "one", 32), HkdfSha256(key, "salt", "two", 32));
  EXPECT_NE(HkdfSha256(key, "salt", "one", 32), HkdfSha256(key, "tlas", "one", 32));
  EXPECT_EQ(HkdfSha256(key, "salt", "one", 64).substr(0, 32), HkdfSha256(key, "salt", "one", 32));
}

}  // namespace
}  // namespace selaras::crypto
