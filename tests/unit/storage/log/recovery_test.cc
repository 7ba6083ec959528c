// What followers hold of a log whose store was restored, and what is believed of it.
#include "storage/log/recovery.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/log/memory_store.h"
#include "storage/log/names.h"
#include "tests/support/altered_store.h"

namespace selaras::log {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

NoteSigner SignerOf(const std::string& node, char seed) {
  return *NoteSigner::Make(OriginOf(node), *crypto::SigningKey::FromSeed(std::string(32, seed)));
}

std::vector<std::string> Numbered(std::uint64_t count) {
  std::vector<std::string> entries;
  for (std::uint64_t i = 0; i < count; ++i) entries.push_back(absl::StrCat("entry ", i));
  return entries;
}

// `bkn` wrote kWritten entries, and has the first kBackup of them.
class RecoveryTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kWritten = 700;
  static constexpr std::uint64_t kBackup = 300;

  RecoveryTest() : written_(Numbered(kWritten)) {
    Fill(*before_, written_);
    Fill(*own_, Numbered(kBackup));
  }

  static void Fill(MemoryStore& store, const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
      ASSERT_TRUE(store.Append({{entry}, {}, {}}).ok());
    }
  }

  // A follower that holds `size` leaves and some of the entries.
  const LogReader& Follower(std::uint64_t size, const std::vector<std::uint64_t>& places) {
    return FollowerOf(*before_, size, places);
  }
  const LogReader& FollowerOf(const MemoryStore& owner, std::uint64_t size,
                              const std::vector<std::uint64_t>& places) {
    followers_.push_back(MemoryStore::Make("peer", SignerOf("peer", 'p')));
    Mirror& mirror = **followers_.back()->OpenMirror("bkn", signer_.verifier());
    const auto leaves = owner.shared().Hashes(0, 0, size);
    EXPECT_TRUE(leaves.ok());
    merkle::Frontier edge;
    for (const base::Digest& leaf : *leaves) edge.Append(leaf);
    const auto note = SignCheckpoint(signer_, {signer_.name(), {size}, edge.Root()}).note;
    EXPECT_TRUE(mirror.Extend({0}, *leaves, note).ok());
    std::vector<DisclosedEntry> entries;
    for (const std::uint64_t place : places) {
      entries.push_back({{place}, **owner.shared().Entry({place})});
    }
    EXPECT_TRUE(mirror.Keep(entries, absl::InfinitePast()).ok());
    return mirror;
  }

  absl::StatusOr<Recovery> Plan(const std::vector<const LogReader*>& sources) {
    std::vector<RecoverySource> named;
    for (const LogReader* log : sources) {
      named.push_back({absl::StrCat("source ", named.size()), log});
    }
    contradiction_.reset();
    return Recovery::Plan(own_->shared(), named, nullptr, &contradiction_);
  }
  // Writes all that a plan brings.
  void Write(Recovery& recovery) {
    while (true) {
      auto batch = recovery.Next();
      ASSERT_TRUE(batch.ok()) << batch.status();
      if (!*batch) return;
      const auto written = own_->Recover(**batch);
      ASSERT_TRUE(written.ok()) << written.status();
    }
  }
  std::string Refused(const std::vector<const LogReader*>& sources, absl::StatusCode code) {
    const SignedCheckpoint before = own_->shared().checkpoint();
    const auto plan = Plan(sources);
    EXPECT_EQ(plan.status().code(), code);
    EXPECT_EQ(own_->shared().checkpoint(), before);
    return std::string(plan.status().message());
  }
  void ExpectProven() {
    ASSERT_TRUE(contradiction_.has_value());
    const auto read = ParseSplitView(SplitViewText(*contradiction_));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(VerifySplitView(*read, *own_->shared().keys()).ok());
  }
  std::vector<std::uint64_t> Lost() {
    std::vector<std::uint64_t> places;
    const auto lost = own_->shared().Lost({0}, own_->shared().size().value);
    for (const base::Sequence sequence : *lost) places.push_back(sequence.value);
    return places;
  }
  static std::vector<std::uint64_t> Every(std::uint64_t step, std::uint64_t from,
                                          std::uint64_t end) {
    std::vector<std::uint64_t> places;
    for (std::uint64_t place = from; place < end; place += step) places.push_back(place);
    return places;
  }

  const std::vector<std::string> written_;
  const NoteSigner signer_ = SignerOf("bkn", 's');
  std::unique_ptr<MemoryStore> before_ = MemoryStore::Make("bkn", signer_);
  std::unique_ptr<MemoryStore> own_ = MemoryStore::Make("bkn", signer_);
  std::vector<std::unique_ptr<MemoryStore>> followers_;
  std::optional<SplitView> contradiction_;
};

TEST_F(RecoveryTest, TheLongestLogComesBackAndTheEntriesOfAllSources) {
  auto plan = Plan({&Follower(650, Every(2, 0, 650)), &Follower(kWritten, Every(3, 0, kWritten))});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->missing(), kWritten - kBackup);
  EXPECT_EQ(plan->head().checkpoint.size.value, kWritten);
  Write(*plan);
  EXPECT_EQ(own_->shared().checkpoint(), before_->shared().checkpoint())
      << "it is signed as it was, to the byte";
  std::vector<std::uint64_t> gone;
  for (std::uint64_t i = 0; i < kWritten; ++i) {
    const bool held = i < kBackup || (i % 2 == 0 && i < 650) || i % 3 == 0;
    EXPECT_EQ(*own_->shared().Entry({i}), held ? std::optional(written_[i]) : std::nullopt) << i;
    if (!held) gone.push_back(i);
  }
  EXPECT_EQ(Lost(), gone);
  EXPECT_EQ(plan->lost(), gone.size());
}

TEST_F(RecoveryTest, WhatIsBrokenOffGoesOnWithANewPlan) {
  const LogReader& source = Follower(kWritten, Every(1, 0, kWritten));
  auto first = Plan({&source});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(own_->Recover(**first->Next()).ok());
  ASSERT_LT(own_->shared().size().value, kWritten);
  auto second = Plan({&source});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->missing(), kWritten - own_->shared().size().value);
  Write(*second);
  EXPECT_EQ(own_->shared().checkpoint(), before_->shared().checkpoint());
  EXPECT_THAT(Lost(), IsEmpty());
}

TEST_F(RecoveryTest, AnEntryThatWasLostIsFoundInASourceThatIsAskedLater) {
  auto first = Plan({&Follower(kWritten, Every(2, 0, kWritten))});
  ASSERT_TRUE(first.ok()) << first.status();
  Write(*first);
  EXPECT_EQ(Lost().size(), 200u);
  // It need not know of the newest ones.
  auto second = Plan({&Follower(310, Every(1, 0, 310))});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->missing(), 0u);
  EXPECT_EQ(second->found(), 5u);
  Write(*second);
  EXPECT_EQ(Lost().size(), 195u);
  EXPECT_EQ(*own_->shared().Entry({301}), written_[301]);
}

TEST_F(RecoveryTest, WhatAKilledNodeHadNotSignedYetGivesItsEntriesIfAnotherSourceProvesThem) {
  test::LogChanges killed;  // the last batch is here, its checkpoint is not
  killed.checkpoint = Follower(650, {}).checkpoint();
  const test::AlteredLog store(before_->shared(), nullptr, killed);
  auto alone = Plan({&store});
  ASSERT_TRUE(alone.ok()) << alone.status();
  EXPECT_EQ(alone->head().checkpoint.size.value, 650u);
  auto plan = Plan({&store, &Follower(kWritten, {})});
  ASSERT_TRUE(plan.ok()) << plan.status();
  Write(*plan);
  EXPECT_EQ(own_->shared().checkpoint(), before_->shared().checkpoint());
  EXPECT_THAT(Lost(), IsEmpty());
}

TEST_F(RecoveryTest, ASourceThatIsBehindGivesNothing) {
  auto plan = Plan({&Follower(200, Every(1, 0, 200)), &Follower(kBackup, {})});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->missing(), 0u);
  EXPECT_EQ(plan->head(), own_->shared().checkpoint());
  EXPECT_EQ(plan->Next()->has_value(), false);
}

TEST_F(RecoveryTest, AnotherLogIsRefused) {
  const auto other = MemoryStore::Make("ppk", SignerOf("ppk", 's'));
  Fill(*other, Numbered(400));
  EXPECT_THAT(
      Refused({&Follower(kWritten, {}), &other->shared()}, absl::StatusCode::kInvalidArgument),
      HasSubstr("source 1: it is of the log selaras/ppk"));
}

TEST_F(RecoveryTest, ALogOfThatNameThatAnotherKeySignedIsRefused) {
  const auto false_log = MemoryStore::Make("bkn", SignerOf("bkn", 'f'));
  Fill(*false_log, Numbered(kWritten));
  EXPECT_THAT(Refused({&false_log->shared()}, absl::StatusCode::kDataLoss), HasSubstr("source 0"));
  EXPECT_FALSE(contradiction_.has_value());
}

TEST_F(RecoveryTest, AKeyThatWasReplacedSinceTheBackupIsNamedAsTheReason) {
  const NoteSigner next = SignerOf("bkn", 'n');
  ASSERT_TRUE(before_->ReplaceKey(next.key()).ok());
  EXPECT_TRUE(Plan({&before_->shared()}).ok()) << "its newest statement is closed by both keys";
  Fill(*before_, {"signed with the next key"});
  EXPECT_THAT(Refused({&before_->shared()}, absl::StatusCode::kFailedPrecondition),
              AllOf(HasSubstr("source 0: the key of the log was replaced"),
                    HasSubstr(next.VerifierText())));
}

TEST_F(RecoveryTest, AnEntryThatIsNotTheOneThatWasHashedIsRefusedBeforeAnythingIsWritten) {
  test::LogChanges changes;
  changes.entries[555] = "another";
  const test::AlteredLog tampered(before_->shared(), nullptr, changes);
  EXPECT_THAT(Refused({&Follower(kWritten, {}), &tampered}, absl::StatusCode::kDataLoss),
              HasSubstr("source 1: the entry given for bkn@555"));
  EXPECT_FALSE(contradiction_.has_value());
}

TEST_F(RecoveryTest, HashesThatDoNotLeadToTheSignedRootAreRefused) {
  for (const std::uint64_t place : {10u, 555u}) {  // before and after the backup
    test::LogChanges changes;
    changes.nodes[{0, place}] = base::Digest();
    const test::AlteredLog tampered(before_->shared(), nullptr, changes);
    if (place >= kBackup) {
      EXPECT_THAT(Refused({&tampered}, absl::StatusCode::kDataLoss),
                  HasSubstr("source 0: its hashes do not lead to the root"));
    } else {
      EXPECT_TRUE(Plan({&tampered}).ok()) << "what is here is not asked for";
    }
    EXPECT_FALSE(contradiction_.has_value());
  }
}

TEST_F(RecoveryTest, AStoreThatWentAnotherWayIsProvenToHave) {
  ASSERT_TRUE(own_->Append({{"written after the restore"}, {}, {}}).ok());
  EXPECT_THAT(Refused({&Follower(kWritten, {})}, absl::StatusCode::kDataLoss),
              HasSubstr("took two courses"));
  ExpectProven();
}

TEST_F(RecoveryTest, SourcesThatContradictEachOtherAreProvenTo) {
  const auto other = MemoryStore::Make("bkn", signer_);
  Fill(*other, Numbered(kBackup));
  Fill(*other, {"another history", "of these"});
  const std::uint64_t size = kBackup + 2;
  const LogReader& longer = Follower(kWritten, {});
  const LogReader& shorter = FollowerOf(*other, size, {});
  for (const auto& sources : {std::vector{&longer, &shorter}, std::vector{&shorter, &longer},
                              std::vector{&shorter, &Follower(size, {})}}) {
    EXPECT_THAT(Refused(sources, absl::StatusCode::kDataLoss), HasSubstr("took two courses"));
    ExpectProven();
  }
  // Of what the store still has, too.
  const auto early = MemoryStore::Make("bkn", signer_);
  Fill(*early, {"another beginning"});
  EXPECT_THAT(Refused({&FollowerOf(*early, 1, {})}, absl::StatusCode::kDataLoss),
              HasSubstr("another history of 1 leaves"));
  ExpectProven();
}

TEST_F(RecoveryTest, ASourceThatChangesWhileItIsReadIsNotWritten) {
  test::LogChanges changes;
  const test::AlteredLog source(before_->shared(), nullptr, changes);
  auto plan = Plan({&source});
  ASSERT_TRUE(plan.ok()) << plan.status();
  changes.entries[kBackup + 1] = "another";
  EXPECT_EQ(plan->Next().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace selaras::log
