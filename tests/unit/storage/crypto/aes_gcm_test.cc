#include "storage/crypto/aes_gcm.h"

#include <gtest/gtest.h>

#include "storage/base/bytes.h"

namespace selaras::crypto {
namespace {

std::string Bytes(absl::string_view hex) { return *base::HexDecode(hex); }

// Test cases 13, 14 and 16 of the GCM specification (McGrew and Viega).
TEST(AesGcm, GivesTheCiphertextsOfItsSpecification) {
  const std::string zero_key(32, '\0');
  const std::string zero_nonce(12, '\0');
  EXPECT_EQ(base::HexEncode(SealAesGcm(zero_key, zero_nonce, "", "")),
            "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(base::HexEncode(SealAesGcm(zero_key, zero_nonce, "", std::string(16, '\0'))),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  EXPECT_EQ(
      base::HexEncode(SealAesGcm(
          Bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
          Bytes("cafebabefacedbaddecaf888"), Bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
          Bytes(
              "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf"
              "0e2449a6b525b16aedf5aa0de657ba637b39"))),
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105682"
      "8"
      "838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(AesGcm, OpensWhatItSealedWhateverItsLength) {
  const std::string key(kAesKeySize, 'k');
  const std::string nonce(kGcmNonceSize, 'n');
  for (const std::size_t size : {0, 1, 15, 16, 17, 4096}) {
    const std::string text(size, 't');
    const std::string sealed = SealAesGcm(key, nonce, "context", text);
    EXPECT_EQ(sealed.size(), size + kGcmTagSize);
    const auto opened = OpenAesGcm(key, nonce, "context", sealed);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(*opened, text);
  }
}

TEST(AesGcm, OpensNothingOfWhichAnyBitIsAnother) {
  const std::string key(kAesKeySize, 'k');
  const std::string nonce(kGcmNonceSize, 'n');
  const std::string sealed = SealAesGcm(key, nonce, "context", "text");
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string other = sealed;
    other[i / 8] = static_cast<char>(other[i / 8] ^ (1 << (i % 8)));
    EXPECT_TRUE(absl::IsDataLoss(OpenAesGcm(key, nonce, "context", other).status())) << i;
  }
  const auto opens = [&](const std::string& k, const std::string& n, absl::string_view context) {
    return OpenAesGcm(k, n, context, sealed).ok();
  };
  EXPECT_FALSE(opens(std::string(kAesKeySize, 'K'), nonce, "context"));
  EXPECT_FALSE(opens(key, std::string(kGcmNonceSize, 'N'), "context"));
  EXPECT_FALSE(opens(key, nonce, "Context"));
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(OpenAesGcm(key, nonce, "context", sealed.substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace selaras::crypto
