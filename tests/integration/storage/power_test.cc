// A disk whose power goes, and a disk that is full, lose nothing that was acknowledged.
//
// Needs root and loop devices. Where these are missing it says so and ends with 77, which ctest
// shows as skipped; as root with loop devices, whatever does not work is a failure.
#include <cstdio>
#include <fstream>
#include <string>

#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/storage/child.h"
#include "tests/integration/storage/crash_script.h"
#include "tests/integration/storage/disk.h"
#include "tests/support/random.h"
#include "tests/support/temp_directory.h"

namespace selaras::test {
namespace {

constexpr int kCutsPerDisk = 10;
constexpr unsigned kDiskMebibytes = 400;  // the smallest that mkfs.xfs makes is 300

// Takes `count` lines, or fewer if the writer ends.
void Listen(Child& writer, std::uint64_t count, Told& told) {
  while (count-- > 0) {
    const auto line = writer.ReadLine();
    if (!line) return;
    told.Take(*line);
  }
}

// The power goes at some moment of what the writer does next.
void CutSoon(std::mt19937_64& random, Child& writer, Disk& disk, Told& told) {
  ::usleep(static_cast<useconds_t>(Between(random, 0, 3'000)));
  for (const std::string& line : writer.ReadAvailable()) told.Take(line);
  disk.CutPower();
  writer.Kill();
}

class PowerCut : public testing::TestWithParam<const char*> {};

TEST_P(PowerCut, LosesNothingThatWasAcknowledged) {
  std::mt19937_64 random = SeededRandom();
  const TempDirectory directory;
  const std::string errors = directory / "errors";
  Disk disk(directory.path(), GetParam(), kDiskMebibytes);
  const std::string store = disk.path() + "/store";
  CrashAuditor auditor;
  Told told;
  for (int cut = 0; cut < kCutsPerDisk && !HasFailure(); ++cut) {
    SCOPED_TRACE(testing::Message() << "cut " << cut);
    {
      Child writer({SELARAS_CRASH_WRITER, store}, errors);
      Listen(writer, Between(random, 1, 60), told);
      if (cut % 2 == 0) {
        CutSoon(random, writer, disk, told);
      } else {
        // Killed; the next start recovers, and its first line answers for what it found. Then the
        // power goes.
        writer.Kill();
        Listen(writer, ~0ull, told);
        Child second({SELARAS_CRASH_WRITER, store}, errors);
        Listen(second, Between(random, 1, 3), told);
        CutSoon(random, second, disk, told);
      }
    }
    disk.MountAgain();
    const auto opened = rocks::RocksStore::Open(CrashOptions(store));
    ASSERT_TRUE(opened.ok()) << opened.status();
    auditor.Check(**opened, told);
  }
  const auto opened = rocks::RocksStore::Open(CrashOptions(store));
  ASSERT_TRUE(opened.ok()) << opened.status();
  CrashAuditor().Check(**opened, told);
  EXPECT_GT(told.shared, 0u);
}

INSTANTIATE_TEST_SUITE_P(On, PowerCut, testing::Values("ext4", "xfs"),
                         [](const auto& type) { return std::string(type.param); });

// Takes what is left on the disk.
void FillUp(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const std::string mebibyte(1 << 20, 'x');
  while (file.write(mebibyte.data(), static_cast<std::streamsize>(mebibyte.size())).flush()) {
  }
}

TEST(FullDisk, RefusesWritesThenOpensAgainAndGoesOnOnceThereIsRoom) {
  const TempDirectory directory;
  const std::string errors = directory / "errors";
  Disk disk(directory.path(), "tmpfs", 96);
  const std::string store = disk.path() + "/store";
  Told told;
  {
    Child writer({SELARAS_CRASH_WRITER, store}, errors);
    for (;;) {
      const auto line = writer.ReadLine();
      ASSERT_TRUE(line) << "a nearly full disk ended the writer instead of refusing";
      if (*line == "refused") break;
      told.Take(*line);
    }
    writer.Kill();
  }
  FillUp(disk.path() + "/letter");
  {
    // Recovery needs room that only the ballast has.
    Child writer({SELARAS_CRASH_WRITER, store}, errors);
    const auto line = writer.ReadLine();
    ASSERT_TRUE(line) << "the store did not open on a full disk";
    told.Take(*line);
    EXPECT_EQ(writer.ReadLine(), "refused");
    writer.Kill();
  }
  ASSERT_EQ(::unlink((disk.path() + "/letter").c_str()), 0);
  const auto opened = rocks::RocksStore::Open(CrashOptions(store));
  ASSERT_TRUE(opened.ok()) << opened.status();
  CrashAuditor().Check(**opened, told);
  const auto appended = WriteStep(**opened);
  EXPECT_TRUE(appended.ok()) << appended.status();
}

}  // namespace
}  // namespace selaras::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (const auto why = selaras::test::NoDisksHere()) {
    std::fprintf(stderr, "not tested: %s\n", why->c_str());
    return 77;
  }
  return RUN_ALL_TESTS();
}
