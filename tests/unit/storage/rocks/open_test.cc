// Which directories a store opens in, and what it says about the others.
#include <filesystem>
#include <memory>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "storage/base/bytes.h"
#include "storage/rocks/files.h"
#include "storage/rocks/keys.h"
#include "storage/rocks/rocks_store.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Text(const absl::Status& status) { return std::string(status.message()); }

TEST(Open, MakesANewStoreInADirectoryThatIsAbsentOrEmpty) {
  const StoreDirectory absent;
  EXPECT_EQ(absent.MustOpen()->shared().size().value, 0u);
  const StoreDirectory empty;
  std::filesystem::create_directories(empty.path() + "/lost+found");
  EXPECT_EQ(empty.MustOpen()->shared().size().value, 0u);
}

TEST(Open, NeedsTheParentDirectory) {
  const StoreDirectory store("no/such");
  const absl::Status status = store.Open().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Text(status), AllOf(HasSubstr(store.path()), HasSubstr("No such file")));
}

TEST(Open, RefusesAMalformedName) {
  const StoreDirectory store;
  rocks::OpenOptions options = store.Options();
  options.node = "bkn pusat";
  EXPECT_EQ(rocks::RocksStore::Open(options).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(store.path()));
}

TEST(Open, ASecondOpenSaysThatTheStoreIsLockedAndByWhom) {
  const StoreDirectory store;
  const auto first = store.MustOpen();
  const absl::Status status = store.Open().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Text(status), AllOf(HasSubstr("in use by process " + std::to_string(::getpid())),
                                  HasSubstr("stop it")));
}

TEST(Open, WhileItIsOpenNobodyReadsItOffline) {
  const StoreDirectory store;
  auto first = store.MustOpen();
  EXPECT_EQ(rocks::OpenReadOnly(store.path()).status().code(), absl::StatusCode::kUnavailable);
  first.reset();
  const auto reader = rocks::OpenReadOnly(store.path());
  EXPECT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(rocks::OpenReadOnly(store.path()).ok());  // readers do not exclude each other
  EXPECT_EQ(store.Open().status().code(), absl::StatusCode::kUnavailable);
}

TEST(Open, TheLockGoesWithTheProcessThatHeldIt) {
  const StoreDirectory store;
  store.MustOpen().reset();
  const pid_t holder = ::fork();
  if (holder == 0) {
    const auto lock = rocks::StoreLock::Exclusive(store.path());
    ::_exit(lock.ok() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(holder, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(store.Open().ok());
}

TEST(Open, RefusesTheStoreOfAnotherNodeAndChangesNothing) {
  const StoreDirectory store;
  store.MustOpen().reset();
  const auto before = store.Contents();
  rocks::OpenOptions options = store.Options();
  options.node = "ppk-13.04";
  const absl::Status status = rocks::RocksStore::Open(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(status), HasSubstr("is of node bkn, not of ppk-13.04"));
  EXPECT_EQ(store.Contents(), before);
}

TEST(Open, RefusesAnotherKeyAndChangesNothing) {
  const StoreDirectory store;
  store.MustOpen().reset();
  const auto before = store.Contents();
  rocks::OpenOptions options = store.Options();
  options.key = KeyOf('x');
  const absl::Status status = rocks::RocksStore::Open(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(status), HasSubstr("the key with which the store was made"));
  EXPECT_EQ(store.Contents(), before);
}

TEST(Open, RefusesANewerFormatAndChangesNothing) {
  const StoreDirectory store;
  store.MustOpen().reset();
  store.Tamper([](rocks::Database&, rocks::Database::Batch& batch) {
    std::string format;
    base::AppendU32(&format, rocks::kFormatVersion + 1);
    batch.Put(rocks::Family::kMeta, rocks::kFormatKey, format);
  });
  const auto before = store.Contents();
  for (const absl::Status& status :
       {store.Open().status(), rocks::OpenReadOnly(store.path()).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(Text(status), AllOf(HasSubstr("has format 2"), HasSubstr("newer one")));
  }
  EXPECT_EQ(store.Contents(), before);
}

TEST(Open, ANewerFormatMayHaveFamiliesThatAreUnknownHere) {
  const StoreDirectory store;
  store.MustOpen().reset();
  {
    rocksdb::DB* db = nullptr;
    std::vector<std::string> names;
    const std::string path = rocks::DatabaseDirectory(store.path());
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names)
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    ASSERT_TRUE(rocksdb::DB::Open({}, path, families, &handles, &db).ok());
    rocksdb::ColumnFamilyHandle* added = nullptr;
    ASSERT_TRUE(db->CreateColumnFamily({}, "cosignature", &added).ok());
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
    db->DestroyColumnFamilyHandle(added);
    delete db;
  }
  store.Tamper([](rocks::Database&, rocks::Database::Batch& batch) {
    batch.Put(rocks::Family::kMeta, rocks::kFormatKey, std::string("\0\0\0\x07", 4));
  });
  EXPECT_THAT(Text(store.Open().status()), HasSubstr("has format 7"));
}

TEST(Open, RefusesADirectoryOfSomethingElse) {
  const StoreDirectory store;
  std::filesystem::create_directory(store.path());
  WriteFile(store.path() + "/letter.txt", "hello");
  const auto before = store.Contents();
  const absl::Status status = store.Open().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(status), AllOf(HasSubstr("is not a store"), HasSubstr("letter.txt")));
  EXPECT_EQ(store.Contents(), before);
  EXPECT_EQ(rocks::OpenReadOnly(store.path()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(Open, RefusesAFile) {
  const StoreDirectory store;
  WriteFile(store.path(), "hello");
  EXPECT_EQ(store.Open().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReadFile(store.path()), "hello");
}

TEST(Open, RefusesTheDatabaseOfAnotherProgram) {
  const StoreDirectory store;
  std::filesystem::create_directory(store.path());
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, rocks::DatabaseDirectory(store.path()), &db).ok());
  rocksdb::ColumnFamilyHandle* other = nullptr;
  ASSERT_TRUE(db->CreateColumnFamily({}, "orders", &other).ok());
  db->DestroyColumnFamilyHandle(other);
  delete db;
  const absl::Status status = store.Open().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(status), HasSubstr("family orders"));
}

TEST(Open, RefusesRowsWithoutAnIdentity) {
  const StoreDirectory store;
  store.MustOpen().reset();
  store.Tamper([](rocks::Database&, rocks::Database::Batch& batch) {
    batch.Delete(rocks::Family::kMeta, rocks::kFormatKey);
  });
  EXPECT_EQ(store.Open().status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Open, FinishesAFirstStartThatWasKilled) {
  const StoreDirectory store;
  std::filesystem::create_directory(store.path());
  ASSERT_TRUE(rocks::Database::Open(rocks::DatabaseDirectory(store.path()), false, {})
                  .ok());  // and no more
  EXPECT_EQ(rocks::OpenReadOnly(store.path()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  AppendEntries(*store.MustOpen(), 2);
  EXPECT_EQ(store.MustOpen()->shared().size().value, 2u);
}

TEST(Open, HandsTheDatabasesWarningsOn) {
  const StoreDirectory store;
  rocks::OpenOptions options = store.Options();
  options.diagnostics = [](absl::string_view line) { EXPECT_FALSE(line.empty()); };
  EXPECT_TRUE(rocks::RocksStore::Open(options).ok());
  // And keeps no log file of its own, which would abort the process on a full disk.
  EXPECT_FALSE(std::filesystem::exists(rocks::DatabaseDirectory(store.path()) + "/LOG"));
}

}  // namespace
}  // namespace selaras::test
