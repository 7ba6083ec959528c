// A store that nobody runs can be read without its key, and reading changes nothing.
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/log/names.h"
#include "storage/merkle/prove.h"
#include "tests/support/log_owner.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

const absl::Time kCame = absl::FromUnixSeconds(1'740'000'000);

void Fill(log::Store& store) {
  AppendEntries(store, 300);
  ASSERT_TRUE(store.Append({{"last"}, {"private"}, {{log::Table::kState, "a", "1"}}}).ok());
  ASSERT_TRUE(store.Write({{log::Table::kView, "v", "1"}}, log::Durability::kUnsynced).ok());
  LogOwner peer("bawaslu-13");
  peer.Append(2);
  log::Mirror& mirror = **store.OpenMirror("bawaslu-13", peer.verifier());
  ASSERT_TRUE(mirror.Extend({0}, peer.Leaves(0, 2), peer.Note()).ok());
  ASSERT_TRUE(mirror.Keep(std::vector<log::DisclosedEntry>{{{1}, peer.entries()[1]}}, kCame).ok());
  ASSERT_FALSE(mirror.Extend({2}, {}, peer.FalseNote(2, base::Digest())).ok());
}

void ExpectFilled(const log::StoreReader& store) {
  EXPECT_EQ(store.shared().name(), "bkn");
  EXPECT_EQ(store.shared().size().value, 301u);
  EXPECT_EQ(store.shared().Entry({300}).value(), "last");
  EXPECT_EQ(store.private_log().Entry({0}).value(), "private");
  EXPECT_EQ(store.Get(log::Table::kState, "a").value(), "1");
  EXPECT_EQ(store.Get(log::Table::kView, "v").value(), "1");
  ASSERT_EQ(store.mirrors().size(), 1u);
  EXPECT_EQ(store.mirrors()[0]->name(), "bawaslu-13");
  EXPECT_EQ(store.mirrors()[0]->entries_held(), 1u);
  EXPECT_EQ(store.mirrors()[0]->Entry({1}).value(), "entry 1");
  EXPECT_EQ(store.mirrors()[0]->KeptAt({1}).value(), kCame);
  EXPECT_EQ(store.evidence()->size(), 1u);

  const auto verifier = *log::NoteVerifier::Make(log::OriginOf("bkn"), KeyOf('k').verify_key());
  const log::SignedCheckpoint checkpoint = store.shared().checkpoint();
  EXPECT_EQ(log::OpenCheckpoint(verifier, checkpoint.note).value(), checkpoint);
  EXPECT_EQ(merkle::RootAt(store.shared(), checkpoint.checkpoint.size).value(),
            checkpoint.checkpoint.root);
}

TEST(AsOfNow, ShowsTheStoreOfOneMomentWhileItIsWritten) {
  const StoreDirectory directory;
  const auto store = directory.MustOpen();
  Fill(*store);
  const auto now = store->AsOfNow();
  ASSERT_TRUE(now.ok()) << now.status();
  ASSERT_TRUE(store->Append({{"more"}, {"more"}, {{log::Table::kState, "a", "2"}}}).ok());
  ASSERT_TRUE(store->Write({{log::Table::kView, "v", "2"}}, log::Durability::kUnsynced).ok());
  const LogOwner other("ppk");
  ASSERT_TRUE(store->OpenMirror("ppk", other.verifier()).ok());
  ExpectFilled(**now);
  std::vector<std::string> views;
  ASSERT_TRUE((*now)
                  ->Scan(log::Table::kView, "", "",
                         [&](absl::string_view, absl::string_view value) {
                           views.emplace_back(value);
                           return true;
                         })
                  .ok());
  EXPECT_EQ(views, std::vector<std::string>{"1"});
  std::uint64_t entries = 0;
  ASSERT_TRUE((*now)
                  ->shared()
                  .Entries({0}, 301, [&](base::Sequence, absl::string_view) { ++entries; })
                  .ok());
  EXPECT_EQ(entries, 301u);
  EXPECT_FALSE((*now)->shared().Entries({300}, 2, [](base::Sequence, absl::string_view) {}).ok());
  const auto later = store->AsOfNow();
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ((*later)->shared().size().value, 302u);
}

TEST(AsOfNow, EntriesThatAreNotHereArePassedOver) {
  const StoreDirectory directory;
  const auto store = directory.MustOpen();
  Fill(*store);
  std::vector<std::uint64_t> places;
  ASSERT_TRUE(store->mirrors()[0]
                  ->Entries({0}, 2,
                            [&](base::Sequence sequence, absl::string_view bytes) {
                              places.push_back(sequence.value);
                              EXPECT_EQ(bytes, "entry 1");
                            })
                  .ok());
  EXPECT_EQ(places, std::vector<std::uint64_t>{1});
}

TEST(ReadOnly, AStoredCheckpointThatIsNoSignedTextIsDamage) {
  for (const rocks::Slot slot : {rocks::Slot::kShared, rocks::Slot::kFirstMirror}) {
    const StoreDirectory directory;
    Fill(*directory.MustOpen());
    directory.Tamper([slot](rocks::Database& database, rocks::Database::Batch& batch) {
      const auto key = rocks::MakeHeadKey(slot);
      std::string head = **database.Get(rocks::Family::kHead, key.view());
      head.back() = 'x';  // the line feed at the end of the note
      batch.Put(rocks::Family::kHead, key.view(), head);
    });
    EXPECT_TRUE(absl::IsDataLoss(rocks::OpenReadOnly(directory.path()).status()));
    EXPECT_TRUE(absl::IsDataLoss(directory.Open().status()));
  }
}

TEST(ReadOnly, AfterAStopTheCheckpointsCoverEverything) {
  const StoreDirectory directory;
  Fill(*directory.MustOpen());
  const auto before = directory.Contents();
  {
    const auto store = rocks::OpenReadOnly(directory.path());
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectFilled(**store);
    EXPECT_EQ((*store)->shared().checkpoint().checkpoint.size.value, 301u);
    EXPECT_EQ((*store)->private_log().checkpoint().checkpoint.size.value, 1u);
  }
  EXPECT_EQ(directory.Contents(), before);
}

TEST(ReadOnly, AfterAKillTheLastBatchIsThereThoughNotYetSigned) {
  const StoreDirectory running;
  const auto writer = running.MustOpen();
  Fill(*writer);
  const StoreDirectory killed;
  killed.CopyFrom(running);
  const auto before = killed.Contents();
  {
    const auto store = rocks::OpenReadOnly(killed.path());
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectFilled(**store);
    EXPECT_EQ((*store)->shared().checkpoint().checkpoint.size.value, 300u);
  }
  EXPECT_EQ(killed.Contents(), before);
}

// Nobody may have to start a node of this version to read what an older one left.
TEST(ReadOnly, AStoreFromBeforeCheckpointsWerePublishedOpensBothWays) {
  const StoreDirectory directory;
  Fill(*directory.MustOpen());
  directory.Drop(rocks::Family::kPublished);
  {
    const auto store = rocks::OpenReadOnly(directory.path());
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectFilled(**store);
    EXPECT_EQ((*store)->Get(log::Table::kPublished, "x").value(), std::nullopt);
    EXPECT_EQ((*store)->Last(log::Table::kPublished, "", "").value(), std::nullopt);
    EXPECT_TRUE((*store)
                    ->Scan(log::Table::kPublished, "", "",
                           [](absl::string_view, absl::string_view) { return true; })
                    .ok());
  }
  const auto store = directory.MustOpen();
  ExpectFilled(*store);
  EXPECT_TRUE(store->Write({{log::Table::kPublished, "x", "note"}}, log::Durability::kSynced).ok());
  EXPECT_EQ(store->Get(log::Table::kPublished, "x").value(), "note");
}

TEST(ReadOnly, AStoreThatLacksAnotherFamilyIsNotRead) {
  const StoreDirectory directory;
  Fill(*directory.MustOpen());
  directory.Drop(rocks::Family::kEvidence);
  EXPECT_FALSE(rocks::OpenReadOnly(directory.path()).ok());
}

TEST(ReadOnly, ABackupWithoutLockFileIsRead) {
  const StoreDirectory directory;
  Fill(*directory.MustOpen());
  ASSERT_EQ(std::remove((directory.path() + "/lock").c_str()), 0);
  const auto store = rocks::OpenReadOnly(directory.path());
  ASSERT_TRUE(store.ok()) << store.status();
  ExpectFilled(**store);
}

TEST(ReadOnly, AnAbsentStoreIsNotMade) {
  const StoreDirectory directory;
  EXPECT_EQ(rocks::OpenReadOnly(directory.path()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(std::remove(directory.path().c_str()), 0);
}

}  // namespace
}  // namespace selaras::test
