// A process that is killed at any moment loses nothing that it was told.
#include <string>

#include <signal.h>
#include <unistd.h>

#include "gtest/gtest.h"
#include "tests/integration/storage/child.h"
#include "tests/integration/storage/crash_script.h"
#include "tests/support/random.h"
#include "tests/support/temp_directory.h"

namespace selaras::test {
namespace {

constexpr int kKills = 200;

TEST(Crash, TwoHundredKillsLoseNothingThatWasAcknowledged) {
  std::mt19937_64 random = SeededRandom();
  const TempDirectory directory;
  const std::string store = directory / "store";
  const std::string errors = directory / "errors";
  CrashAuditor auditor;
  Told told;
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
    SCOPED_TRACE(testing::Message() << "kill " << kill);
    {
      Child writer({SELARAS_CRASH_WRITER, store}, errors);
      // After so many lines, and a little later: while it opens, writes, syncs, signs or answers.
      for (std::uint64_t lines = Between(random, 0, 8); lines > 0; --lines) {
        const auto line = writer.ReadLine();
        ASSERT_TRUE(line) << "the writer ended by itself, see " << errors;
        told.Take(*line);
      }
      ::usleep(static_cast<useconds_t>(Between(random, 0, 3'000)));
      ASSERT_EQ(writer.Kill(), -SIGKILL);
      while (const auto line = writer.ReadLine()) told.Take(*line);
    }
    // Sometimes nobody looks, so that the next start finds what this one left, or what was left
    // by a recovery that was killed as well.
    const std::uint64_t look = Between(random, 0, 3);
    if (look == 0) {
      const auto opened = rocks::RocksStore::Open(CrashOptions(store));
      ASSERT_TRUE(opened.ok()) << opened.status();
      auditor.Check(**opened, told);
    } else if (look == 1 && told.shared > 0) {
      const auto opened = rocks::OpenReadOnly(store);
      ASSERT_TRUE(opened.ok()) << opened.status();
      auditor.Check(**opened, told);
    }
  }
  // From the beginning, as somebody who has seen nothing before.
  const auto opened = rocks::RocksStore::Open(CrashOptions(store));
  ASSERT_TRUE(opened.ok()) << opened.status();
  CrashAuditor().Check(**opened, told);
  EXPECT_GT(told.shared, 0u);
  RecordProperty("entries", static_cast<int>(told.shared));
}

}  // namespace
}  // namespace selaras::test
