#include "storage/log/receipt.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/memory_store.h"

namespace selaras::log {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ReceiptTest : public testing::Test {
 protected:
  ReceiptTest() {
    AppendBatch batch;
    for (int i = 0; i < 11; ++i) batch.shared.push_back(absl::StrCat("entry ", i));
    EXPECT_TRUE(store_->Append(batch).ok());
  }

  Receipt Of(std::uint64_t index) const {
    auto receipt = MakeReceipt(log(), {index}, log().checkpoint());
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return *std::move(receipt);
  }
  const LogReader& log() const { return store_->shared(); }
  Checkpoint checkpoint() const { return log().checkpoint().checkpoint; }

  const NoteSigner signer_ = *NoteSigner::Make(
      "selaras/bkn", *crypto::SigningKey::FromSeed(std::string(crypto::kEd25519SeedSize, 's')));
  const std::unique_ptr<MemoryStore> store_ = MemoryStore::Make("bkn", signer_);
};

TEST_F(ReceiptTest, ProvesEveryEntryByItselfAlone) {
  for (std::uint64_t i = 0; i < 11; ++i) {
    const std::string text = ReceiptText(Of(i));
    const auto read = ParseReceipt(text);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, Of(i));
    EXPECT_EQ(ReceiptText(*read), text);
    EXPECT_EQ(read->extra, absl::StrCat("entry ", i));
    const auto opened = OpenCheckpoint(signer_.verifier(), read->checkpoint);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_TRUE(VerifyReceipt(*read, read->extra, opened->checkpoint).ok());
  }
}

TEST_F(ReceiptTest, ProvesNothingElse) {
  const Receipt good = Of(4);
  EXPECT_TRUE(absl::IsDataLoss(VerifyReceipt(good, "entry 5", checkpoint())));
  Receipt wrong = good;
  wrong.index = {5};
  EXPECT_TRUE(absl::IsDataLoss(VerifyReceipt(wrong, "entry 4", checkpoint())));
  wrong = good;
  wrong.proof.pop_back();
  EXPECT_TRUE(absl::IsDataLoss(VerifyReceipt(wrong, "entry 4", checkpoint())));
  wrong = good;
  wrong.proof[1].bytes[0] ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(VerifyReceipt(wrong, "entry 4", checkpoint())));
  Checkpoint other = checkpoint();
  other.root.bytes[31] ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(VerifyReceipt(good, "entry 4", other)));
}

TEST_F(ReceiptTest, HasTheFormOfTheSpecification) {
  Receipt receipt = Of(0);
  EXPECT_THAT(ReceiptText(receipt),
              StartsWith("c2sp.org/tlog-proof@v1\nextra ZW50cnkgMA==\nindex 0\n"));
  receipt.extra.clear();
  EXPECT_THAT(ReceiptText(receipt), StartsWith("c2sp.org/tlog-proof@v1\nindex 0\n"));
  EXPECT_THAT(ReceiptText(receipt), HasSubstr("\n\nselaras/bkn\n11\n"));
}

TEST_F(ReceiptTest, AMalformedOneIsRefusedWithItsLine) {
  const std::string good = ReceiptText(Of(4));
  const auto why = [](const std::string& text) {
    const auto read = ParseReceipt(text);
    EXPECT_TRUE(absl::IsInvalidArgument(read.status())) << read.status();
    return std::string(read.status().message());
  };
  EXPECT_THAT(why(""), HasSubstr("too early"));
  EXPECT_THAT(why("c2sp.org/tlog-proof@v2\nindex 0\n\nx"), HasSubstr("line 1"));
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = absl::StrReplaceAll(good, {{from, to}});
    EXPECT_NE(text, good) << from;
    return text;
  };
  EXPECT_THAT(why(changed("extra ", "extra  ")), HasSubstr("line 2"));
  EXPECT_THAT(why(changed("index 4", "index 04")), HasSubstr("line 3"));
  EXPECT_THAT(why(changed("index 4", "index -4")), HasSubstr("line 3"));
  EXPECT_THAT(why(changed("index 4", "indx 4")), HasSubstr("line 3"));
  EXPECT_THAT(why(changed("index 4", "index 18446744073709551616")), HasSubstr("line 3"));
  EXPECT_THAT(why(changed("index 4\n", "index 4\nAAAA\n")), HasSubstr("line 4"));
  EXPECT_THAT(why(good.substr(0, good.find("\n\n") + 2)), HasSubstr("no checkpoint"));
  for (std::size_t end = 0; end < good.find("\n\n") + 2; ++end) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseReceipt(good.substr(0, end)).status())) << end;
  }
}

TEST_F(ReceiptTest, IsMadeForWhatTheCheckpointCovers) {
  EXPECT_TRUE(absl::IsOutOfRange(MakeReceipt(log(), {11}, log().checkpoint()).status()));
}

}  // namespace
}  // namespace selaras::log
