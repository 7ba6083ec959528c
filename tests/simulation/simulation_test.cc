// Three agencies on four nodes in memory, under everything that can go wrong.
#include <cstdlib>
#include <iostream>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/random.h"
#include "world.h"

namespace selaras {
namespace {

// Adds the rungs that watchers stated.
void RunOnce(std::uint64_t seed, std::uint64_t* rungs) {
  SCOPED_TRACE(testing::Message() << "repeat with SELARAS_SEED=" << seed);
  std::mt19937_64 random(seed);
  test::World world(static_cast<int>(test::Between(random, 1, 3)), random);
  const std::uint64_t steps = test::Between(random, 100, 700);
  for (std::uint64_t i = 0; i < steps && world.broken().empty(); ++i) world.Step();
  const bool audited = seed % 40 == 0;  // an audit derives everything anew, at length
  if (audited) world.CheckAudits();
  ASSERT_THAT(world.broken(), testing::IsEmpty());
  ASSERT_TRUE(world.Settle()) << "it never came to rest";
  world.CheckEffects();
  world.CheckRungs();
  world.CheckMirrors();
  world.CheckCases();
  world.CheckRows();
  world.CheckNumbers();
  if (audited) world.CheckAudits();
  *rungs += world.rungs();
  ASSERT_THAT(world.broken(), testing::IsEmpty());
}

TEST(Simulation, AllPartiesOfACaseAgreeWhateverHappensOnTheWay) {
  std::uint64_t rungs = 0;
  if (const char* given = std::getenv("SELARAS_SEED")) {
    return RunOnce(std::strtoull(given, nullptr, 10), &rungs);
  }
  std::mt19937_64 seeds = test::SeededRandom();
  for (int run = 0; run < 1'000; ++run) {
    const std::uint64_t seed = seeds();
    RunOnce(seed, &rungs);
    if (testing::Test::HasFailure()) {
      std::cout << "repeat with SELARAS_SEED=" << seed << std::endl;
      FAIL() << "in run " << run;
    }
  }
  std::cout << rungs << " rungs of time limits" << std::endl;
  EXPECT_GT(rungs, 0u);
}

}  // namespace
}  // namespace selaras
