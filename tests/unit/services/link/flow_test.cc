#include "link_test_base.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;
using test::Trouble;

class FlowTest : public LinkTest {
 protected:
  const Trouble good_;
  const Trouble gone_ = {100, 0, 1};
};

TEST_F(FlowTest, NoMoreIsUnderWayThanTheWindowAndOneFrame) {
  world_.Drain();
  a_.AppendSome(500);
  for (std::uint64_t place = 0; place < 500; ++place) a_.Disclose({place});
  world_.session(0).OwnLogGrew();
  std::size_t bytes = 0;
  while (const std::optional<Frame> frame = world_.session(0).Next()) {
    bytes += frame->ByteSizeLong();
  }
  EXPECT_GE(bytes, SmallFlow().window_bytes);
  EXPECT_LE(bytes, SmallFlow().window_bytes + 500);
}

TEST_F(FlowTest, AGapIsAnsweredByOneRequestToBeginAgain) {
  world_.Drain();
  a_.AppendSome(24);
  world_.session(0).OwnLogGrew();
  ASSERT_TRUE(world_.SendNext(0, gone_));
  Count();
  while (world_.SendNext(0, good_)) {
  }
  while (world_.DeliverNext(1, good_)) {
    world_.SendNext(1, good_);
  }
  ASSERT_EQ(sent_[1].size(), 1u);
  EXPECT_TRUE(sent_[1][0].follow().rewind());
  EXPECT_EQ(sent_[1][0].follow().size(), 0u);
  world_.Drain();  // without waiting
  EXPECT_EQ(b_.mirror().size().value, 24u);
}

TEST_F(FlowTest, WhatWasSentAndNeverAcknowledgedIsSentAgain) {
  world_.Drain();
  a_.AppendSome(3);
  a_.Disclose({0});
  world_.session(0).OwnLogGrew();
  while (world_.SendNext(0, gone_)) {
  }
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(b_.mirror().size().value, 3u);
}

TEST_F(FlowTest, TheWaitDoublesWithEveryAttempt) {
  world_.Drain();
  a_.AppendSome(1);
  world_.session(0).OwnLogGrew();
  int attempts = 0;
  for (int second = 0; second < 20; ++second) {
    while (world_.SendNext(0, gone_)) {
    }
    Count();
    world_.Advance(absl::Seconds(1));
    if (const std::optional<Frame> frame = world_.session(0).Next())
      attempts += frame->has_leaves();
  }
  EXPECT_GE(attempts, 3);
  EXPECT_LE(attempts, 7);
}

// Else a peer is told of each commit as soon as it has acknowledged the one before.
TEST_F(FlowTest, WhatGrewMeanwhileIsNotSentBecauseAnAcknowledgementCame) {
  for (const bool disclosed : {false, true}) {
    ASSERT_TRUE(world_.Settle());
    a_.AppendSome(1);
    if (disclosed) a_.Disclose({a_.log().size().value - 1});
    world_.session(0).OwnLogGrew();
    while (world_.SendNext(0, good_)) {
    }
    while (world_.DeliverNext(1, good_)) {
    }
    a_.AppendSome(1);
    Count();
    while (world_.SendNext(1, good_)) {
    }
    ASSERT_GT(Sent(1, Frame::kFollow), 0);
    while (world_.DeliverNext(0, good_)) {
    }
    EXPECT_FALSE(world_.SendNext(0, good_)) << disclosed;
    world_.session(0).OwnLogGrew();
    EXPECT_TRUE(world_.SendNext(0, good_)) << disclosed;
    sent_.clear();
  }
}

TEST_F(FlowTest, LostAcknowledgementsDoNotStopTheFlow) {
  world_.Drain();
  a_.AppendSome(400);
  world_.session(0).OwnLogGrew();
  while (world_.SendNext(0, good_)) {
  }
  while (world_.DeliverNext(1, good_)) {
  }
  while (world_.SendNext(1, gone_)) {
  }
  EXPECT_FALSE(world_.session(0).Next());  // the window is full
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(b_.mirror().size().value, 400u);
}

TEST_F(FlowTest, ALostCaughtUpMarkIsAskedFor) {
  world_.Drain();
  a_.AppendSome(3);
  world_.session(0).OwnLogGrew();
  ASSERT_TRUE(world_.SendNext(0, good_));
  while (world_.SendNext(0, gone_)) {
  }
  world_.Drain();
  EXPECT_EQ(b_.mirror().size().value, 3u);
  EXPECT_FALSE(world_.session(1).state().caught_up);
  ASSERT_TRUE(world_.Settle());
  EXPECT_TRUE(world_.session(1).state().caught_up);
}

TEST_F(FlowTest, ACaughtUpMarkTellsOfLostEntries) {
  a_.AppendSome(3);
  world_.Drain();
  a_.Disclose({1});
  world_.session(0).OwnLogGrew();
  ASSERT_TRUE(world_.SendNext(0, gone_));
  world_.Drain();  // without waiting
  EXPECT_TRUE(Holds(1, {1}));
}

TEST_F(FlowTest, WhatIsAcknowledgedLateIsNotRepeated) {
  world_.Drain();
  a_.AppendSome(4);
  world_.session(0).OwnLogGrew();
  ASSERT_TRUE(world_.SendNext(0, good_));
  ASSERT_TRUE(world_.DeliverNext(1, good_));
  ASSERT_TRUE(world_.SendNext(1, good_));
  world_.Advance(absl::Seconds(1));
  world_.Advance(absl::Seconds(2));  // enough to give up waiting
  ASSERT_TRUE(world_.DeliverNext(0, good_));
  Count();
  world_.Drain();
  EXPECT_EQ(Sent(0, Frame::kLeaves), 0);
}

TEST_F(FlowTest, AnOvertakenCaughtUpMarkDoesNotClaimWhatIsNotTrue) {
  world_.Drain();
  a_.AppendSome(1);
  world_.session(0).OwnLogGrew();
  const Frame leaf = *world_.session(0).Next();
  const Frame mark = *world_.session(0).Next();
  ASSERT_TRUE(mark.has_caught_up());
  world_.session(1).Receive(leaf, world_.now());
  a_.AppendSome(1);
  world_.session(0).OwnLogGrew();
  world_.session(1).Receive(*world_.session(0).Next(), world_.now());
  world_.session(1).Receive(mark, world_.now());
  EXPECT_FALSE(world_.session(1).state().caught_up);
  EXPECT_TRUE(world_.Settle());
}

TEST_F(FlowTest, ALostQuestionIsAskedAgain) {
  a_.AppendSome(5);
  a_.Disclose({2});
  ASSERT_TRUE(world_.Settle());
  world_.session(1).Want({{2}});
  ASSERT_TRUE(world_.SendNext(1, gone_));
  world_.Drain();
  EXPECT_EQ(world_.session(1).state().wanted, 1u);
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(world_.session(1).state().wanted, 0u);
}

TEST_F(FlowTest, AClockThatIsSetBackOnlyDelays) {
  world_.Drain();
  a_.AppendSome(3);
  world_.session(0).OwnLogGrew();
  while (world_.SendNext(0, gone_)) {
  }
  world_.Advance(absl::Milliseconds(1));
  world_.Advance(-absl::Hours(24));
  EXPECT_TRUE(world_.Settle());
}

TEST(Jitter, StretchesAWaitByUpToAHalf) {
  EXPECT_EQ(Stretched(absl::Seconds(10), 0), absl::Seconds(10));
  EXPECT_EQ(Stretched(absl::Seconds(10), 1), absl::Seconds(15));
  EXPECT_EQ(Stretched(absl::Seconds(10), 7), absl::Seconds(15));
}

}  // namespace
}  // namespace selaras::link
