#include "services/link/key_change.h"

#include <string>
#include <vector>

#include "selaras/event/v1/event.pb.h"

#include "link_test_base.h"
#include "storage/log/receipt.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class KeyChangeTest : public LinkTest {
 protected:
  const log::NoteVerifier first_ = a_.party().verifier;

  // What `a` says of itself; `change` may falsify it. True if `b` believes it.
  bool Introduces(const std::function<void(ledger::v1::Hello&)>& change) {
    world_.Connect();
    world_.session(1).Next();
    Frame frame = *world_.session(0).Next();
    change(*frame.mutable_hello());
    world_.session(1).Receive(frame, world_.now());
    return !world_.session(1).failed();
  }
  std::string Said() { return std::string(world_.session(1).fault()->status.message()); }
};

TEST_F(KeyChangeTest, AFollowerLearnsOfANewKeyWhenTheLinkComesUpAgain) {
  a_.AppendSome(5);
  ASSERT_TRUE(world_.Settle());
  a_.ReplaceKey("second");
  a_.AppendSome(3);
  world_.Connect();
  ASSERT_TRUE(world_.Settle());
  world_.CheckStores(true);
  EXPECT_EQ(b_.mirror().keys()->newest().VerifierText(), a_.party().verifier.VerifierText());
  EXPECT_NE(a_.party().verifier.VerifierText(), first_.VerifierText());
}

TEST_F(KeyChangeTest, AFollowerThatWasAwayDuringSeveralChangesFollowsThemAll) {
  a_.AppendSome(9);
  a_.ReplaceKey("second");
  a_.ReplaceKey("third");
  a_.AppendSome(4);
  a_.ReplaceKey("fourth");
  world_.Connect();
  ASSERT_TRUE(world_.Settle());
  world_.CheckStores(true);
  EXPECT_THAT(b_.mirror().keys()->past(), SizeIs(3));
}

TEST_F(KeyChangeTest, WhatAFollowerShowsUnderTheOldKeyIsStillItsOwnersCheckpoint) {
  a_.AppendSome(5);
  ASSERT_TRUE(world_.Settle());
  a_.ReplaceKey("second");
  a_.AppendSome(2);
  Count();
  world_.Connect();
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(Sent(0, Frame::kContradiction), 0);
  EXPECT_EQ(b_.mirror().size().value, 8u);
}

TEST_F(KeyChangeTest, AKeyWithoutTheReceiptOfItsChangeIsRefused) {
  a_.AppendSome(2);
  ASSERT_TRUE(world_.Settle());
  a_.ReplaceKey("second");
  EXPECT_FALSE(Introduces([](ledger::v1::Hello& hello) { hello.clear_key_changes(); }));
  EXPECT_THAT(Said(), HasSubstr("verifier key"));
  EXPECT_THAT(b_.mirror().keys()->past(), IsEmpty());
}

TEST_F(KeyChangeTest, AReceiptThatSaysNothingOfAKeyChangesNone) {
  a_.AppendSome(2);
  ASSERT_TRUE(world_.Settle());
  const log::Receipt other = *log::MakeReceipt(a_.log(), {1}, a_.log().checkpoint());
  a_.ReplaceKey("second");
  EXPECT_FALSE(Introduces(
      [&](ledger::v1::Hello& hello) { *hello.mutable_key_changes(0) = log::ReceiptText(other); }));
  EXPECT_THAT(b_.mirror().keys()->past(), IsEmpty());
}

TEST_F(KeyChangeTest, MoreChangesThanAFrameMayHoldAreRefused) {
  EXPECT_FALSE(Introduces([](ledger::v1::Hello& hello) {
    for (std::size_t i = 0; i <= kKeyChangesMax; ++i) hello.add_key_changes("x");
  }));
  EXPECT_FALSE(Introduces([](ledger::v1::Hello& hello) {
    hello.add_key_changes(std::string(kKeyChangeBytesMax + 1, 'x'));
  }));
}

TEST_F(KeyChangeTest, AChangeInAnotherHistoryIsEvidence) {
  a_.AppendSome(5);
  ASSERT_TRUE(world_.Settle());
  test::LinkNode fork("intake");
  fork.AppendSome(4, "another");
  fork.ReplaceKey("second");
  EXPECT_FALSE(Introduces([&](ledger::v1::Hello& hello) {
    hello.set_verifier_key(fork.party().verifier.VerifierText());
    for (const std::string& change : fork.key_changes()) hello.add_key_changes(change);
  }));
  EXPECT_TRUE(absl::IsDataLoss(world_.session(1).fault()->status));
  ASSERT_THAT(*b_.store().evidence(), SizeIs(1));
  EXPECT_THAT(b_.mirror().keys()->past(), IsEmpty());
}

TEST_F(KeyChangeTest, ASuccessorIsFollowedByWhoAcceptedItAndByNobodyElse) {
  a_.AppendSome(6);
  ASSERT_TRUE(world_.Settle());
  const log::Succession succession = a_.Succeed("successor", 4);
  a_.AppendSome(3, "after");
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(Introduces([](ledger::v1::Hello&) {}));
    EXPECT_TRUE(absl::IsFailedPrecondition(world_.session(1).fault()->status))
        << "it is no contradiction";
    EXPECT_THAT(Said(), HasSubstr("was closed at 4 leaves (fork)"));
    EXPECT_THAT(Said(), HasSubstr(log::FingerprintOf(succession)));
    EXPECT_EQ(b_.mirror().size().value, 6u);
  }
  ASSERT_TRUE(b_.store().Succeed(a_.name(), succession, {}).ok());
  world_.Connect();
  ASSERT_TRUE(world_.Settle());
  world_.CheckStores(true);
  EXPECT_EQ(b_.mirror().size().value, 7u);
  EXPECT_EQ(b_.mirror().origin(), "selaras/intake/successor-2");
  EXPECT_THAT(*b_.store().evidence(), IsEmpty());

  // Whoever runs the log that was closed is not listened to any more.
  test::LinkNode old("intake");
  old.AppendSome(9);
  EXPECT_FALSE(Introduces([&](ledger::v1::Hello& hello) {
    hello.set_origin(old.log().origin());
    hello.set_verifier_key(old.party().verifier.VerifierText());
    hello.clear_key_changes();
  }));
  EXPECT_TRUE(absl::IsFailedPrecondition(world_.session(1).fault()->status));
  EXPECT_EQ(b_.mirror().size().value, 7u);
}

TEST_F(KeyChangeTest, AStatementOfSuccessionProvesNothingToWhoWasOnlyToldOfIt) {
  a_.AppendSome(3);
  a_.Succeed("successor", 2);
  a_.AppendSome(1, "after");
  a_.ReplaceKey("third");
  const std::vector<std::string> texts = a_.key_changes();
  ASSERT_THAT(texts, SizeIs(2));
  EXPECT_THAT(ChangesFrom(first_, texts), IsEmpty());
  const auto followed = FollowChanges(log::LogKeys(first_), texts);
  ASSERT_TRUE(followed.ok()) << followed.status();
  EXPECT_EQ(followed->newest().VerifierText(), a_.party().verifier.VerifierText())
      << "whoever names the statement believes it";

  google::protobuf::RepeatedPtrField<ledger::v1::PastKey> past;
  const auto past_keys = PastKeysOf(a_.log());
  ASSERT_TRUE(past_keys.ok());
  for (const ledger::v1::PastKey& key : *past_keys) *past.Add() = key;
  ASSERT_EQ(past.size(), 2);
  EXPECT_EQ(past[0].last_size(), 2u);
  const auto proven = KeysIn(a_.party().verifier.VerifierText(), past);
  ASSERT_TRUE(proven.has_value());
  EXPECT_FALSE(proven->Has(first_));
  EXPECT_THAT(proven->past(), SizeIs(1)) << "the change of the successor's own key";
}

TEST_F(KeyChangeTest, AReceiptProvesTheChangeToWhoeverTrustsTheKeyBefore) {
  a_.AppendSome(5);
  a_.ReplaceKey("second");
  const std::string second = a_.party().verifier.VerifierText();
  a_.ReplaceKey("third");
  a_.AppendSome(2);
  std::vector<std::string> receipts = a_.key_changes();
  ASSERT_THAT(receipts, SizeIs(2));
  EXPECT_EQ(ReadKeyChange(receipts[0], first_)->next.VerifierText(), second);
  EXPECT_FALSE(ReadKeyChange(receipts[1], first_).ok()) << "the second key vouches for the third";

  std::swap(receipts[0], receipts[1]);
  receipts.push_back("no receipt");
  const std::vector<KeyChange> changes = ChangesFrom(first_, receipts);
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[1].next.VerifierText(), a_.party().verifier.VerifierText());
}

TEST_F(KeyChangeTest, AReceiptWhoseCheckpointCoversMoreThanTheChangeProvesNone) {
  a_.AppendSome(1);
  a_.ReplaceKey("second");
  const log::NoteVerifier second = a_.party().verifier;
  a_.AppendSome(1);
  // Of the entry, but by a checkpoint that only the new key signed.
  const log::Receipt later = *log::MakeReceipt(a_.log(), {1}, a_.log().checkpoint());
  EXPECT_TRUE(absl::IsDataLoss(ReadKeyChange(log::ReceiptText(later), first_).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadKeyChange(log::ReceiptText(later), second).status()));
}

TEST_F(KeyChangeTest, EveryChangedByteOfAReceiptIsFound) {
  a_.AppendSome(3);
  a_.ReplaceKey("second");
  const std::string receipt = a_.key_changes().front();
  const std::string next = ReadKeyChange(receipt, first_)->next.VerifierText();
  for (std::size_t i = 0; i < receipt.size(); ++i) {
    std::string changed = receipt;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto read = ReadKeyChange(changed, first_);
    EXPECT_FALSE(read.ok() && read->next.VerifierText() != next) << "byte " << i;
    EXPECT_FALSE(read.ok() && read->closing == ReadKeyChange(receipt, first_)->closing)
        << "byte " << i;
  }
}

}  // namespace
}  // namespace selaras::link
