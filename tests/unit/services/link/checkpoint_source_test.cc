#include "services/link/checkpoint_source.h"

#include "gtest/gtest.h"
#include "storage/merkle/prove.h"
#include "tests/support/link_node.h"

namespace selaras::link {
namespace {

TEST(LogCheckpoints, SignsTheRootOfEverySizeUpToTheLogs) {
  test::LinkNode node("intake");
  node.AppendSome(300);
  for (std::uint64_t size = 0; size <= 300; ++size) {
    const absl::StatusOr<log::SignedCheckpoint> made = node.checkpoints().SignedAt({size});
    ASSERT_TRUE(made.ok()) << made.status();
    const absl::StatusOr<log::SignedCheckpoint> read =
        log::OpenCheckpoint(node.party().verifier, made->note);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->checkpoint.size.value, size);
    EXPECT_EQ(read->checkpoint.root, *merkle::RootAt(node.log(), {size}));
    EXPECT_EQ(read->checkpoint, made->checkpoint);
  }
  EXPECT_EQ(node.checkpoints().SignedAt({300})->note, node.log().checkpoint().note);
}

TEST(LogCheckpoints, DoesNotSignMoreThanThereIs) {
  test::LinkNode node("intake");
  node.AppendSome(2);
  EXPECT_TRUE(absl::IsOutOfRange(node.checkpoints().SignedAt({3}).status()));
}

}  // namespace
}  // namespace selaras::link
