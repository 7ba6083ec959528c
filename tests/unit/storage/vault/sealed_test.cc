#include "storage/vault/sealed.h"

#include <gtest/gtest.h>

#include "storage/base/bytes.h"
#include "storage/crypto/aes_gcm.h"
#include "storage/crypto/hkdf.h"

namespace selaras::vault {
namespace {

const std::string kSubjectKey(32, 'k');
const std::string kSalt(16, 's');

TEST(Sealed, OpensWithTheKeyOfItsEntryAndItsContext) {
  const std::string key = EntryKey(kSubjectKey, kSalt);
  for (const std::size_t size : {0, 1, 60'000}) {
    const std::string text(size, 't');
    const Sealed sealed = Seal(key, "context", text);
    EXPECT_EQ(sealed.commitment.size(), 32u);
    EXPECT_EQ(sealed.ciphertext.size(), size + 16);
    EXPECT_EQ(*Open(key, "context", sealed), text);
  }
}

TEST(Sealed, OpensWithNoOtherKeyContextCommitmentOrCiphertext) {
  const std::string key = EntryKey(kSubjectKey, kSalt);
  const Sealed sealed = Seal(key, "context", "text");
  const auto refused = [](const std::string& with, absl::string_view context, const Sealed& part) {
    return absl::IsDataLoss(Open(with, context, part).status());
  };
  EXPECT_TRUE(refused(EntryKey(kSubjectKey, std::string(16, 'S')), "context", sealed));
  EXPECT_TRUE(refused(EntryKey(std::string(32, 'K'), kSalt), "context", sealed));
  EXPECT_TRUE(refused(kSubjectKey, "context", sealed));
  EXPECT_TRUE(refused(key, "another", sealed));
  Sealed other = sealed;
  other.commitment.back() ^= 1;
  EXPECT_TRUE(refused(key, "context", other));
  other = sealed;
  other.ciphertext.front() ^= 1;
  EXPECT_TRUE(refused(key, "context", other));
  EXPECT_TRUE(refused(key, "context", {sealed.commitment, ""}));
  EXPECT_TRUE(refused(key, "context", {"", sealed.ciphertext}));
}

// AES-GCM commits to no key by itself: ciphertexts can be made that open under two keys.
TEST(Sealed, ACiphertextThatAnotherKeyOpensTooIsRefusedByItsCommitment) {
  const std::string key = EntryKey(kSubjectKey, kSalt);
  const std::string second(32, '2');
  const Sealed honest = Seal(key, "context", "text");
  const Sealed forged{honest.commitment, Seal(second, "context", "another").ciphertext};
  EXPECT_TRUE(absl::IsDataLoss(Open(second, "context", forged).status()));
}

TEST(Sealed, KeysAreDerivedAsTheFormatSays) {
  const std::string key = crypto::HkdfSha256(kSubjectKey, kSalt, "selaras entry key v1", 32);
  EXPECT_EQ(EntryKey(kSubjectKey, kSalt), key);
  const std::string both = crypto::HkdfSha256(key, "", "selaras sealed part v1", 64);
  const Sealed sealed = Seal(key, "context", "text");
  EXPECT_EQ(sealed.commitment, both.substr(32));
  EXPECT_EQ(sealed.ciphertext,
            crypto::SealAesGcm(both.substr(0, 32), std::string(12, '\0'), "context", "text"));
}

TEST(SealedDeathTest, AShortSaltWouldLetEntriesShareAKey) {
  EXPECT_DEATH(EntryKey(kSubjectKey, std::string(15, 's')), "share a key");
}

}  // namespace
}  // namespace selaras::vault
