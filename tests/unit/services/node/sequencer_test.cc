#include "services/node/sequencer.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"

namespace selaras::node {
namespace {

// Holds the sequencer's thread before a batch until it is let go.
class Gate {
 public:
  void Pass() {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void AwaitWaiting() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool waiting_ = false;
  bool open_ = false;
};

class SequencerTest : public NodeTest {
 protected:
  Sequencer::Done Note() {
    return [this](Outcome outcome) {
      const std::lock_guard lock(mutex_);
      outcomes_.push_back(std::move(outcome));
    };
  }
  Sequencer::Now AtTheGate() {
    return [this]() -> absl::StatusOr<absl::Time> {
      gate_.Pass();
      return bawaslu_.now;
    };
  }

  Gate gate_;
  std::mutex mutex_;
  std::vector<Outcome> outcomes_;
  std::atomic<int> commits_ = 0;
};

TEST_F(SequencerTest, AnswersInTheOrderOfTheQueueOnceEach) {
  gate_.Open();
  Sequencer sequencer(bawaslu_.engine(), AtTheGate(), 1'000, [this] { ++commits_; });
  for (int i = 0; i < 50; ++i) sequencer.Submit(Naming(absl::StrCat("b-", i)), Note());
  sequencer.Drain();
  ASSERT_EQ(outcomes_.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(outcomes_[i].ok()) << outcomes_[i].status();
    EXPECT_EQ(outcomes_[i]->positions(0).sequence(), 2 * i);
  }
  EXPECT_GE(commits_, 1);
  EXPECT_LE(commits_, 50);
}

TEST_F(SequencerTest, WhatWaitsIsCommittedTogether) {
  Sequencer sequencer(bawaslu_.engine(), AtTheGate(), 1'000, [this] { ++commits_; });
  sequencer.Submit(Naming("b-0"), Note());
  gate_.AwaitWaiting();
  for (int i = 1; i <= 20; ++i) sequencer.Submit(Naming(absl::StrCat("b-", i)), Note());
  gate_.Open();
  sequencer.Drain();
  EXPECT_EQ(outcomes_.size(), 21u);
  EXPECT_EQ(commits_, 2);
  EXPECT_EQ(outcomes_[1]->checkpoint(), outcomes_[20]->checkpoint());
}

TEST_F(SequencerTest, NothingIsWrittenThatCannotBeDated) {
  bool doubted = true;
  const auto now = [&]() -> absl::StatusOr<absl::Time> {
    if (std::exchange(doubted, false)) return absl::UnavailableError("the clock jumped");
    return bawaslu_.now;
  };
  Sequencer sequencer(bawaslu_.engine(), now, 1'000, [this] { ++commits_; });
  std::condition_variable answered;
  sequencer.Submit(Naming("b-0"), [&](Outcome outcome) {
    const std::lock_guard lock(mutex_);
    outcomes_.push_back(std::move(outcome));
    answered.notify_one();
  });
  {
    std::unique_lock lock(mutex_);
    answered.wait(lock, [this] { return !outcomes_.empty(); });
  }
  EXPECT_TRUE(absl::IsUnavailable(outcomes_[0].status()));
  EXPECT_EQ(commits_, 0);
  sequencer.Submit(Naming("b-0"), Note());
  sequencer.Drain();
  ASSERT_EQ(outcomes_.size(), 2u);
  EXPECT_TRUE(outcomes_[1].ok()) << "the refusal was not remembered: " << outcomes_[1].status();
}

TEST_F(SequencerTest, AFullQueueRefusesAtOnce) {
  Sequencer sequencer(bawaslu_.engine(), AtTheGate(), 2, [] {});
  sequencer.Submit(Naming("b-0"), Note());
  gate_.AwaitWaiting();  // it is taken: the queue is empty
  sequencer.Submit(Naming("b-1"), Note());
  sequencer.Submit(Naming("b-2"), Note());
  sequencer.Submit(Naming("b-3"), Note());
  {
    const std::lock_guard lock(mutex_);
    ASSERT_EQ(outcomes_.size(), 1u);
    EXPECT_EQ(outcomes_[0].status().code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(test::ReasonIn(outcomes_[0].status()), "QUEUE_FULL");
  }
  gate_.Open();
  sequencer.Drain();
  EXPECT_EQ(outcomes_.size(), 4u);
  EXPECT_EQ(bawaslu_.store().shared().size().value, 6u) << "the refused one wrote nothing";
}

TEST_F(SequencerTest, TheQueueIsFullOfBytesBeforeItIsFullOfRequests) {
  Sequencer sequencer(bawaslu_.engine(), AtTheGate(), 1'000'000, [] {});
  sequencer.Submit(Naming("b-0"), Note());
  gate_.AwaitWaiting();
  auto report = test::SomeReport();
  report.set_chronology(std::string(1 << 20, 'x'));
  const Request large = test::IntakeRequest("b-1", report);
  for (int i = 0; i < 70; ++i) sequencer.Submit(large, Note());
  std::size_t refused = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& outcome : outcomes_)
      refused += test::ReasonIn(outcome.status()) == "QUEUE_FULL";
    EXPECT_EQ(refused, 7u) << "64 MiB are 63 such requests";
  }
  gate_.Open();
  sequencer.Drain();
  EXPECT_EQ(outcomes_.size(), 71u);
}

TEST_F(SequencerTest, DrainAnswersEverythingThatWaitsAndTakesNothingMore) {
  Sequencer sequencer(bawaslu_.engine(), AtTheGate(), 1'000, [] {});
  for (int i = 0; i < 10; ++i) sequencer.Submit(Naming(absl::StrCat("b-", i)), Note());
  gate_.AwaitWaiting();
  std::thread drain([&] { sequencer.Drain(); });
  gate_.Open();
  drain.join();
  EXPECT_EQ(outcomes_.size(), 10u);
  sequencer.Submit(Naming("b-99"), Note());
  ASSERT_EQ(outcomes_.size(), 11u);
  EXPECT_TRUE(absl::IsUnavailable(outcomes_[10].status()));
  EXPECT_EQ(test::ReasonIn(outcomes_[10].status()), "DRAINING");
  sequencer.Drain();
}

TEST_F(SequencerTest, TheSameRequestFromManyThreadsHasOneEffect) {
  gate_.Open();
  Sequencer sequencer(bawaslu_.engine(), AtTheGate(), 1'000, [] {});
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < 10; ++n) sequencer.Submit(Naming(absl::StrCat("b-", n)), Note());
    });
  }
  for (auto& caller : callers) caller.join();
  sequencer.Drain();
  ASSERT_EQ(outcomes_.size(), 40u);
  for (const auto& outcome : outcomes_) ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(bawaslu_.store().shared().size().value, 20u);
}

}  // namespace
}  // namespace selaras::node
