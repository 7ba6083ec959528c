// What every store promises about own logs and rows. Mirrors: mirror_contract_test.cc.
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/limits.h"
#include "storage/log/published.h"
#include "storage/log/store.h"
#include "storage/merkle/hash.h"
#include "storage/merkle/prove.h"
#include "storage/merkle/verify.h"
#include "tests/contract/store_makers.h"
#include "tests/support/random.h"

namespace selaras::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoreContract : public testing::TestWithParam<StoreMaker> {
 protected:
  log::Store& store() { return subject_->store(); }

  log::Appended Append(std::vector<std::string> shared, std::vector<std::string> private_ = {},
                       std::vector<log::RowWrite> rows = {}) {
    absl::StatusOr<log::Appended> appended =
        store().Append({std::move(shared), std::move(private_), std::move(rows)});
    EXPECT_TRUE(appended.ok()) << appended.status();
    return *std::move(appended);
  }

  std::optional<std::string> Row(log::Table table, const std::string& key) {
    absl::StatusOr<std::optional<std::string>> row = store().Get(table, key);
    EXPECT_TRUE(row.ok()) << row.status();
    return *std::move(row);
  }

  std::vector<std::string> Keys(log::Table table, const std::string& prefix,
                                const std::string& from = "") {
    std::vector<std::string> keys;
    const absl::Status scanned =
        store().Scan(table, prefix, from, [&](absl::string_view key, absl::string_view) {
          keys.emplace_back(key);
          return true;
        });
    EXPECT_TRUE(scanned.ok()) << scanned;
    return keys;
  }

  std::unique_ptr<StoreUnderTest> subject_ = GetParam().make();
};

std::vector<std::string> Numbered(const std::string& prefix, std::size_t count) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(absl::StrCat(prefix, i));
  return entries;
}

// Entries, nodes, checkpoint and proofs of `log` are those of `entries`.
void ExpectHolds(const log::LogReader& log, const std::vector<std::string>& entries) {
  ASSERT_EQ(log.size().value, entries.size());
  merkle::Frontier edge;
  for (std::uint64_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(log.Entry({i}).value(), entries[i]);
    EXPECT_EQ(log::LeafHash(log, {i}).value(), merkle::HashLeaf(entries[i]));
    edge.Append(merkle::HashLeaf(entries[i]));
  }
  const log::SignedCheckpoint signed_checkpoint = log.checkpoint();
  EXPECT_EQ(signed_checkpoint.checkpoint, (log::Checkpoint{log.origin(), log.size(), edge.Root()}));
  EXPECT_EQ(log::OpenCheckpoint(VerifierOf(log), signed_checkpoint.note).value(),
            signed_checkpoint);
  EXPECT_EQ(merkle::FrontierAt(log, log.size()).value(), edge);
}

TEST_P(StoreContract, ANewStoreHasTwoEmptySignedLogs) {
  EXPECT_EQ(store().shared().name(), "bawaslu-13");
  EXPECT_EQ(store().shared().origin(), "selaras/bawaslu-13");
  EXPECT_EQ(store().private_log().name(), "bawaslu-13/private");
  EXPECT_EQ(store().private_log().origin(), "selaras/bawaslu-13/private");
  ExpectHolds(store().shared(), {});
  ExpectHolds(store().private_log(), {});
  EXPECT_THAT(store().mirrors(), IsEmpty());
  EXPECT_THAT(store().evidence().value(), IsEmpty());
}

TEST_P(StoreContract, WhatIsAppendedIsReadBackByteForByte) {
  const std::vector<std::string> shared = {std::string("\0\xff\n", 3),
                                           std::string(log::kEntryBytesMax, 'x'), "s"};
  const std::vector<std::string> private_ = {"p"};
  const log::Appended appended = Append(shared, private_);
  EXPECT_EQ(appended.shared_size.value, 3u);
  EXPECT_EQ(appended.private_size.value, 1u);
  EXPECT_EQ(appended.shared_checkpoint, store().shared().checkpoint());
  ExpectHolds(store().shared(), shared);
  ExpectHolds(store().private_log(), private_);
}

TEST_P(StoreContract, TheTreesAreRightForEverySizeAcrossTwoTiles) {
  std::vector<std::string> all;
  merkle::Frontier edge;
  for (int i = 0; i < 520; ++i) {
    all.push_back(absl::StrCat("entry ", i));
    edge.Append(merkle::HashLeaf(all.back()));
    const log::Appended appended = Append({all.back()});
    ASSERT_EQ(appended.shared_checkpoint.checkpoint.root, edge.Root()) << i;
  }
  ExpectHolds(store().shared(), all);
  subject_->Reopen();
  ExpectHolds(store().shared(), all);
}

TEST_P(StoreContract, ABatchMayFillOneLogOrBothOrNeither) {
  Append({"s0"});
  Append({}, {"p0"});
  const log::SignedCheckpoint before = store().shared().checkpoint();
  const log::Appended rows_only = Append({}, {}, {{log::Table::kState, "a", "1"}});
  EXPECT_EQ(rows_only.shared_checkpoint, before);
  EXPECT_EQ(Row(log::Table::kState, "a"), "1");
  Append({"s1"}, {"p1"});
  ExpectHolds(store().shared(), {"s0", "s1"});
  ExpectHolds(store().private_log(), {"p0", "p1"});
}

TEST_P(StoreContract, TheLargestBatchIsAcceptedAndALargerOneIsNot) {
  Append(Numbered("s", log::kAppendEntriesMax - 1), {"p"});
  EXPECT_EQ(store().shared().size().value, log::kAppendEntriesMax - 1);
  const absl::Status refused =
      store().Append({Numbered("t", log::kAppendEntriesMax), {"q"}, {}}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store().shared().size().value, log::kAppendEntriesMax - 1);
}

TEST_P(StoreContract, ARefusedBatchWritesNothing) {
  Append({"s0"}, {"p0"}, {{log::Table::kState, "a", "1"}});
  const std::vector<log::RowWrite> rows = {{log::Table::kState, "a", "2"},
                                           {log::Table::kRequest, "r", "1"}};
  const std::string too_long(log::kEntryBytesMax + 1, 'x');
  for (const log::AppendBatch& batch : {
           log::AppendBatch{{"s1", too_long}, {}, rows},
           log::AppendBatch{{"s1"}, {too_long}, rows},
           log::AppendBatch{{"s1", ""}, {}, rows},
           log::AppendBatch{{"s1"}, {""}, rows},
       }) {
    EXPECT_EQ(store().Append(batch).status().code(), absl::StatusCode::kInvalidArgument);
  }
  subject_->Reopen();
  ExpectHolds(store().shared(), {"s0"});
  ExpectHolds(store().private_log(), {"p0"});
  EXPECT_EQ(Row(log::Table::kState, "a"), "1");
  EXPECT_EQ(Row(log::Table::kRequest, "r"), std::nullopt);
}

TEST_P(StoreContract, ReadingPastTheEndIsOutOfRange) {
  Append({"s0", "s1"});
  const log::LogReader& log = store().shared();
  EXPECT_EQ(log.Entry({2}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.Entry({~0ull}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log::LeafHash(log, {2}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.Hashes(0, 0, 3).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.Hashes(0, ~0ull, 2).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.Hashes(1, 0, 1).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(log.Hashes(0, 2, 0).value(), IsEmpty());
}

TEST_P(StoreContract, ProofsOfRandomPositionsVerifyAgainstCheckpoints) {
  std::mt19937_64 random = SeededRandom();
  std::vector<std::string> all;
  std::vector<log::Checkpoint> checkpoints;
  while (all.size() < 2'000) {
    std::vector<std::string> batch;
    for (std::uint64_t n = Between(random, 1, 300); n > 0; --n) {
      batch.push_back(absl::StrCat("entry ", all.size()));
      all.push_back(batch.back());
    }
    checkpoints.push_back(Append(std::move(batch)).shared_checkpoint.checkpoint);
  }
  const log::LogReader& log = store().shared();
  for (int i = 0; i < 100; ++i) {
    const log::Checkpoint& older = checkpoints[Between(random, 0, checkpoints.size() - 1)];
    const log::Checkpoint& newer = checkpoints.back();
    const base::Sequence leaf{Between(random, 0, older.size.value - 1)};
    EXPECT_TRUE(merkle::VerifyInclusion(merkle::HashLeaf(all[leaf.value]), leaf, older.size,
                                        merkle::ProveInclusion(log, leaf, older.size).value(),
                                        older.root)
                    .ok());
    EXPECT_TRUE(
        merkle::VerifyConsistency(older.size, older.root, newer.size, newer.root,
                                  merkle::ProveConsistency(log, older.size, newer.size).value())
            .ok());
  }
}

TEST_P(StoreContract, RowsOfABatchAreWrittenWithItsEntries) {
  Append({"s0"}, {},
         {{log::Table::kRequest, "r", "1"},
          {log::Table::kState, "a", "1"},
          {log::Table::kView, "v", "1"},
          {log::Table::kCatalogue, "c", "1"},
          {log::Table::kSecret, "k", "1"}});
  Append({"s1"}, {}, {{log::Table::kState, "a", "2"}, {log::Table::kView, "v", std::nullopt}});
  subject_->Crash();
  ExpectHolds(store().shared(), {"s0", "s1"});
  EXPECT_EQ(Row(log::Table::kRequest, "r"), "1");
  EXPECT_EQ(Row(log::Table::kState, "a"), "2");
  EXPECT_EQ(Row(log::Table::kView, "v"), std::nullopt);
  EXPECT_EQ(Row(log::Table::kCatalogue, "c"), "1");
  EXPECT_EQ(Row(log::Table::kSecret, "k"), "1");
}

TEST_P(StoreContract, PublishedCheckpointsStayWhenTheStoreGoesDown) {
  const std::string key = log::PublishedKey("bawaslu-13", {7});
  ASSERT_TRUE(
      store().Write({{log::Table::kPublished, key, "note"}}, log::Durability::kSynced).ok());
  subject_->Crash();
  EXPECT_EQ(Row(log::Table::kPublished, key), "note");
}

TEST_P(StoreContract, TheLastRowIsThatOfThePrefix) {
  const auto last = [&](const std::string& prefix, const std::string& before = "") {
    const auto row = store().Last(log::Table::kPublished, prefix, before);
    EXPECT_TRUE(row.ok()) << row.status();
    return *row ? (*row)->first + "=" + (*row)->second : "none";
  };
  EXPECT_EQ(last(""), "none");
  ASSERT_TRUE(store()
                  .Write({{log::Table::kPublished, "a/1", "1"},
                          {log::Table::kPublished, std::string("a/\xff\xff", 4), "2"},
                          {log::Table::kPublished, "b", "3"},
                          {log::Table::kView, "c", "4"}},
                         log::Durability::kUnsynced)
                  .ok());
  EXPECT_EQ(last("a/"), std::string("a/\xff\xff=2", 6));
  EXPECT_EQ(last("a/1"), "a/1=1");
  EXPECT_EQ(last("a/\xff"), std::string("a/\xff\xff=2", 6));
  EXPECT_EQ(last(""), "b=3");
  EXPECT_EQ(last("\xff"), "none");
  EXPECT_EQ(last("aa"), "none");
  EXPECT_EQ(last("a/", "a/2"), "a/1=1");
  EXPECT_EQ(last("a/", "a/1"), "none");
  EXPECT_EQ(last("a/", "z"), std::string("a/\xff\xff=2", 6));
}

TEST_P(StoreContract, TheLastWriteOfARowInABatchCounts) {
  Append({"s0"}, {},
         {{log::Table::kState, "a", "1"},
          {log::Table::kState, "a", std::nullopt},
          {log::Table::kState, "a", "3"}});
  EXPECT_EQ(Row(log::Table::kState, "a"), "3");
}

TEST_P(StoreContract, TablesDoNotShareRows) {
  ASSERT_TRUE(store()
                  .Write({{log::Table::kView, "x", "view"}, {log::Table::kSecret, "x", "secret"}},
                         log::Durability::kSynced)
                  .ok());
  EXPECT_EQ(Row(log::Table::kView, "x"), "view");
  EXPECT_EQ(Row(log::Table::kSecret, "x"), "secret");
  EXPECT_EQ(Row(log::Table::kCatalogue, "x"), std::nullopt);
}

TEST_P(StoreContract, RowsOfRequestsAndStateAreWrittenOnlyWithEntries) {
  for (const log::Table table : {log::Table::kRequest, log::Table::kState}) {
    EXPECT_EQ(
        store()
            .Write({{log::Table::kView, "v", "1"}, {table, "x", "1"}}, log::Durability::kSynced)
            .code(),
        absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(Row(table, "x"), std::nullopt);
  }
  EXPECT_EQ(Row(log::Table::kView, "v"), std::nullopt);
}

TEST_P(StoreContract, ScansAreInKeyOrderAndKeepToThePrefix) {
  ASSERT_TRUE(store()
                  .Write({{log::Table::kView, "b", ""},
                          {log::Table::kView, "a/2", ""},
                          {log::Table::kView, "a/1", ""},
                          {log::Table::kView, std::string("a/\xff", 3), ""},
                          {log::Table::kView, std::string("a/\0", 3), ""},
                          {log::Table::kView, "a", ""}},
                         log::Durability::kUnsynced)
                  .ok());
  EXPECT_THAT(Keys(log::Table::kView, ""),
              ElementsAre("a", std::string("a/\0", 3), "a/1", "a/2", "a/\xff", "b"));
  EXPECT_THAT(Keys(log::Table::kView, "a/"),
              ElementsAre(std::string("a/\0", 3), "a/1", "a/2", "a/\xff"));
  EXPECT_THAT(Keys(log::Table::kView, "a/", "a/1"), ElementsAre("a/1", "a/2", "a/\xff"));
  EXPECT_THAT(Keys(log::Table::kView, "a/", "a/11"), ElementsAre("a/2", "a/\xff"));
  EXPECT_THAT(Keys(log::Table::kView, "a/", "b"), IsEmpty());
  EXPECT_THAT(Keys(log::Table::kView, "c"), IsEmpty());
}

TEST_P(StoreContract, AScanStopsWhenItIsTold) {
  ASSERT_TRUE(store()
                  .Write({{log::Table::kView, "a", "1"}, {log::Table::kView, "b", "2"}},
                         log::Durability::kUnsynced)
                  .ok());
  std::vector<std::string> seen;
  ASSERT_TRUE(store()
                  .Scan(log::Table::kView, "", "",
                        [&](absl::string_view key, absl::string_view value) {
                          seen.push_back(absl::StrCat(key, "=", value));
                          return false;
                        })
                  .ok());
  EXPECT_THAT(seen, ElementsAre("a=1"));
}

TEST_P(StoreContract, AScanSeesOneStateAndMayUseTheStore) {
  ASSERT_TRUE(store()
                  .Write({{log::Table::kView, "a", "1"}, {log::Table::kView, "b", "1"}},
                         log::Durability::kUnsynced)
                  .ok());
  std::vector<std::string> seen;
  ASSERT_TRUE(store()
                  .Scan(log::Table::kView, "", "",
                        [&](absl::string_view key, absl::string_view value) {
                          seen.push_back(absl::StrCat(key, "=", value));
                          EXPECT_TRUE(store()
                                          .Write({{log::Table::kView, "b", "2"},
                                                  {log::Table::kView, "c", "2"}},
                                                 log::Durability::kUnsynced)
                                          .ok());
                          return true;
                        })
                  .ok());
  EXPECT_THAT(seen, ElementsAre("a=1", "b=1"));
}

TEST_P(StoreContract, ReopeningKeepsEverything) {
  Append({"s0", "s1"}, {"p0"}, {{log::Table::kState, "a", "1"}});
  ASSERT_TRUE(store().Write({{log::Table::kView, "v", "1"}}, log::Durability::kUnsynced).ok());
  const log::SignedCheckpoint checkpoint = store().shared().checkpoint();
  subject_->Reopen();
  ExpectHolds(store().shared(), {"s0", "s1"});
  ExpectHolds(store().private_log(), {"p0"});
  EXPECT_EQ(store().shared().checkpoint(), checkpoint);
  EXPECT_EQ(Row(log::Table::kState, "a"), "1");
  EXPECT_EQ(Row(log::Table::kView, "v"), "1");
  Append({"s2"});
  ExpectHolds(store().shared(), {"s0", "s1", "s2"});
}

TEST_P(StoreContract, UnsyncedRowsMayGoInACrashButSyncedOnesStay) {
  ASSERT_TRUE(store().Write({{log::Table::kView, "a", "1"}}, log::Durability::kSynced).ok());
  ASSERT_TRUE(store().Write({{log::Table::kView, "a", "2"}}, log::Durability::kUnsynced).ok());
  subject_->Crash();
  EXPECT_TRUE(Row(log::Table::kView, "a") == "1" || Row(log::Table::kView, "a") == "2");
}

TEST_P(StoreContract, UnsyncedRowsAreDurableWithTheNextSyncedWrite) {
  ASSERT_TRUE(store().Write({{log::Table::kView, "a", "1"}}, log::Durability::kUnsynced).ok());
  Append({"s0"});
  ASSERT_TRUE(store().Write({{log::Table::kView, "b", "1"}}, log::Durability::kUnsynced).ok());
  ASSERT_TRUE(store().Write({{log::Table::kView, "c", "1"}}, log::Durability::kSynced).ok());
  subject_->Crash();
  EXPECT_EQ(Row(log::Table::kView, "a"), "1");
  EXPECT_EQ(Row(log::Table::kView, "b"), "1");
  EXPECT_EQ(Row(log::Table::kView, "c"), "1");
}

TEST_P(StoreContract, ReadersSeeOnlyWhatIsSignedWhileOthersWrite) {
  constexpr int kBatches = 200;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    const log::LogReader& log = store().shared();
    const log::NoteVerifier verifier = VerifierOf(log);
    while (!done) {
      // A state row is never ahead of the log.
      const std::optional<std::string> row = *store().Get(log::Table::kState, "size");
      const log::SignedCheckpoint checkpoint = log.checkpoint();
      const base::TreeSize size = checkpoint.checkpoint.size;
      EXPECT_LE(row ? std::stoull(*row) : 0, size.value);
      EXPECT_TRUE(log::OpenCheckpoint(verifier, checkpoint.note).ok());
      EXPECT_EQ(*merkle::RootAt(log, size), checkpoint.checkpoint.root);
      if (size.value > 0) {
        EXPECT_EQ(*log.Entry({size.value - 1}), absl::StrCat("entry ", size.value - 1));
      }
    }
  });
  std::thread writer([&] {
    while (!done) {
      EXPECT_TRUE(store().Write({{log::Table::kView, "v", "1"}}, log::Durability::kUnsynced).ok());
    }
  });
  for (int i = 0; i < kBatches; ++i) {
    Append({absl::StrCat("entry ", i)}, {}, {{log::Table::kState, "size", absl::StrCat(i + 1)}});
  }
  done = true;
  reader.join();
  writer.join();
  EXPECT_EQ(store().shared().size().value, static_cast<std::uint64_t>(kBatches));
}

// Whoever derives something from an entry reads the rows of its batch: older ones would be
// taken for what the entry has led to.
TEST_P(StoreContract, WhoSeesAnEntrySeesTheRowsOfItsBatch) {
  constexpr int kBatches = 500;
  std::atomic<bool> done = false;
  const auto number = [&] {
    const std::optional<std::string> row = *store().Get(log::Table::kState, "size");
    return row ? std::stoull(*row) : 0;
  };
  std::thread of_shared([&] {
    while (!done) {
      const std::uint64_t size = store().shared().size().value;
      EXPECT_GE(number(), size);
    }
  });
  std::thread of_private([&] {
    while (!done) {
      const std::uint64_t size = store().private_log().size().value;
      EXPECT_GE(number(), size);
    }
  });
  for (int i = 1; i <= kBatches; ++i) {
    Append({"shared"}, {"private"}, {{log::Table::kState, "size", absl::StrCat(i)}});
  }
  done = true;
  of_shared.join();
  of_private.join();
}

INSTANTIATE_TEST_SUITE_P(Every, StoreContract, testing::ValuesIn(StoreMakers()),
                         [](const auto& maker) { return maker.param.name; });

}  // namespace
}  // namespace selaras::test
