// Nothing is signed that does not read back as it was meant.
#include "storage/rocks/own_log_writer.h"

#include <memory>
#include <utility>

#include "gtest/gtest.h"
#include "storage/log/names.h"
#include "storage/merkle/hash.h"
#include "storage/rocks/files.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

using rocks::Database;
using rocks::Family;
using rocks::Slot;

// A log of 255 entries, opened without a store around it.
struct Log {
  Log() {
    AppendEntries(*directory.MustOpen(), 255);
    database = *Database::Open(rocks::DatabaseDirectory(directory.path()), /*exists=*/true, {});
    const rocks::LogRows rows(*database, "bkn", Slot::kShared);
    const log::LogKeys keys(signer.verifier());
    own_log = std::make_unique<rocks::OwnLog>(rows, keys, *rocks::RecoverOwnLog(rows, keys));
    writer = std::make_unique<rocks::OwnLogWriter>(*own_log, signer);
  }

  const StoreDirectory directory;
  const log::NoteSigner signer = *log::NoteSigner::Make(log::OriginOf("bkn"), KeyOf('k'));
  std::unique_ptr<Database> database;
  std::unique_ptr<rocks::OwnLog> own_log;
  std::unique_ptr<rocks::OwnLogWriter> writer;
};

TEST(OwnLogWriter, WhatReadsBackIsSignedAndNotShownBeforeItIsPublished) {
  const Log opened;
  Database::Batch batch(*opened.database);
  const merkle::Frontier edge = opened.writer->Stage({"a", "b"}, batch);
  opened.database->Commit(batch, /*sync=*/true);
  rocks::Recovered sealed = opened.writer->Seal(edge);
  EXPECT_EQ(sealed.checkpoint.checkpoint.size.value, 257u);
  EXPECT_EQ(opened.own_log->size().value, 255u);
  EXPECT_EQ(opened.own_log->Entry({255}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(opened.own_log->Hashes(1, 0, 1).status().code(), absl::StatusCode::kOutOfRange);
  opened.writer->Publish(std::move(sealed));
  EXPECT_EQ(opened.own_log->size().value, 257u);
  EXPECT_EQ(opened.own_log->Entry({255}).value(), "a");
  EXPECT_TRUE(opened.own_log->Hashes(1, 0, 1).ok());
}

// Ways in which a batch may come out otherwise than it went in.
void ChangeEntry(const rocks::LogRows& rows, Database::Batch& batch) {
  rows.PutEntry(batch, {255}, "c");
}
void LoseEntry(const rocks::LogRows&, Database::Batch& batch) {
  batch.Delete(Family::kEntry, rocks::MakeEntryKey(Slot::kShared, {256}).view());
}
void ChangeLeaf(const rocks::LogRows& rows, Database::Batch& batch) {
  rows.PutNode(batch, 0, 256, merkle::EmptyRoot());
}
void ChangeNode(const rocks::LogRows& rows, Database::Batch& batch) {
  rows.PutNode(batch, 1, 0, merkle::EmptyRoot());
}

void SealAfter(void (*change)(const rocks::LogRows&, Database::Batch&)) {
  const Log opened;
  Database::Batch batch(*opened.database);
  const merkle::Frontier edge = opened.writer->Stage({"a", "b"}, batch);
  change(opened.own_log->rows(), batch);
  opened.database->Commit(batch, /*sync=*/true);
  opened.writer->Seal(edge);
}

TEST(OwnLogWriterDeathTest, WhatDoesNotReadBackEndsTheProcessUnsigned) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const char* const message = "fatal: what was written does not read back";
  EXPECT_EXIT(SealAfter(ChangeEntry), testing::ExitedWithCode(74), message);
  EXPECT_EXIT(SealAfter(LoseEntry), testing::ExitedWithCode(74), message);
  EXPECT_EXIT(SealAfter(ChangeLeaf), testing::ExitedWithCode(74), message);
  EXPECT_EXIT(SealAfter(ChangeNode), testing::ExitedWithCode(74), message);
}

}  // namespace
}  // namespace selaras::test
