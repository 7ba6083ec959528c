#pragma once

#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/link_world.h"
#include "tests/support/random.h"

namespace selaras::link {

// Two nodes and a good link between them, not yet moved. End 0 is `a`, end 1 is `b`.
class LinkTest : public testing::Test {
 protected:
  ~LinkTest() override { EXPECT_THAT(world_.broken(), testing::IsEmpty()); }

  static Flow SmallFlow() {
    Flow flow;
    flow.frame_leaves = 4;
    flow.frame_entries = 3;
    flow.frame_entry_bytes = 200;
    flow.window_bytes = 2'000;
    flow.asked_places = 3;
    flow.silence = absl::Seconds(1);
    flow.silence_max = absl::Seconds(4);
    flow.heartbeat = absl::Seconds(30);
    return flow;
  }

  // Frames of each kind that an end sends from now on.
  void Count() {
    world_.OnFrame(
        [this](int end, const ledger::v1::Frame& frame) { sent_[end].push_back(frame); });
  }
  int Sent(int end, ledger::v1::Frame::KindCase kind) {
    int count = 0;
    for (const ledger::v1::Frame& frame : sent_[end]) count += frame.kind_case() == kind;
    return count;
  }
  bool Holds(int end, base::Sequence place) {
    return world_.node(end).mirror().Entry(place)->has_value();
  }

  std::mt19937_64 random_ = test::SeededRandom();
  test::LinkNode a_{"intake"};
  test::LinkNode b_{"referral"};
  test::LinkWorld world_{a_, b_, SmallFlow(), random_};
  std::map<int, std::vector<ledger::v1::Frame>> sent_;
};

}  // namespace selaras::link
