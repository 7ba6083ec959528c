#include "storage/vault/wrapping_keys.h"

#include <gtest/gtest.h>

#include "storage/crypto/random.h"

namespace selaras::vault {
namespace {

const std::string kOld(32, 'o');
const std::string kNew(32, 'n');
const std::string kKey(32, 'k');

class WrappingKeysTest : public testing::Test {
 protected:
  crypto::SystemRandom random_;
};

TEST_F(WrappingKeysTest, TheNewestWrapsAndAllUnwrap) {
  const WrappingKeys before({kOld});
  const WrappingKeys both({kOld, kNew});
  const WrappingKeys after({kNew});
  const std::string old = before.Wrap("row", kKey, random_);
  const std::string young = both.Wrap("row", kKey, random_);
  EXPECT_EQ(*both.Unwrap("row", old), kKey);
  EXPECT_EQ(*both.Unwrap("row", young), kKey);
  EXPECT_EQ(*after.Unwrap("row", young), kKey);
  EXPECT_EQ(WrappingKeys::IdOf(young), after.newest_id());
  EXPECT_EQ(WrappingKeys::IdOf(old), before.newest_id());
}

TEST_F(WrappingKeysTest, WhatADestroyedKeyWrappedIsGone) {
  const std::string old = WrappingKeys({kOld}).Wrap("row", kKey, random_);
  EXPECT_TRUE(absl::IsFailedPrecondition(WrappingKeys({kNew}).Unwrap("row", old).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(WrappingKeys().Unwrap("row", old).status()));
}

TEST_F(WrappingKeysTest, AKeyThatWasMovedToAnotherRowOrChangedDoesNotUnwrap) {
  const WrappingKeys keys({kNew});
  const std::string wrapped = keys.Wrap("row", kKey, random_);
  EXPECT_TRUE(absl::IsDataLoss(keys.Unwrap("another row", wrapped).status()));
  for (std::size_t i = WrappingKeys::kIdBytes; i < wrapped.size(); ++i) {
    std::string changed = wrapped;
    changed[i] ^= 1;
    EXPECT_TRUE(absl::IsDataLoss(keys.Unwrap("row", changed).status())) << i;
  }
  EXPECT_TRUE(absl::IsDataLoss(keys.Unwrap("row", wrapped.substr(1)).status()));
  EXPECT_TRUE(absl::IsDataLoss(keys.Unwrap("row", "").status()));
}

TEST_F(WrappingKeysTest, NothingWrappedShowsTheKeyOrTwiceTheSame) {
  const WrappingKeys keys({kNew});
  const std::string wrapped = keys.Wrap("row", kKey, random_);
  EXPECT_EQ(wrapped.find(kKey), std::string::npos);
  EXPECT_EQ(wrapped.find(kNew), std::string::npos);
  EXPECT_NE(keys.Wrap("row", kKey, random_), wrapped);
}

}  // namespace
}  // namespace selaras::vault
