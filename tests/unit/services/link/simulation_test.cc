#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/link_world.h"
#include "tests/support/random.h"

namespace selaras::link {
namespace {

using test::Between;
using test::LinkNode;
using test::LinkWorld;
using test::Trouble;

Flow RandomFlow(std::mt19937_64& random) {
  Flow flow;
  flow.frame_leaves = Between(random, 1, 9);
  flow.frame_entries = Between(random, 1, 5);
  flow.frame_entry_bytes = Between(random, 1, 300);
  flow.window_bytes = Between(random, 1, 3'000);
  flow.asked_places = Between(random, 1, 6);
  flow.silence = absl::Milliseconds(Between(random, 500, 5'000));
  flow.silence_max = flow.silence * 4;
  flow.heartbeat = absl::Seconds(Between(random, 2, 30));
  return flow;
}

Trouble RandomTrouble(std::mt19937_64& random) {
  return {Between(random, 0, 3) * 10, Between(random, 0, 2) * 15, Between(random, 1, 6)};
}

// Something happens at a node: it writes, discloses old or new entries, wants some, or crashes.
void Live(LinkWorld& world, std::mt19937_64& random) {
  const int end = static_cast<int>(Between(random, 0, 1));
  LinkNode& node = world.node(end);
  const std::uint64_t size = node.log().size().value;
  const std::uint64_t theirs = world.node(1 - end).log().size().value;
  switch (Between(random, 0, 10)) {
    case 0:
    case 1:
      node.AppendSome(Between(random, 1, 12));
      break;
    case 10:
      node.uptime += absl::Minutes(Between(random, 0, 90));
      node.Publish();
      break;
    case 2:
    case 3:
    case 4:
      if (size > 0) node.Disclose({Between(random, 0, size - 1)});
      break;
    case 5:
      if (theirs > 0) world.session(end).Want({{Between(random, 0, theirs - 1)}});
      return;
    case 6:
      if (Between(random, 0, 3) > 0) return;
      node.disclosures().Rebuild(random);
      break;
    case 7:
      if (Between(random, 0, 3) > 0) return;
      node.Crash(random);
      world.Connect();
      return;
    case 8:
      if (Between(random, 0, 3) > 0) return;
      world.Connect();  // the line broke
      return;
    default:
      return;
  }
  if (Between(random, 0, 9) > 0) world.session(end).OwnLogGrew();
}

// Whatever happened before, the next publication is cosigned over a good line, and none was
// wrongly.
void ExpectTheLastPublicationIsCosigned(LinkWorld& world) {
  for (const int end : {0, 1}) {
    LinkNode& node = world.node(end);
    node.AppendSome(1);
    ASSERT_TRUE(node.Publish());
    world.session(end).OwnLogGrew();
  }
  EXPECT_TRUE(world.Settle());
  for (const int end : {0, 1}) {
    LinkNode& node = world.node(end);
    const std::uint64_t size = node.log().size().value;
    const auto time =
        world.node(1 - end).cosigner().verifier().Verify(node.PublishedNote(node.name(), size));
    EXPECT_TRUE(time.ok()) << time.status();
    EXPECT_FALSE(world.session(end).failed()) << world.session(end).state().fault;
  }
}

void RunOnce(std::mt19937_64& random) {
  LinkNode a("intake");
  LinkNode b("referral");
  LinkWorld world(a, b, RandomFlow(random), random);
  const Trouble trouble = RandomTrouble(random);
  const std::uint64_t steps = Between(random, 20, 250);
  for (std::uint64_t step = 0; step < steps; ++step) {
    if (Between(random, 0, 7) == 0) Live(world, random);
    world.Step(trouble);
    world.CheckArrived();
  }
  world.CheckStores(false);
  for (LinkNode* node : {&a, &b}) node->disclosures().CatchUp();
  EXPECT_TRUE(world.Settle());
  EXPECT_FALSE(world.session(0).failed()) << world.session(0).state().fault;
  EXPECT_FALSE(world.session(1).failed()) << world.session(1).state().fault;
  world.CheckStores(true);
  ExpectTheLastPublicationIsCosigned(world);
  EXPECT_THAT(world.broken(), testing::IsEmpty());
}

TEST(LinkSimulation, EverythingDisclosedArrivesAndNothingElseOverACarrierThatMisbehaves) {
  std::mt19937_64 random = test::SeededRandom();
  for (int run = 0; run < 2'000; ++run) {
    const std::uint64_t seed = random();
    std::mt19937_64 own(seed);
    RunOnce(own);
    if (testing::Test::HasFailure()) FAIL() << "in run " << run;
  }
}

TEST(LinkSimulation, AForkIsFoundWhateverHappensOnTheWay) {
  std::mt19937_64 random = test::SeededRandom();
  for (int run = 0; run < 200; ++run) {
    LinkNode a("intake");
    LinkNode b("referral");
    const Flow flow = RandomFlow(random);
    const std::uint64_t common = Between(random, 0, 10);
    const std::uint64_t seen = common + Between(random, 1, 10);
    b.AppendSome(common);
    LinkNode fork("referral");
    fork.AppendSome(common);
    b.AppendSome(seen - common);
    {
      LinkWorld before(a, b, flow, random);
      ASSERT_TRUE(before.Settle());
    }
    fork.AppendSome(Between(random, 0, 20), "false");

    LinkWorld world(a, fork, flow, random);
    const Trouble trouble = RandomTrouble(random);
    for (int step = 0; step < 300; ++step) world.Step(trouble);
    EXPECT_FALSE(world.Settle());
    ASSERT_TRUE(world.session(1).failed());
    EXPECT_TRUE(absl::IsDataLoss(world.session(1).fault()->status));
    EXPECT_EQ(world.session(1).fault()->given, a.mirror().checkpoint().note);
    EXPECT_EQ(a.mirror().size().value, seen);
  }
}

}  // namespace
}  // namespace selaras::link
