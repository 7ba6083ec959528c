#include "storage/crypto/ed25519.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/base/bytes.h"

namespace selaras::crypto {
namespace {

using absl::StatusCode;

std::string Hex(const char* text) { return base::HexDecode(text).value(); }

// Counts instead of being unguessable.
class CountingRandom final : public RandomSource {
 public:
  std::string Fill(std::size_t count) override { return std::string(count, ++last_); }

 private:
  char last_ = 0;
};

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032 section 7.1: tests 1, 2, 3 and SHA(abc).
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"},
};

TEST(Ed25519, SignsAndVerifiesAsRfc8032) {
  for (const Vector& vector : kVectors) {
    const SigningKey key = SigningKey::FromSeed(Hex(vector.seed)).value();
    EXPECT_EQ(base::HexEncode(key.verify_key().bytes()), vector.public_key);
    EXPECT_EQ(base::HexEncode(key.Sign(Hex(vector.message))), vector.signature);
    EXPECT_EQ(base::HexEncode(key.seed()), vector.seed);
    const VerifyKey verify_key = VerifyKey::FromBytes(Hex(vector.public_key)).value();
    EXPECT_EQ(verify_key, key.verify_key());
    EXPECT_TRUE(verify_key.Verify(Hex(vector.message), Hex(vector.signature)));
  }
}

TEST(Ed25519, RefusesEveryChangedByte) {
  const SigningKey key = SigningKey::FromSeed(std::string(32, 's')).value();
  const VerifyKey verify_key = key.verify_key();
  const std::string message = "a checkpoint";
  const std::string signature = key.Sign(message);
  ASSERT_TRUE(verify_key.Verify(message, signature));
  for (std::size_t at = 0; at < signature.size(); ++at) {
    std::string changed = signature;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(verify_key.Verify(message, changed)) << "signature byte " << at;
  }
  for (std::size_t at = 0; at < message.size(); ++at) {
    std::string changed = message;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(verify_key.Verify(changed, signature)) << "message byte " << at;
  }
}

TEST(Ed25519, RefusesSignaturesOfAnyOtherLengthAndOfOthers) {
  const SigningKey key = SigningKey::FromSeed(std::string(32, 's')).value();
  const std::string signature = key.Sign("message");
  EXPECT_FALSE(key.verify_key().Verify("message", ""));
  EXPECT_FALSE(key.verify_key().Verify("message", signature.substr(0, 63)));
  EXPECT_FALSE(key.verify_key().Verify("message", signature + "x"));
  const SigningKey other = SigningKey::FromSeed(std::string(32, 'o')).value();
  EXPECT_FALSE(other.verify_key().Verify("message", signature));
}

TEST(Ed25519, TakesKeysOfExactlyThirtyTwoBytes) {
  for (const std::size_t size : {0, 31, 33, 64}) {
    const std::string bytes(size, 'k');
    EXPECT_EQ(SigningKey::FromSeed(bytes).status().code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(VerifyKey::FromBytes(bytes).status().code(), StatusCode::kInvalidArgument);
  }
}

TEST(Ed25519, AKeyThatIsNoPointVerifiesNothing) {
  const std::string signature = SigningKey::FromSeed(std::string(32, 's')).value().Sign("m");
  const absl::StatusOr<VerifyKey> key = VerifyKey::FromBytes(std::string(32, '\xff'));
  ASSERT_TRUE(key.ok());
  EXPECT_FALSE(key->Verify("m", signature));
}

TEST(Ed25519, AnEmptyViewIsAnEmptyMessage) {
  const SigningKey key = SigningKey::FromSeed(std::string(32, 's')).value();
  EXPECT_EQ(key.Sign(absl::string_view()), key.Sign(""));
  EXPECT_TRUE(key.verify_key().Verify(absl::string_view(), key.Sign("")));
  EXPECT_FALSE(key.verify_key().Verify("", absl::string_view()));
}

TEST(Ed25519, GeneratesFromTheRandomnessThatIsHandedIn) {
  CountingRandom random;
  const SigningKey first = SigningKey::Generate(random);
  const SigningKey second = SigningKey::Generate(random);
  EXPECT_EQ(first.seed(), std::string(32, '\1'));
  EXPECT_EQ(second.seed(), std::string(32, '\2'));
  EXPECT_FALSE(first.verify_key() == second.verify_key());
}

TEST(Ed25519, OneKeyServesManyThreads) {
  const SigningKey key = SigningKey::FromSeed(std::string(32, 's')).value();
  const VerifyKey verify_key = key.verify_key();
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([key, &verify_key, id] {
      for (int i = 0; i < 50; ++i) {
        const std::string message = std::to_string(id) + "/" + std::to_string(i);
        EXPECT_TRUE(verify_key.Verify(message, key.Sign(message)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace selaras::crypto
