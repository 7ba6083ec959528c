// What every store promises of logs that were closed and go on in successors: its own, and those
// that it mirrors.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/log_keys.h"
#include "storage/log/names.h"
#include "storage/log/receipt.h"
#include "storage/log/store.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"
#include "tests/contract/store_makers.h"
#include "tests/support/log_owner.h"

namespace selaras::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPeer[] = "bkn";

crypto::SigningKey KeyOf(char seed) { return *crypto::SigningKey::FromSeed(std::string(32, seed)); }

class SuccessionContract : public testing::TestWithParam<StoreMaker> {
 protected:
  log::Store& store() { return subject_->store(); }

  log::Mirror& mirror() {
    absl::StatusOr<log::Mirror*> mirror = store().OpenMirror(kPeer, first_);
    EXPECT_TRUE(mirror.ok()) << mirror.status();
    return **mirror;
  }
  absl::Status Follow(const LogOwner& owner, std::uint64_t from) {
    return mirror().Extend({from}, owner.Leaves(from, owner.size()), owner.Note());
  }
  absl::Status Keep(const std::vector<std::uint64_t>& places, absl::Time now) {
    std::vector<log::DisclosedEntry> entries;
    for (const std::uint64_t place : places) entries.push_back({{place}, owner_.entries()[place]});
    return mirror().Keep(entries, now).status();
  }
  std::optional<std::string> View(const std::string& key) {
    return *store().Get(log::Table::kView, key);
  }

  // The statement that closes a log of this store after `size` leaves.
  log::Succession Close(const log::LogReader& log, std::uint64_t size, char seed) {
    const log::LogKeys keys = *log.keys();
    const std::string& origin = log.origin();
    const auto next = log::NoteSigner::Make(
        log::OriginOf(log.name(), log::GenerationOf(origin) + 1), KeyOf(seed));
    std::vector<log::Succession::Past> past;
    for (const log::LogKeys::Past& key : keys.past()) {
      past.push_back({key.verifier, std::min(key.last, base::TreeSize{size})});
    }
    past.push_back({keys.newest(), {size}});
    return {log.name(),
            past,
            next->verifier(),
            log::SuccessionReason::kKeyCompromise,
            {},
            log::SignCheckpoint(*next, {next->name(), {size}, *merkle::RootAt(log, {size})}),
            ""};
  }
  absl::Status SucceedOwn(std::uint64_t shared, std::uint64_t private_log, char seed,
                          const std::vector<log::RowWrite>& rows = {}) {
    return subject_->Succeed(Close(store().shared(), shared, seed),
                             Close(store().private_log(), private_log, seed), rows, KeyOf(seed));
  }
  void Append(const std::string& entry) {
    ASSERT_TRUE(store().Append({{entry}, {"private " + entry}, {}}).ok());
  }

  std::unique_ptr<StoreUnderTest> subject_ = GetParam().make();
  LogOwner owner_{kPeer};
  const log::NoteVerifier first_ = owner_.verifier();
};

TEST_P(SuccessionContract, AMirrorKeepsWhatTheClosingCoversAndFollowsTheSuccessor) {
  const absl::Time monday = absl::FromUnixSeconds(1'700'000'000);
  owner_.Append(600);  // so that an inner node is cut, too
  ASSERT_TRUE(Follow(owner_, 0).ok());
  ASSERT_TRUE(Keep({599, 3, 500, 1}, monday).ok());
  const log::Succession succession = owner_.Succeed('s', 500);
  ASSERT_TRUE(store().Succeed(kPeer, succession, {{log::Table::kView, "link", "row"}}).ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(mirror().size().value, 500u);
    EXPECT_EQ(mirror().origin(), "selaras/bkn/successor-2");
    EXPECT_EQ(mirror().checkpoint(), succession.closing);
    EXPECT_EQ(mirror().entries_held(), 2u);
    EXPECT_THAT(*mirror().Kept(0, 9), ElementsAre(base::Sequence{3}, base::Sequence{1}));
    EXPECT_EQ(*mirror().KeptAt({3}), monday);
    EXPECT_EQ(*mirror().Entry({3}), owner_.entries()[3]);
    EXPECT_EQ(mirror().Entry({500}).status().code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(*merkle::RootAt(mirror(), {500}), owner_.Root(500));
    EXPECT_EQ(View("link"), "row");
    subject_->Crash();
    subject_->Reopen();
  }
  owner_.Append(200, "after ");
  ASSERT_TRUE(Follow(owner_, 500).ok());
  ASSERT_TRUE(Keep({699, 599}, monday).ok());
  EXPECT_EQ(mirror().checkpoint().note, owner_.Note());
  EXPECT_THAT(*mirror().Kept(2, 9), ElementsAre(base::Sequence{699}, base::Sequence{599}));
  EXPECT_EQ(*merkle::RootAt(mirror(), {700}), owner_.Root(700));
  EXPECT_THAT(*store().evidence(), IsEmpty());
}

TEST_P(SuccessionContract, AMirrorThatIsShorterFollowsToTheClosingAndBeyond) {
  owner_.Append(5);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  owner_.Append(5);
  const log::Succession succession = owner_.Succeed('s', 8);
  ASSERT_TRUE(store().Succeed(kPeer, succession, {}).ok());
  subject_->Reopen();
  EXPECT_EQ(mirror().size().value, 5u);
  owner_.Append(4, "after ");
  ASSERT_TRUE(Follow(owner_, 5).ok());
  EXPECT_EQ(mirror().size().value, 12u);
}

TEST_P(SuccessionContract, AnEmptyMirrorAndAnEmptyClosingAreLogsLikeOthers) {
  ASSERT_EQ(mirror().size().value, 0u);
  owner_.Append(4);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  const log::Succession succession = owner_.Succeed('s', 0);
  ASSERT_TRUE(store().Succeed(kPeer, succession, {}).ok());
  subject_->Reopen();
  EXPECT_EQ(mirror().size().value, 0u);
  EXPECT_EQ(mirror().checkpoint().note, "");
  owner_.Append(3, "anew ");
  ASSERT_TRUE(Follow(owner_, 0).ok());
}

TEST_P(SuccessionContract, LeavesThatContradictAClosingThatCameBeforeThemAreEvidence) {
  owner_.Append(2);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  LogOwner liar = owner_;
  owner_.Append(4);
  ASSERT_TRUE(store().Succeed(kPeer, owner_.Succeed('s', 5), {}).ok());
  liar.Append(4, "other ");
  liar.Succeed('s', 5);
  liar.Append(1, "after ");
  EXPECT_EQ(Follow(liar, 2).code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(*store().evidence(), SizeIs(1));
  EXPECT_EQ(mirror().size().value, 2u);
}

TEST_P(SuccessionContract, AClosingWhereTheFollowerHoldsOtherLeavesIsRefusedAndChangesNothing) {
  owner_.Append(5);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  LogOwner fork(kPeer);
  fork.Append(3);
  fork.Append(2, "other ");
  const absl::Status refused =
      store().Succeed(kPeer, fork.Succeed('s', 4), {{log::Table::kView, "link", "row"}});
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("closed at size 4"));
  subject_->Reopen();
  EXPECT_EQ(mirror().size().value, 5u);
  EXPECT_EQ(mirror().origin(), "selaras/bkn");
  EXPECT_EQ(View("link"), std::nullopt);
  EXPECT_TRUE(store().Succeed(kPeer, fork.Succeed('t', 3), {}).ok()) << "here both agree";
  EXPECT_EQ(mirror().size().value, 3u);
}

TEST_P(SuccessionContract, AStatementIsAcceptedOnceAndAgainWithoutHarm) {
  owner_.Append(5);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  const log::Succession succession = owner_.Succeed('s', 4);
  ASSERT_TRUE(store().Succeed(kPeer, succession, {}).ok());
  owner_.Append(3, "after ");
  ASSERT_TRUE(Follow(owner_, 4).ok());
  ASSERT_TRUE(store().Succeed(kPeer, succession, {{log::Table::kView, "link", "row"}}).ok());
  EXPECT_EQ(mirror().size().value, 7u) << "nothing is cut again";
  EXPECT_EQ(View("link"), std::nullopt);
}

TEST_P(SuccessionContract, AStatementOfOtherKeysOrOfALogThatIsNotFollowedIsRefused) {
  owner_.Append(1);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  LogOwner stranger(kPeer);
  stranger.ReplaceKey('x');  // by a key of which this store never heard
  LogOwner forger = stranger;
  log::Succession succession = forger.Succeed('y', 0);
  succession.past.erase(succession.past.begin());
  EXPECT_EQ(store().Succeed(kPeer, succession, {}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store().Succeed("ppk", owner_.Succeed('s', 1), {}).code(), absl::StatusCode::kNotFound);
}

TEST_P(SuccessionContract, TheOldKeyIsBelievedUpToTheClosingAndWhatItSignsBeyondIsKept) {
  owner_.Append(6);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  LogOwner thief = owner_;
  const log::Succession succession = owner_.Succeed('s', 5);
  ASSERT_TRUE(store().Succeed(kPeer, succession, {}).ok());
  EXPECT_TRUE(mirror().Extend({5}, {}, thief.Note(5)).ok()) << "it said so before";
  for (int round = 0; round < 2; ++round) {
    const absl::Status refused = mirror().Extend({5}, thief.Leaves(5, 6), thief.Note());
    EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(refused.message()), HasSubstr("was closed at size 5"));
  }
  ASSERT_THAT(*store().evidence(), SizeIs(1)) << "once";
  EXPECT_EQ(store().evidence()->front().given, thief.Note());
  EXPECT_EQ(mirror().size().value, 5u);
}

TEST_P(SuccessionContract, AChangeOfKeysBeyondTheClosingWasCutOffWithIt) {
  owner_.Append(4);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  LogOwner thief = owner_;
  thief.Append(2, "forged ");
  const std::string closing = thief.ReplaceKey('t');
  ASSERT_TRUE(mirror().AddKey(thief.verifier(), closing).ok());
  thief.Append(2, "forged ");
  ASSERT_TRUE(Follow(thief, 4).ok());
  // The owner, who never heard of the thief's key, closes the log where all is well.
  ASSERT_TRUE(store().Succeed(kPeer, owner_.Succeed('s', 4), {}).ok());
  subject_->Reopen();
  EXPECT_EQ(mirror().size().value, 4u);
  EXPECT_FALSE(mirror().keys()->Open(thief.Note(6)).ok());
  EXPECT_FALSE(mirror().keys()->Open(closing).ok());
  owner_.Append(2, "after ");
  ASSERT_TRUE(Follow(owner_, 4).ok());
  // The successor's key can be replaced like any other.
  const std::string next = owner_.ReplaceKey('n');
  ASSERT_TRUE(mirror().AddKey(owner_.verifier(), next).ok());
  owner_.Append(1);
  ASSERT_TRUE(Follow(owner_, 6).ok());
  subject_->Reopen();
  EXPECT_EQ(mirror().keys()->newest().VerifierText(), owner_.verifier().VerifierText());
}

TEST_P(SuccessionContract, WhoWasAwayForTwoSuccessionsAcceptsTheNewest) {
  owner_.Append(5);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  owner_.Succeed('s', 4);
  owner_.Append(3, "second ");
  const std::string between = owner_.Note(5);
  ASSERT_TRUE(store().Succeed(kPeer, owner_.Succeed('u', 6), {}).ok());
  subject_->Reopen();
  EXPECT_EQ(mirror().origin(), "selaras/bkn/successor-3");
  EXPECT_EQ(mirror().size().value, 5u);
  EXPECT_TRUE(mirror().keys()->Open(between).ok()) << "its key is told of in the statement";
}

TEST_P(SuccessionContract, OwnLogsGoOnInSuccessorsOfTheSameNameAndAnotherOrigin) {
  for (const char* entry : {"a", "b", "c", "d"}) Append(entry);
  const log::NoteVerifier old = store().shared().keys()->newest();
  const log::SignedCheckpoint head = store().shared().checkpoint();
  const log::Receipt receipt = *log::MakeReceipt(store().shared(), {1}, head);
  const log::Receipt kept =
      *log::MakeReceipt(store().shared(), {1}, Close(store().shared(), 3, 'x').closing);
  owner_.Append(3);
  ASSERT_TRUE(Follow(owner_, 0).ok());
  ASSERT_TRUE(store().Write({{log::Table::kView, "old", "view"}}, log::Durability::kSynced).ok());
  ASSERT_TRUE(SucceedOwn(3, 2, 's',
                         {{log::Table::kState, "state", "folded again"},
                          {log::Table::kView, "old", std::nullopt}})
                  .ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store().shared().name(), kNodeName);
    EXPECT_EQ(store().shared().origin(), "selaras/bawaslu-13/successor-2");
    EXPECT_EQ(store().private_log().origin(), "selaras/bawaslu-13/private/successor-2");
    EXPECT_EQ(store().shared().size().value, 3u);
    EXPECT_EQ(store().private_log().size().value, 2u);
    EXPECT_EQ(*store().shared().Entry({2}), "c");
    EXPECT_EQ(store().shared().Entry({3}).status().code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(*store().Get(log::Table::kState, "state"), "folded again");
    EXPECT_EQ(View("old"), std::nullopt);
    EXPECT_EQ(mirror().size().value, 3u) << "mirrors stay";
    subject_->Reopen();
  }
  Append("e");
  EXPECT_EQ(store().shared().checkpoint().checkpoint.origin, "selaras/bawaslu-13/successor-2");
  const log::LogKeys keys = *store().shared().keys();
  EXPECT_TRUE(keys.Open(store().shared().checkpoint().note).ok());
  EXPECT_EQ(keys.Open(head.note).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(log::OpenCheckpoint(old, receipt.checkpoint).ok()) << "by the old key alone";
  EXPECT_TRUE(log::VerifyReceipt(kept, "b", *log::ReadUnverified(kept.checkpoint)).ok());
  // And once more.
  ASSERT_TRUE(SucceedOwn(4, 3, 't').ok());
  Append("f");
  EXPECT_EQ(store().shared().origin(), "selaras/bawaslu-13/successor-3");
  EXPECT_THAT(store().shared().keys()->past(), SizeIs(2));
}

TEST_P(SuccessionContract, WhatARestoreLostStaysLostBelowTheClosingAndIsForgottenBeyond) {
  Append("a");
  const log::RecoveryBatch restored = {
      {{merkle::HashLeaf("b"), std::nullopt}, {merkle::HashLeaf("c"), std::nullopt}}, {}, {}};
  ASSERT_TRUE(store().Recover(restored).ok());
  ASSERT_TRUE(SucceedOwn(2, 1, 's').ok());
  subject_->Reopen();
  Append("d");
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(*store().shared().Lost({0}, 3), ElementsAre(base::Sequence{1}));
    EXPECT_EQ(*store().shared().Entry({1}), std::nullopt);
    EXPECT_EQ(*store().shared().Entry({2}), "d");
    subject_->Reopen();
  }
}

TEST_P(SuccessionContract, AnOwnLogIsNotClosedWhereItIsNot) {
  Append("a");
  Append("b");
  log::Succession beyond = Close(store().shared(), 2, 's');
  beyond.closing.checkpoint.size = {7};
  EXPECT_EQ(subject_->Succeed(beyond, Close(store().private_log(), 1, 's'), {}, KeyOf('s')).code(),
            absl::StatusCode::kOutOfRange);
  log::Succession other = Close(store().shared(), 2, 's');
  other.closing.checkpoint.root = base::Digest();
  EXPECT_EQ(subject_->Succeed(other, Close(store().private_log(), 1, 's'), {}, KeyOf('s')).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(store().shared().origin(), "selaras/bawaslu-13");
  EXPECT_EQ(store().shared().size().value, 2u);
  Append("c");
}

INSTANTIATE_TEST_SUITE_P(Every, SuccessionContract, testing::ValuesIn(StoreMakers()),
                         [](const auto& maker) { return maker.param.name; });

}  // namespace
}  // namespace selaras::test
