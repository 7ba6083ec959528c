// A disk whose power goes, and a disk that is full, lose nothing that was acknowledged.
//
// Needs root and loop devices. Where these are missing it says so and ends with 77, which ctest
// shows as skipped; as root with loop devices, whatever does not work is a failure.
#include <cstdio>
#include <filesystem>
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

// A little later than now.
void Wait(std::mt19937_64& random) { ::usleep(static_cast<useconds_t>(Between(random, 0, 1'500))); }

// What the writer said before the power goes counts, what it may say afterwards does not.
void Cut(Child& writer, Disk& disk, Told& told) {
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
      Wait(random);
      if (cut % 3 == 0) {
        Cut(writer, disk, told);
      } else {
        // Killed; the next start recovers, and its first line answers for what it found. Then the
        // power goes, mostly at once: the next synced write would help what was found.
        writer.Kill();
        Listen(writer, ~0ull, told);
        Child second({SELARAS_CRASH_WRITER, store}, errors);
        Listen(second, Between(random, 0, 2) > 0 ? 1 : 3, told);
        Cut(second, disk, told);
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

// Takes what is left on the disk but for `left` bytes.
void FillUp(const std::string& path, std::uintmax_t left) {
  std::ofstream file(path, std::ios::binary);
  const std::string chunk(64 << 10, 'x');
  while (std::filesystem::space(path).available > left &&
         file.write(chunk.data(), static_cast<std::streamsize>(chunk.size())).flush()) {
  }
}

TEST(FullDisk, TheStoreOpensAndNearlyFullItRefusesAndGoesOnOnceThereIsRoom) {
  const TempDirectory directory;
  const std::string errors = directory / "errors";
  const Disk disk(directory.path(), "tmpfs", 128);
  const std::string store = disk.path() + "/store";
  const std::string letter = disk.path() + "/letter";
  Told told;
  {
    Child writer({SELARAS_CRASH_WRITER, store, "10000"}, errors);  // all of it in the WAL
    Listen(writer, 1, told);
    ASSERT_EQ(told.shared, 10'000u);
  }
  FillUp(letter, 0);
  {
    Child writer({SELARAS_CRASH_WRITER, store}, errors);
    const auto line = writer.ReadLine();
    ASSERT_TRUE(line) << "recovery had no room, though there is a ballast";
    told.Take(*line);
  }
  ASSERT_EQ(::unlink(letter.c_str()), 0);
  {
    Child writer({SELARAS_CRASH_WRITER, store}, errors);
    Listen(writer, 3, told);
    FillUp(letter, 5 << 20);
    for (auto line = writer.ReadLine(); line != "refused"; line = writer.ReadLine()) {
      ASSERT_TRUE(line) << "a nearly full disk ended the writer instead of refusing";
      told.Take(*line);
    }
  }
  ASSERT_EQ(::unlink(letter.c_str()), 0);
  const auto opened = rocks::RocksStore::Open(CrashOptions(store));
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto appended = WriteStep(**opened);
  EXPECT_TRUE(appended.ok()) << appended.status();
  CrashAuditor().Check(**opened, told);
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
