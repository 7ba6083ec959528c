// What a start costs does not depend on the length of the log.
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/match.h"

#include "gtest/gtest.h"
#include "tests/integration/storage/child.h"
#include "tests/integration/storage/crash_script.h"
#include "tests/support/temp_directory.h"

namespace selaras::test {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr std::uint64_t kWalMax = 64 * kMebibyte;        // the limit and a batch or two
constexpr std::uint64_t kStartReadsMax = 4 * kMebibyte;  // besides the WAL

// Bytes that this thread has read in its life, from whatever file. Compactions, which may begin
// at any time, run in threads of their own.
std::uint64_t BytesRead() {
  std::ifstream io("/proc/thread-self/io");
  std::string name;
  std::uint64_t bytes = 0;
  while (io >> name >> bytes) {
    if (name == "rchar:") return bytes;
  }
  ADD_FAILURE() << "/proc/thread-self/io does not say what was read";
  return 0;
}

std::uint64_t WalBytes(const std::string& store) {
  std::uint64_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(store + "/db")) {
    if (absl::EndsWith(file.path().string(), ".log")) bytes += file.file_size();
  }
  return bytes;
}

class Start : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Start, ReadsABoundedAmountAfterAKillAndAfterAStop) {
  const TempDirectory directory;
  const std::string store = directory / "store";
  {
    Child writer({SELARAS_CRASH_WRITER, store, std::to_string(GetParam())}, directory / "errors");
    ASSERT_TRUE(writer.ReadLine());
    writer.Kill();
  }
  // Recovery reads the WAL twice, first to see whose store it is, and reads back what it writes
  // out of it.
  const std::uint64_t wal = WalBytes(store);
  EXPECT_GT(wal, kMebibyte) << "the memtables should be well filled";
  EXPECT_LT(wal, kWalMax);
  std::uint64_t before = BytesRead();
  {
    const auto opened = rocks::RocksStore::Open(CrashOptions(store));
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ((*opened)->shared().size().value, GetParam());
  }
  EXPECT_LT(BytesRead() - before, 3 * wal + kStartReadsMax);

  before = BytesRead();
  {
    const auto opened = rocks::RocksStore::Open(CrashOptions(store));
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ((*opened)->shared().size().value, GetParam());
  }
  EXPECT_LT(BytesRead() - before, kStartReadsMax);
}

INSTANTIATE_TEST_SUITE_P(Entries, Start, testing::Values(10'000, 100'000),
                         [](const auto& entries) { return std::to_string(entries.param); });

}  // namespace
}  // namespace selaras::test
