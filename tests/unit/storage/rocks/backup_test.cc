// A copy of a running store is a store, and knows that it is a copy.
#include <filesystem>
#include <memory>
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
