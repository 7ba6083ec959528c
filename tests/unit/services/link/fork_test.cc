#include "services/link/fork.h"

#include "link_test_base.h"

namespace selaras::link {
namespace {

class ForkTest : public testing::Test {
 protected:
  ForkTest() {
    log_.AppendSome(6);
    fork_.AppendSome(8, "false");
  }

  static std::string NoteOf(const test::LinkNode& node, std::uint64_t size) {
    return node.checkpoints().SignedAt({size})->note;
  }
  bool Proves(const std::string& note) { return ProvesFork(log_.log(), note); }

  test::LinkNode log_{"referral"};
  test::LinkNode fork_{"referral"};
};

TEST_F(ForkTest, AnotherRootOfASizeThatIsHeldProvesIt) {
  for (const std::uint64_t size : {1, 5, 6}) {
    EXPECT_TRUE(Proves(NoteOf(fork_, size))) << size;
    EXPECT_FALSE(Proves(NoteOf(log_, size))) << size;
  }
}

TEST_F(ForkTest, OfALongerLogNothingIsProvenBeforeItIsHeld) {
  const std::string note = NoteOf(fork_, 8);
  EXPECT_FALSE(Proves(note));
  log_.AppendSome(2);
  EXPECT_TRUE(Proves(note));
}

TEST_F(ForkTest, WhatItsOwnerDidNotSignProvesNothing) {
  test::LinkNode other("intake");
  other.AppendSome(3, "false");
  EXPECT_FALSE(Proves(NoteOf(other, 3)));
  EXPECT_FALSE(Proves(""));
  EXPECT_FALSE(Proves("no note"));
}

}  // namespace
}  // namespace selaras::link
