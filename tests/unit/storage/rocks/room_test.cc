// A disk that is nearly full, and writes that fail.
#include <string>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/log_owner.h"
#include "tests/unit/storage/rocks/store_directory.h"

namespace selaras::test {
namespace {

using ::testing::HasSubstr;

std::uint64_t BytesOnDisk(const std::string& path) {
  struct stat file = {};
  return ::stat(path.c_str(), &file) == 0 ? static_cast<std::uint64_t>(file.st_blocks) * 512 : 0;
}

TEST(Room, BelowTheReserveWritesAreRefusedAndReadsGoOn) {
  const StoreDirectory directory;
  AppendEntries(*directory.MustOpen(), 3);
  rocks::OpenOptions options = directory.Options();
  options.reserve_bytes = std::uint64_t{1} << 60;
  {
    const auto store = rocks::RocksStore::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    LogOwner peer("bawaslu-13");
    const absl::Status refused = (*store)->Append({{"entry 3"}, {}, {}}).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(refused.message()), HasSubstr("free some space"));
    EXPECT_EQ((*store)->Write({{log::Table::kView, "v", "1"}}, log::Durability::kUnsynced).code(),
              absl::StatusCode::kUnavailable);
    EXPECT_EQ((*store)->OpenMirror("bawaslu-13", peer.verifier()).status().code(),
              absl::StatusCode::kUnavailable);
    EXPECT_EQ((*store)->shared().Entry({2}).value(), "entry 2");
  }
  const auto store = directory.MustOpen();
  EXPECT_EQ(store->shared().size().value, 3u);
  EXPECT_EQ(store->Get(log::Table::kView, "v").value(), std::nullopt);
  EXPECT_TRUE(store->mirrors().empty());
}

TEST(Room, TheBallastOccupiesItsRoomAndIsMadeAgain) {
  const StoreDirectory directory;
  const std::string ballast = directory.path() + "/ballast";
  directory.MustOpen().reset();
  EXPECT_GE(BytesOnDisk(ballast), directory.Options().ballast_bytes);
  ASSERT_EQ(::unlink(ballast.c_str()), 0);
  directory.MustOpen().reset();
  EXPECT_GE(BytesOnDisk(ballast), directory.Options().ballast_bytes);
}

void AppendUntilAWriteFails() {
  const StoreDirectory directory;
  const auto store = directory.MustOpen();
  ::signal(SIGXFSZ, SIG_IGN);  // the write fails instead
  const rlimit limit{128 << 10, 128 << 10};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  for (;;) store->Append({{std::string(60'000, 'x')}, {}, {}}).IgnoreError();
}

TEST(RoomDeathTest, AWriteThatFailsEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(AppendUntilAWriteFails(), testing::ExitedWithCode(74),
              "fatal: a write failed.*Whether it is stored is unknown");
}

}  // namespace
}  // namespace selaras::test
