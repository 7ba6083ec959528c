// A copy of a running store is a store, and knows that it is a copy.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

const absl::Time kMade = absl::FromUnixSeconds(1'740'000'000);

TEST(Backup, HoldsWhatWasAcknowledgedAndVerifies) {
  const StoreDirectory directory;
  const StoreDirectory backup;
  const auto store = directory.MustOpen();
  AppendEntries(*store, 300);
  ASSERT_TRUE(store->Append({{}, {"private"}, {}}).ok());
  const auto sizes = store->Backup(backup.path(), kMade);
  ASSERT_TRUE(sizes.ok()) << sizes.status();
  EXPECT_EQ(sizes->shared.value, 300u);
  EXPECT_EQ(sizes->private_.value, 1u);
  AppendEntries(*store, 5);
  EXPECT_TRUE(rocks::VerifyFiles(backup.path()).ok());
  const auto copy = rocks::OpenReadOnly(backup.path());
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->shared().size().value, 300u);
  EXPECT_EQ((*copy)->shared().Entry({299}).value(), store->shared().Entry({299}).value());
  EXPECT_EQ(store->doubt(), std::nullopt);
}

// They stand in files of their own.
TEST(Backup, HoldsLargeValuesWholeAndAChangedByteOfOneIsFound) {
  const StoreDirectory directory;
  const StoreDirectory backup;
  const auto store = directory.MustOpen();
  const auto value = [](int i) { return std::string(64 << 10, static_cast<char>('a' + i)); };
  const auto key = [](int i) { return "chunk/" + std::to_string(i); };
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(
        store->Write({{log::Table::kAttachment, key(i), value(i)}}, log::Durability::kUnsynced)
            .ok());
  }
  ASSERT_TRUE(
      store->Write({{log::Table::kAttachment, key(3), std::nullopt}}, log::Durability::kSynced)
          .ok());
  ASSERT_TRUE(store->Backup(backup.path(), kMade).ok());
  ASSERT_TRUE(rocks::VerifyFiles(backup.path()).ok());
  {
    const auto copy = rocks::OpenReadOnly(backup.path());
    ASSERT_TRUE(copy.ok()) << copy.status();
    for (int i = 0; i < 20; ++i) {
      const auto held = (*copy)->Get(log::Table::kAttachment, key(i));
      ASSERT_TRUE(held.ok()) << held.status();
      EXPECT_EQ(held->has_value(), i != 3) << i;
      EXPECT_TRUE(!*held || **held == value(i)) << i;
    }
  }
  int altered = 0;
  for (const auto& file : std::filesystem::directory_iterator(backup.path() + "/db")) {
    if (file.path().extension() != ".blob") continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(file.file_size() / 2));
    bytes.put('?');
    ++altered;
  }
  ASSERT_GT(altered, 0);
  EXPECT_FALSE(rocks::VerifyFiles(backup.path()).ok());
}

TEST(Reclaim, LeavesNothingOnTheDiskOfWhatWasDeleted) {
  const StoreDirectory directory;
  const auto store = directory.MustOpen();
  AppendEntries(*store, 10);
  const auto write = [&](const std::string& key, std::optional<std::string> value) {
    ASSERT_TRUE(
        store->Write({{log::Table::kAttachment, key, std::move(value)}}, log::Durability::kSynced)
            .ok());
  };
  const auto on_disk = [&](const std::string& what) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(directory.path())) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      if (bytes.find(what) != std::string::npos) return true;
    }
    return false;
  };
  const std::string kept = "TOBEKEPT" + std::string(64 << 10, 'k');
  const std::string gone = "TOBEGONE" + std::string(64 << 10, 'g');
  for (int i = 0; i < 8; ++i) {
    write("chunk/" + std::to_string(i), i % 2 == 0 ? kept : gone);
  }
  ASSERT_TRUE(on_disk("TOBEGONE"));
  for (int i = 1; i < 8; i += 2) write("chunk/" + std::to_string(i), std::nullopt);
  EXPECT_TRUE(on_disk("TOBEGONE")) << "a deleted row is only marked";
  ASSERT_TRUE(store->Reclaim(log::Table::kAttachment).ok());
  EXPECT_FALSE(on_disk("TOBEGONE"));
  EXPECT_EQ(**store->Get(log::Table::kAttachment, "chunk/2"), kept);
  EXPECT_EQ(store->shared().size().value, 10u);
}

TEST(Backup, IsMadeWhileTheStoreIsWritten) {
  const StoreDirectory directory;
  const auto store = directory.MustOpen();
  AppendEntries(*store, 10);
  std::thread writer([&] { AppendEntries(*store, 200); });
  for (int i = 0; i < 5; ++i) {
    const StoreDirectory backup;
    const auto sizes = store->Backup(backup.path(), kMade);
    ASSERT_TRUE(sizes.ok()) << sizes.status();
    const auto copy = rocks::OpenReadOnly(backup.path());
    ASSERT_TRUE(copy.ok()) << copy.status();
    EXPECT_GE((*copy)->shared().size(), sizes->shared);
  }
  writer.join();
}

TEST(Backup, AStoreMadeOfOneIsInDoubtUntilItIsCleared) {
  const StoreDirectory directory;
  const StoreDirectory restored;
  {
    const auto store = directory.MustOpen();
    AppendEntries(*store, 3);
    ASSERT_TRUE(store->Backup(restored.path(), kMade).ok());
  }
  for (int start = 0; start < 2; ++start) {
    const auto store = restored.MustOpen();
    ASSERT_TRUE(store->doubt());
    EXPECT_EQ(store->doubt()->made_at, kMade);
    EXPECT_TRUE(store->SetDoubt().ok());  // changes nothing
    EXPECT_EQ(store->doubt()->made_at, kMade);
  }
  ASSERT_TRUE(restored.MustOpen()->ClearDoubt().ok());
  EXPECT_EQ(restored.MustOpen()->doubt(), std::nullopt);
}

TEST(Backup, ADoubtOfAnotherKindIsRememberedToo) {
  const StoreDirectory directory;
  EXPECT_TRUE(directory.MustOpen()->SetDoubt().ok());
  ASSERT_TRUE(directory.MustOpen()->doubt());
  EXPECT_EQ(directory.MustOpen()->doubt()->made_at, absl::InfinitePast());
}

TEST(Backup, AMarkThatCannotBeReadIsOneAllTheSame) {
  const StoreDirectory directory;
  directory.MustOpen();
  for (const std::string bytes : {"", "x", "0123456789abcdef"}) {
    WriteFile(directory.path() + "/restored", bytes);
    ASSERT_TRUE(directory.MustOpen()->doubt()) << bytes;
    EXPECT_EQ(directory.MustOpen()->doubt()->made_at, absl::InfinitePast());
  }
}

TEST(Backup, NothingIsOverwrittenAndNothingIsLeftOfOneThatFails) {
  const StoreDirectory directory;
  const StoreDirectory backup;
  const auto store = directory.MustOpen();
  ASSERT_TRUE(store->Backup(backup.path(), kMade).ok());
  const auto before = backup.Contents();
  EXPECT_TRUE(absl::IsAlreadyExists(store->Backup(backup.path(), kMade).status()));
  EXPECT_EQ(backup.Contents(), before);
  const std::string nowhere = backup.path() + "/none/none";
  EXPECT_TRUE(absl::IsUnavailable(store->Backup(nowhere, kMade).status()));
  EXPECT_FALSE(std::filesystem::exists(nowhere));
}

}  // namespace
}  // namespace selaras::test
