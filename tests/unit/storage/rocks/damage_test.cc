// A store that was damaged says so, or has lost nothing that was acknowledged.
#include <filesystem>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/names.h"
#include "storage/merkle/hash.h"
#include "storage/rocks/files.h"
#include "storage/rocks/keys.h"
#include "storage/rocks/log_rows.h"
#include "storage/rocks/recover.h"
#include "tests/support/random.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

using rocks::Database;
using rocks::Family;
using rocks::LogRows;
using rocks::Slot;
using ::testing::HasSubstr;

// A store with `entries` shared ones in the WAL, as SIGKILL leaves it.
class Damage : public testing::Test {
 protected:
  void Kill(std::uint64_t entries) {
    StoreDirectory running;
    const auto store = running.MustOpen();
    AppendEntries(*store, entries);
    killed_.CopyFrom(running);
  }

  // As if the last batch had not been answered.
  void Unsay() { std::filesystem::remove(killed_.path() + "/acknowledged"); }

  // A store that was stopped in order: all of it stands in tables.
  void Stop(std::uint64_t entries) { AppendEntries(*killed_.MustOpen(), entries); }

  void Tamper(const std::function<void(const LogRows&, Database&, Database::Batch&)>& change) {
    killed_.Tamper([&](Database& database, Database::Batch& batch) {
      change(LogRows(database, "bkn", Slot::kShared), database, batch);
    });
  }

  void ExpectDataLoss(const std::string& reason) {
    for (const absl::Status& status :
         {killed_.Open().status(), rocks::OpenReadOnly(killed_.path()).status()}) {
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(reason));
    }
  }

  std::string Wal() {
    const std::vector<std::string> files = killed_.Files(".log");
    EXPECT_FALSE(files.empty());
    return files.back();
  }

  StoreDirectory killed_;
};

TEST_F(Damage, AKilledStoreHasEverything) {
  Kill(10);
  const auto store = killed_.MustOpen();
  EXPECT_EQ(store->shared().size().value, 10u);
  EXPECT_EQ(store->shared().Entry({9}).value(), "entry 9");
  EXPECT_EQ(store->shared().checkpoint().checkpoint.size.value, 10u);
}

TEST_F(Damage, ATornTailOfTheWalLosesNothingButTheBatchThatNobodyWasTold) {
  Kill(10);
  Unsay();
  const std::string whole = ReadFile(Wal());
  for (std::size_t torn = 1; torn <= 200; torn += 13) {
    WriteFile(Wal(), whole.substr(0, whole.size() - torn));
    StoreDirectory copy;
    copy.CopyFrom(killed_);
    const auto store = copy.MustOpen();
    EXPECT_EQ(store->shared().size().value, 9u) << torn << " bytes";
    EXPECT_EQ(store->shared().Entry({8}).value(), "entry 8");
    AppendEntries(*store, 1);
    EXPECT_EQ(store->shared().size().value, 10u);
  }
}

TEST_F(Damage, AWalThatEndsBeforeWhatWasAcknowledgedIsAnError) {
  Kill(10);
  const std::string whole = ReadFile(Wal());
  WriteFile(Wal(), whole.substr(0, whole.size() - 1));
  ExpectDataLoss("log bkn: 10 entries were acknowledged, only 9 are there");
}

TEST_F(Damage, ATailOfZerosIsAsIfItWereNotThere) {
  Kill(10);
  WriteFile(Wal(), ReadFile(Wal()) + std::string(5'000, '\0'));
  EXPECT_EQ(killed_.MustOpen()->shared().size().value, 10u);
}

TEST_F(Damage, AnOverwrittenTailOfTheWalIsAnError) {
  Kill(10);
  std::string wal = ReadFile(Wal());
  wal.replace(wal.size() - 50, 50, 50, 'x');
  WriteFile(Wal(), wal);
  ExpectDataLoss("checksum mismatch");
}

TEST_F(Damage, AnyFlippedByteOfTheWalIsAnErrorAndNotSilence) {
  Kill(10);
  const std::string whole = ReadFile(Wal());
  std::mt19937_64 random = SeededRandom();
  for (int i = 0; i < 40; ++i) {
    std::string flipped = whole;
    flipped[Between(random, 0, whole.size() - 1)] ^= static_cast<char>(1 << Between(random, 0, 7));
    WriteFile(Wal(), flipped);
    EXPECT_EQ(rocks::OpenReadOnly(killed_.path()).status().code(), absl::StatusCode::kDataLoss);
    StoreDirectory copy;
    copy.CopyFrom(killed_);
    EXPECT_EQ(copy.Open().status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(Damage, AMissingWalIsAnError) {
  Kill(10);
  std::filesystem::remove(Wal());
  EXPECT_EQ(killed_.Open().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Damage, ALostDatabaseIsNotReplacedByAnEmptyOne) {
  Stop(10);
  std::filesystem::remove_all(rocks::DatabaseDirectory(killed_.path()));
  EXPECT_EQ(killed_.Open().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Damage, ATornClaimOfWhatWasAcknowledgedClaimsNothing) {
  Stop(10);
  for (const std::string& torn : {std::string(), std::string(24, '\0'), std::string(24, '\xff')}) {
    WriteFile(killed_.path() + "/acknowledged", torn);
    EXPECT_EQ(killed_.MustOpen()->shared().size().value, 10u);
  }
}

TEST_F(Damage, AfterAnOrderlyStopTheWalIsEmpty) {
  Stop(10);
  for (const std::string& wal : killed_.Files(".log")) {
    EXPECT_EQ(std::filesystem::file_size(wal), 0u);
  }
}

TEST_F(Damage, AnyFlippedByteOfATableIsFoundByComparingFiles) {
  Stop(300);
  ASSERT_TRUE(rocks::VerifyFiles(killed_.path()).ok());
  std::mt19937_64 random = SeededRandom();
  const std::vector<std::string> tables = killed_.Files(".sst");
  for (int i = 0; i < 60; ++i) {
    const std::string& table = tables[Between(random, 0, tables.size() - 1)];
    const std::string whole = ReadFile(table);
    std::string flipped = whole;
    flipped[Between(random, 0, whole.size() - 1)] ^= 0x10;
    WriteFile(table, flipped);
    EXPECT_EQ(rocks::VerifyFiles(killed_.path()).code(), absl::StatusCode::kDataLoss) << table;
    WriteFile(table, whole);
  }
}

TEST_F(Damage, AFlippedByteOfATableIsAnErrorAndNotSilence) {
  Stop(300);
  StoreDirectory whole;
  whole.CopyFrom(killed_);
  std::mt19937_64 random = SeededRandom();
  int refused = 0;
  for (int i = 0; i < 30; ++i) {
    killed_.CopyFrom(whole);
    const std::vector<std::string> tables = killed_.Files(".sst");
    const std::string& table = tables[Between(random, 0, tables.size() - 1)];
    std::string bytes = ReadFile(table);
    bytes[Between(random, 0, bytes.size() - 1)] ^= 0x10;
    WriteFile(table, bytes);

    const auto store = rocks::OpenReadOnly(killed_.path());
    if (!store.ok()) {
      EXPECT_EQ(store.status().code(), absl::StatusCode::kDataLoss) << store.status();
      ++refused;
      continue;
    }
    for (std::uint64_t n = 0; n < 300; ++n) {
      const auto entry = (*store)->shared().Entry({n});
      const auto leaf = log::LeafHash((*store)->shared(), {n});
      if (entry.ok()) {
        EXPECT_EQ(*entry, "entry " + std::to_string(n));
      } else {
        EXPECT_EQ(entry.status().code(), absl::StatusCode::kDataLoss) << entry.status();
      }
      if (leaf.ok()) {
        EXPECT_EQ(*leaf, merkle::HashLeaf("entry " + std::to_string(n)));
      } else {
        EXPECT_EQ(leaf.status().code(), absl::StatusCode::kDataLoss) << leaf.status();
      }
    }
  }
  EXPECT_GT(refused, 0);
}

TEST_F(Damage, AMissingTableIsAnError) {
  Stop(10);
  std::filesystem::remove(killed_.Files(".sst").back());
  ExpectDataLoss("");
}

TEST_F(Damage, AMissingHeadIsAnError) {
  Stop(10);
  Tamper([](const LogRows&, Database&, Database::Batch& batch) {
    batch.Delete(Family::kHead, rocks::MakeHeadKey(Slot::kShared).view());
  });
  ExpectDataLoss("log bkn: the row of its head is missing");
}

TEST_F(Damage, AnUnreadableHeadIsAnError) {
  Stop(10);
  Tamper([](const LogRows&, Database&, Database::Batch& batch) {
    batch.Put(Family::kHead, rocks::MakeHeadKey(Slot::kShared).view(), "\xff");
  });
  ExpectDataLoss("log bkn: the row of its head cannot be read");
}

TEST_F(Damage, AHeadThatFellBehindIsAnError) {
  Stop(10);
  Tamper([](const LogRows& rows, Database&, Database::Batch& batch) {
    const rocks::LogHead head = *rows.Head();
    merkle::Frontier shorter;
    for (int i = 0; i < 9; ++i) shorter.Append(merkle::HashLeaf("entry " + std::to_string(i)));
    rows.PutHead(batch, shorter, head.checkpoint);
  });
  ExpectDataLoss("entries exist past its head of 9");
}

TEST_F(Damage, NodesPastTheHeadAreAnError) {
  Stop(10);
  Tamper([](const LogRows& rows, Database&, Database::Batch& batch) {
    rows.PutNode(batch, 1, 0, merkle::EmptyRoot());
  });
  ExpectDataLoss("nodes of tile level 1 exist past its head of 10");
}

TEST_F(Damage, AMissingLastEntryIsAnError) {
  Stop(10);
  Tamper([](const LogRows&, Database&, Database::Batch& batch) {
    batch.Delete(Family::kEntry, rocks::MakeEntryKey(Slot::kShared, {9}).view());
  });
  ExpectDataLoss("entry 9 is missing");
}

TEST_F(Damage, AChangedLastEntryIsAnError) {
  Stop(10);
  Tamper([](const LogRows& rows, Database&, Database::Batch& batch) {
    rows.PutEntry(batch, {9}, "entry 9 and more");
  });
  ExpectDataLoss("entry 9 does not have the stored leaf hash");
}

TEST_F(Damage, AChangedNodeOfTheLastTileIsAnError) {
  Stop(10);
  Tamper([](const LogRows& rows, Database&, Database::Batch& batch) {
    rows.PutNode(batch, 0, 3, merkle::EmptyRoot());
  });
  ExpectDataLoss("do not lead to the stored frontier");
}

TEST_F(Damage, AMissingNodeOfTheLastTileIsAnError) {
  Stop(300);
  Tamper([](const LogRows&, Database&, Database::Batch& batch) {
    batch.Delete(Family::kHash, rocks::MakeNodeKey(Slot::kShared, 0, 260).view());
  });
  ExpectDataLoss("node 260 of tile level 0 is missing");
}

TEST_F(Damage, ACheckpointOfAnotherTreeIsAnError) {
  Stop(10);
  Tamper([](const LogRows& rows, Database&, Database::Batch& batch) {
    const auto signer = *log::NoteSigner::Make(log::OriginOf("bkn"), KeyOf('k'));
    rows.PutHead(batch, rows.Head()->edge,
                 log::SignCheckpoint(signer, {signer.name(), {8}, merkle::EmptyRoot()}).note);
  });
  ExpectDataLoss("the stored checkpoint of 8 leaves does not fit");
}

TEST_F(Damage, ACheckpointThatIsSignedByNobodyIsAnError) {
  Stop(10);
  Tamper([](const LogRows& rows, Database&, Database::Batch& batch) {
    const auto signer = *log::NoteSigner::Make(log::OriginOf("bkn"), KeyOf('x'));
    rows.PutHead(batch, rows.Head()->edge,
                 log::SignCheckpoint(signer, {signer.name(), {10}, rows.Head()->edge.Root()}).note);
  });
  ExpectDataLoss("no signature");
}

TEST_F(Damage, ReadingAnOldEntryThatIsGoneIsDataLoss) {
  Stop(300);
  Tamper([](const LogRows&, Database&, Database::Batch& batch) {
    batch.Delete(Family::kEntry, rocks::MakeEntryKey(Slot::kShared, {5}).view());
    batch.Delete(Family::kHash, rocks::MakeNodeKey(Slot::kShared, 0, 6).view());
  });
  const auto store = killed_.MustOpen();
  EXPECT_EQ(store->shared().Entry({5}).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(log::LeafHash(store->shared(), {6}).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store->shared().Hashes(0, 0, 256).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Damage, WhatDoesNotReadBackIsFoundBeforeItIsSigned) {
  Stop(256);
  killed_.Tamper([](Database& database, Database::Batch& batch) {
    // Behind the batch's back: an entry, then a node above the leaves.
    const LogRows rows(database, "bkn", Slot::kShared);
    const merkle::Frontier edge = rows.Head()->edge;
    EXPECT_TRUE(rocks::VerifyRows(rows, merkle::Frontier(), edge).ok());
    merkle::Frontier longer = edge;
    longer.Append(merkle::HashLeaf("entry 256"));
    EXPECT_EQ(rocks::VerifyRows(rows, edge, longer).code(), absl::StatusCode::kDataLoss);

    Database::Batch wrong(database);
    rows.PutNode(wrong, 1, 0, merkle::EmptyRoot());
    database.Commit(wrong, true);
    EXPECT_THAT(std::string(rocks::VerifyRows(rows, merkle::Frontier(), edge).message()),
                HasSubstr("node 0 of tile level 1"));
    rows.PutEntry(batch, {7}, "changed");
  });
  killed_.Tamper([](Database& database, Database::Batch&) {
    const LogRows rows(database, "bkn", Slot::kShared);
    EXPECT_THAT(
        std::string(rocks::VerifyRows(rows, merkle::Frontier(), rows.Head()->edge).message()),
        HasSubstr("entry 7 does not have"));
  });
}

}  // namespace
}  // namespace selaras::test
