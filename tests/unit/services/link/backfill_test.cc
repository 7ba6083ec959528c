#include "services/link/backfill.h"

#include "gtest/gtest.h"
#include "tests/support/link_node.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

class BackfillTest : public testing::Test {
 protected:
  static SessionConfig Config() {
    const test::LinkNode node("intake");
    Flow flow;
    flow.asked_places = 2;
    flow.silence = absl::Seconds(1);
    return {node.party(), node.party(), flow};
  }

  const SessionConfig config_ = Config();
  Backfill backfill_{config_};
};

TEST_F(BackfillTest, AsksOneQuestionAtATime) {
  backfill_.Want({{5}, {1}, {3}, {1}});
  EXPECT_EQ(backfill_.wanted(), 3u);
  const std::optional<Frame> first = backfill_.Next({10});
  ASSERT_TRUE(first);
  ASSERT_EQ(first->get_entries().sequences_size(), 2);
  EXPECT_EQ(first->get_entries().sequences(0), 1u);
  EXPECT_EQ(first->get_entries().sequences(1), 3u);
  EXPECT_FALSE(backfill_.Next({10}));

  ledger::v1::Entries half;
  half.add_entries()->set_sequence(3);
  backfill_.Answered(half);
  EXPECT_FALSE(backfill_.Next({10}));
  ledger::v1::Entries rest;
  rest.add_withheld(1);
  backfill_.Answered(rest);
  EXPECT_EQ(backfill_.Next({10})->get_entries().sequences(0), 5u);
  EXPECT_EQ(backfill_.wanted(), 1u);
  EXPECT_EQ(backfill_.withheld(), 1u);
}

TEST_F(BackfillTest, AsksAgainAfterSilence) {
  backfill_.Want({{1}});
  ASSERT_TRUE(backfill_.Next({10}));
  backfill_.Tick(absl::FromUnixSeconds(100));
  EXPECT_FALSE(backfill_.Next({10}));
  backfill_.Tick(absl::FromUnixSeconds(101));
  EXPECT_TRUE(backfill_.Next({10}));
}

TEST_F(BackfillTest, WhatWasNotAskedForIsNotCountedAsWithheld) {
  ledger::v1::Entries answer;
  answer.add_withheld(7);
  backfill_.Answered(answer);
  EXPECT_EQ(backfill_.withheld(), 0u);
}

}  // namespace
}  // namespace selaras::link
