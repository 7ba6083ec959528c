// What every store promises about keys that are replaced: its own, and those of mirrors.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/log_keys.h"
#include "storage/log/receipt.h"
#include "storage/log/store.h"
#include "tests/contract/store_makers.h"
#include "tests/support/log_owner.h"

namespace selaras::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPeer[] = "bkn";

crypto::SigningKey KeyOf(char seed) { return *crypto::SigningKey::FromSeed(std::string(32, seed)); }

class KeyContract : public testing::TestWithParam<StoreMaker> {
 protected:
  log::Store& store() { return subject_->store(); }
  void Append(const std::string& entry) {
    ASSERT_TRUE(store().Append({{entry}, {entry}, {}}).ok());
  }
  void ReplaceKey(char seed) {
    ASSERT_TRUE(store().ReplaceKey(KeyOf(seed)).ok());
    subject_->Configure(KeyOf(seed));
  }

  log::Mirror& mirror() {
    absl::StatusOr<log::Mirror*> mirror = store().OpenMirror(kPeer, first_);
    EXPECT_TRUE(mirror.ok()) << mirror.status();
    return **mirror;
  }
  absl::Status Follow(std::uint64_t from) {
    return mirror().Extend({from}, owner_.Leaves(from, owner_.size()), owner_.Note());
  }

  std::unique_ptr<StoreUnderTest> subject_ = GetParam().make();
  LogOwner owner_{kPeer};
  const log::NoteVerifier first_ = owner_.verifier();
};

TEST_P(KeyContract, ANewKeySignsWhatFollowsAndTheOldOneIsBelievedUpToThere) {
  Append("by the old key");
  const log::NoteVerifier old = store().shared().keys()->newest();
  const log::SignedCheckpoint before = store().shared().checkpoint();
  ReplaceKey('n');
  const log::NoteVerifier replaced = store().shared().keys()->newest();
  EXPECT_NE(replaced.VerifierText(), old.VerifierText());
  const log::SignedCheckpoint closing = store().shared().checkpoint();
  EXPECT_EQ(closing.checkpoint, before.checkpoint);
  EXPECT_TRUE(log::OpenCheckpoint(old, closing.note).ok());
  EXPECT_TRUE(log::OpenCheckpoint(replaced, closing.note).ok());

  Append("by the new key");
  const log::SignedCheckpoint after = store().shared().checkpoint();
  EXPECT_TRUE(log::OpenCheckpoint(replaced, after.note).ok());
  EXPECT_FALSE(log::OpenCheckpoint(old, after.note).ok());
  const log::LogKeys keys = *store().shared().keys();
  ASSERT_THAT(keys.past(), SizeIs(1));
  EXPECT_EQ(keys.past()[0].verifier.VerifierText(), old.VerifierText());
  EXPECT_EQ(keys.past()[0].closing, closing);
  EXPECT_EQ(keys.Open(before.note).value(), before);
  EXPECT_EQ(keys.Open(after.note).value(), after);
}

TEST_P(KeyContract, BothLogsChangeTheirKeyTogetherAndForGood) {
  Append("entry");
  ReplaceKey('n');
  ReplaceKey('m');
  subject_->Crash();
  for (const log::LogReader* log : {&store().shared(), &store().private_log()}) {
    EXPECT_THAT(log->keys()->past(), SizeIs(2)) << log->name();
    EXPECT_EQ(log->keys()->newest().VerifierText(),
              log::NoteVerifier::Make(log->origin(), KeyOf('m').verify_key())->VerifierText());
    EXPECT_TRUE(log::OpenCheckpoint(log->keys()->newest(), log->checkpoint().note).ok());
  }
  subject_->Reopen();
  Append("after");
  EXPECT_TRUE(
      log::OpenCheckpoint(store().shared().keys()->newest(), store().shared().checkpoint().note)
          .ok());
}

TEST_P(KeyContract, AnEmptyLogMayChangeItsKeyToo) {
  ReplaceKey('n');
  subject_->Reopen();
  EXPECT_EQ(store().shared().size().value, 0u);
  Append("first");
  EXPECT_THAT(store().shared().keys()->past(), SizeIs(1));
}

TEST_P(KeyContract, AKeyThatSignedBeforeIsRefused) {
  ReplaceKey('n');
  EXPECT_EQ(store().ReplaceKey(KeyOf('n')).code(), absl::StatusCode::kInvalidArgument);
  ReplaceKey('m');
  EXPECT_EQ(store().ReplaceKey(KeyOf('n')).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(store().shared().keys()->past(), SizeIs(2));
}

TEST_P(KeyContract, AReceiptByTheOldKeyIsGoodForEver) {
  Append("long ago");
  const log::NoteVerifier old = store().shared().keys()->newest();
  const log::Receipt receipt =
      log::MakeReceipt(store().shared(), {0}, store().shared().checkpoint()).value();
  ReplaceKey('n');
  Append("later");
  const auto opened = store().shared().keys()->Open(receipt.checkpoint);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(log::VerifyReceipt(receipt, "long ago", opened->checkpoint).ok());
  EXPECT_TRUE(log::OpenCheckpoint(old, receipt.checkpoint).ok());
}

TEST_P(KeyContract, AMirrorFollowsAcrossAChangeOfKeys) {
  owner_.Append(3);
  ASSERT_TRUE(Follow(0).ok());
  owner_.Append(1);
  const std::string closing = owner_.ReplaceKey('n');
  owner_.Append(2);
  EXPECT_EQ(Follow(3).code(), absl::StatusCode::kDataLoss) << "nobody has told of the key";
  ASSERT_TRUE(mirror().AddKey(owner_.verifier(), closing).ok());
  subject_->Crash();
  EXPECT_EQ(mirror().keys()->newest().VerifierText(), owner_.verifier().VerifierText());
  ASSERT_TRUE(Follow(3).ok());
  subject_->Reopen();
  EXPECT_EQ(mirror().checkpoint().note, owner_.Note());
  EXPECT_THAT(*store().evidence(), IsEmpty());
}

TEST_P(KeyContract, AMirrorOpensWithEachKeyOfItsLog) {
  owner_.Append(1);
  const std::string closing = owner_.ReplaceKey('n');
  ASSERT_TRUE(mirror().AddKey(owner_.verifier(), closing).ok());
  EXPECT_EQ(store().OpenMirror(kPeer, owner_.verifier()).value(), &mirror());
  LogOwner stranger(kPeer);
  stranger.ReplaceKey('x');
  EXPECT_EQ(store().OpenMirror(kPeer, stranger.verifier()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(KeyContract, TheReplacedKeyIsNotBelievedForMoreThanItClosed) {
  owner_.Append(3);
  ASSERT_TRUE(Follow(0).ok());
  LogOwner thief = owner_;  // who kept the old key
  const std::string closing = owner_.ReplaceKey('n');
  ASSERT_TRUE(mirror().AddKey(owner_.verifier(), closing).ok());
  thief.Append(1, "forged ");
  const absl::Status refused = mirror().Extend({3}, thief.Leaves(3, 4), thief.Note());
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("was replaced at size 3"));
  EXPECT_TRUE(mirror().Extend({3}, {}, thief.Note(3)).ok()) << "what it signed before is true";
}

TEST_P(KeyContract, AKeyIsAddedOnceAndAgainWithoutHarm) {
  owner_.Append(1);
  const std::string closing = owner_.ReplaceKey('n');
  ASSERT_TRUE(mirror().AddKey(owner_.verifier(), closing).ok());
  EXPECT_TRUE(mirror().AddKey(owner_.verifier(), closing).ok());
  EXPECT_TRUE(mirror().AddKey(first_, closing).ok());
  EXPECT_THAT(mirror().keys()->past(), SizeIs(1));
}

TEST_P(KeyContract, WhatBothKeysDidNotSignAddsNoKey) {
  owner_.Append(2);
  const std::string by_the_old = owner_.Note();
  owner_.ReplaceKey('n');
  const std::string by_the_new = owner_.Note();
  for (const std::string& note : {by_the_old, by_the_new}) {
    EXPECT_EQ(mirror().AddKey(owner_.verifier(), note).code(), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(mirror().AddKey(owner_.verifier(), "no note").code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(mirror().keys()->past(), IsEmpty());
}

TEST_P(KeyContract, AClosingThatContradictsWhatIsHeldIsEvidence) {
  owner_.Append(3);
  ASSERT_TRUE(Follow(0).ok());
  LogOwner fork(kPeer);
  fork.Append(3, "other ");
  const std::string closing = fork.ReplaceKey('n');
  const absl::Status refused = mirror().AddKey(fork.verifier(), closing);
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << refused;
  subject_->Crash();
  ASSERT_THAT(*store().evidence(), SizeIs(1));
  EXPECT_EQ(store().evidence()->front().given, closing);
  EXPECT_EQ(store().evidence()->front().held, owner_.Note());
  EXPECT_THAT(mirror().keys()->past(), IsEmpty());
}

TEST_P(KeyContract, LeavesThatContradictAClosingThatCameBeforeThemAreEvidence) {
  owner_.Append(1);
  ASSERT_TRUE(Follow(0).ok());
  LogOwner fork = owner_;
  owner_.Append(3);
  const std::string closing = owner_.ReplaceKey('n');
  ASSERT_TRUE(mirror().AddKey(owner_.verifier(), closing).ok());
  fork.ReplaceKey('n');
  fork.Append(5, "other ");
  EXPECT_EQ(mirror().Extend({1}, fork.Leaves(1, 6), fork.Note()).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(mirror().size().value, 1u);
  ASSERT_THAT(*store().evidence(), SizeIs(1));
  EXPECT_EQ(store().evidence()->front().held, closing);
  owner_.Append(1);
  EXPECT_TRUE(Follow(1).ok());
}

INSTANTIATE_TEST_SUITE_P(Every, KeyContract, testing::ValuesIn(StoreMakers()),
                         [](const auto& maker) { return maker.param.name; });

}  // namespace
}  // namespace selaras::test
