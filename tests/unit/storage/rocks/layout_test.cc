// The bytes on disk are those of format version 1, for ever: tests/golden/store_v1.txt.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "storage/base/bytes.h"
#include "storage/log/published.h"
#include "storage/merkle/hash.h"
#include "storage/rocks/files.h"
#include "storage/rocks/keys.h"
#include "tests/support/log_owner.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

using rocks::Slot;

template <std::size_t kSize>
std::string Hex(const rocks::Key<kSize>& key) {
  return base::HexEncode(key.view());
}

TEST(Keys, AreBigEndianAndOfAFixedLength) {
  const Slot slot{0x0102};
  EXPECT_EQ(Hex(rocks::MakeHeadKey(slot)), "0102");
  EXPECT_EQ(Hex(rocks::MakeEntryKey(slot, {0x0304})), "01020000000000000304");
  EXPECT_EQ(Hex(rocks::MakeNodeKey(slot, 5, 0x0304)), "0102050000000000000304");
  EXPECT_EQ(Hex(rocks::MakeKeptKey(slot, 0x0304)), "01020000000000000304");
  EXPECT_EQ(Hex(rocks::MakeKeptAtKey(slot, {0x0304})), "ffff01020000000000000304");
  EXPECT_EQ(Hex(rocks::MakeEvidenceKey(0x0304)), "0000000000000304");
  EXPECT_EQ(Hex(rocks::MakePastKeyKey(slot, 0x0304)),
            base::HexEncode("past-key/") + "01020000000000000304");
  EXPECT_EQ(Hex(rocks::MakeLostKey(slot, {0x0304})),
            base::HexEncode("lost/") + "01020000000000000304");
  EXPECT_EQ(rocks::MakeLogKey("bkn/private"), "log/bkn/private");
}

TEST(Keys, ALogRowReadsBackAndAShortOneDoesNot) {
  const rocks::LogRow row = *rocks::DecodeLogRow(rocks::EncodeLogRow({Slot{7}, "text"}));
  EXPECT_EQ(row.slot, Slot{7});
  EXPECT_EQ(row.verifier, "text");
  EXPECT_EQ(rocks::DecodeLogRow("x").status().code(), absl::StatusCode::kDataLoss);
}

TEST(Keys, APastKeyRowReadsBackAndAShortOneDoesNot) {
  const rocks::PastKeyRow row =
      *rocks::DecodePastKeyRow(rocks::EncodePastKeyRow({"verifier", "closing"}));
  EXPECT_EQ(row.verifier, "verifier");
  EXPECT_EQ(row.closing, "closing");
  EXPECT_EQ(rocks::DecodePastKeyRow("xyz").status().code(), absl::StatusCode::kDataLoss);
}

// A store with a row of every kind, made of constants alone.
void FillWithConstants(log::Store& store) {
  ASSERT_TRUE(store
                  .Append({{"shared 0", "shared 1"},
                           {"private 0"},
                           {{log::Table::kRequest, "request", "r"},
                            {log::Table::kState, "state", "s"},
                            {log::Table::kCatalogue, "catalogue", "c"},
                            {log::Table::kSecret, "secret", "x"}}})
                  .ok());
  ASSERT_TRUE(store.Append({{"shared 2"}, {}, {}}).ok());
  ASSERT_TRUE(store
                  .Recover({{{merkle::HashLeaf("shared 3"), std::nullopt},
                             {merkle::HashLeaf("shared 4"), "shared 4"}},
                            {},
                            {}})
                  .ok());
  ASSERT_TRUE(store.Write({{log::Table::kView, "view", "v"}}, log::Durability::kSynced).ok());
  log::PublishedCheckpoints published(store);
  ASSERT_TRUE(published.Publish("bkn", store.shared().checkpoint()).ok());
  const auto witness = *log::Cosigner::Make("ombudsman", KeyOf('w'));
  for (const int seconds : {1'679'315'147, 1'679'318'747}) {
    const std::string note = store.shared().checkpoint().note;
    const std::string line =
        witness.Cosign(note, absl::FromUnixSeconds(seconds))->substr(note.size());
    ASSERT_TRUE(
        published.Cosign("bkn", {5}, witness.verifier(), line, log::Durability::kSynced).ok());
  }

  LogOwner peer("bawaslu-13");
  peer.Append(3);
  log::Mirror& mirror = **store.OpenMirror("bawaslu-13", peer.verifier());
  ASSERT_TRUE(mirror.Extend({0}, peer.Leaves(0, 3), peer.Note()).ok());
  ASSERT_TRUE(mirror
                  .Keep(std::vector<log::DisclosedEntry>{{{1}, peer.entries()[1]}},
                        absl::FromUnixMicros(0x0102030405060708))
                  .ok());
  ASSERT_FALSE(mirror.Extend({3}, {}, peer.FalseNote(3, base::Digest())).ok());
  const std::string closing = peer.ReplaceKey('q');
  ASSERT_TRUE(mirror.AddKey(peer.verifier(), closing).ok());
}

// `family key value`, one row each, as another program would read them.
std::string Dump(const std::string& path) {
  std::vector<std::string> names;
  EXPECT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  EXPECT_TRUE(rocksdb::DB::OpenForReadOnly({}, path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::string text;
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    const std::unique_ptr<rocksdb::Iterator> row(db->NewIterator({}, handle));
    for (row->SeekToFirst(); row->Valid(); row->Next()) {
      absl::StrAppend(&text, handle->GetName(), " ", row->key().ToString(/*hex=*/true), " ",
                      row->value().ToString(/*hex=*/true), "\n");
    }
    EXPECT_TRUE(row->status().ok());
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    EXPECT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  }
  return text;
}

// A file beside the database, written like a row.
std::string FileRow(const std::string& name, const std::string& bytes) {
  return absl::StrCat("file ", absl::AsciiStrToUpper(base::HexEncode(name)), " ",
                      absl::AsciiStrToUpper(base::HexEncode(bytes)), "\n");
}

TEST(Layout, IsThatOfFormatVersion1) {
  const StoreDirectory store;
  FillWithConstants(*store.MustOpen());
  EXPECT_EQ(Dump(rocks::DatabaseDirectory(store.path())) +
                FileRow("acknowledged", ReadFile(store.path() + "/acknowledged")),
            ReadFile(SELARAS_SOURCE_DIR "/tests/golden/store_v1.txt"))
      << "the format changed: stores in the field would not be read any more";
}

}  // namespace
}  // namespace selaras::test
