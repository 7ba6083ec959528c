#include "services/link/fetcher.h"

#include "gtest/gtest.h"
#include "memory_attachments.h"
#include "tests/support/link_node.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

class FetcherTest : public testing::Test {
 protected:
  FetcherTest() { fetcher_.Begin(); }

  SessionConfig Config() {
    const test::LinkNode node("intake");
    Flow flow;
    flow.silence = absl::Seconds(1);
    SessionConfig config{node.party(), node.party(), flow};
    config.attachments = &documents_;
    return config;
  }

  // The chunk that is asked for now; nothing: no question is due.
  std::optional<Chunk> Asked(base::TreeSize size = {10}) {
    const absl::StatusOr<std::optional<Frame>> frame = fetcher_.Next(size);
    EXPECT_TRUE(frame.ok()) << frame.status();
    if (!frame.ok() || !*frame) return std::nullopt;
    EXPECT_TRUE((*frame)->has_get_attachment());
    const ledger::v1::GetAttachment& question = (*frame)->get_attachment();
    return Chunk{{question.sequence()}, question.chunk()};
  }

  Verdict Answer(const Chunk& chunk, const std::string& data) {
    ledger::v1::AttachmentPart part;
    part.set_sequence(chunk.entry.value);
    part.set_chunk(chunk.index);
    part.set_data(data);
    return fetcher_.Apply(part);
  }

  void TickAt(int seconds) { fetcher_.Tick(absl::FromUnixSeconds(seconds)); }

  MemoryAttachments documents_;
  const SessionConfig config_ = Config();
  Fetcher fetcher_{config_};
};

TEST_F(FetcherTest, AsksOneQuestionAtATime) {
  documents_.wanted = {{{3}, 2}, {{5}, 1}};
  EXPECT_EQ(Asked(), (Chunk{{3}, 0}));
  fetcher_.Refresh();
  EXPECT_EQ(Asked(), std::nullopt);
  EXPECT_FALSE(Answer({{3}, 0}, "first"));
  EXPECT_EQ(Asked(), (Chunk{{3}, 1}));
  EXPECT_FALSE(Answer({{3}, 1}, "second"));
  EXPECT_EQ(Asked(), (Chunk{{5}, 0}));
  EXPECT_EQ(documents_.kept[{3}], (MemoryAttachments::Document{"first", "second"}));
}

TEST_F(FetcherTest, WhileNothingIsWantedItLooksOnlyWhenTimePassedOrEntriesCame) {
  const auto ask_often = [this] {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(Asked(), std::nullopt);
    return documents_.looks;
  };
  EXPECT_EQ(ask_often(), 1);
  TickAt(100);
  EXPECT_EQ(ask_often(), 2);
  fetcher_.Refresh();
  EXPECT_EQ(ask_often(), 3);
  EXPECT_FALSE(Answer({{3}, 0}, "not asked for"));
  EXPECT_EQ(ask_often(), 3);
}

TEST_F(FetcherTest, ItDoesNotLookWhileAQuestionIsUnderWay) {
  documents_.wanted = {{{3}, 1}};
  ASSERT_TRUE(Asked());
  TickAt(100);
  fetcher_.Refresh();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Asked(), std::nullopt);
  EXPECT_EQ(documents_.looks, 1);
}

TEST_F(FetcherTest, AsksAgainAfterSilenceThatDoubles) {
  documents_.wanted = {{{3}, 1}};
  ASSERT_TRUE(Asked());
  std::vector<int> asked_again;
  for (int second = 100; second < 108; ++second) {
    TickAt(second);
    if (Asked()) asked_again.push_back(second);
  }
  EXPECT_EQ(asked_again, (std::vector<int>{101, 103, 107}));
}

TEST_F(FetcherTest, AnAnswerThatComesLateIsTakenUnlessSomethingElseWasAskedSince) {
  documents_.wanted = {{{3}, 2}};
  ASSERT_TRUE(Asked());
  TickAt(100);
  TickAt(101);
  EXPECT_FALSE(Answer({{3}, 0}, "late"));
  EXPECT_EQ(documents_.kept[{3}], MemoryAttachments::Document{"late"});

  EXPECT_EQ(Asked(), (Chunk{{3}, 1}));
  documents_.wanted = {{{5}, 1}};
  TickAt(102);
  TickAt(103);
  EXPECT_EQ(Asked(), (Chunk{{5}, 0}));
  EXPECT_FALSE(Answer({{3}, 1}, "too late"));
  EXPECT_EQ(documents_.keeps, 1);
  EXPECT_EQ(Asked(), std::nullopt) << "the question is still under way";
}

TEST_F(FetcherTest, APartThatWasNotAskedForChangesNothing) {
  documents_.wanted = {{{3}, 2}};
  EXPECT_FALSE(Answer({{3}, 0}, "before it was asked for"));
  ASSERT_TRUE(Asked());
  for (const Chunk& other : {Chunk{{3}, 1}, Chunk{{4}, 0}}) {
    EXPECT_FALSE(Answer(other, "another"));
    EXPECT_FALSE(Answer(other, ""));
  }
  EXPECT_EQ(documents_.keeps, 0);
  EXPECT_TRUE(documents_.not_given.empty());
  EXPECT_EQ(Asked(), std::nullopt) << "the question is still under way";
}

TEST_F(FetcherTest, ARepeatedAnswerCountsOnce) {
  documents_.wanted = {{{3}, 2}};
  ASSERT_TRUE(Asked());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(Answer({{3}, 0}, "first"));
  EXPECT_EQ(documents_.keeps, 1);
}

TEST_F(FetcherTest, WhatIsNotGivenIsSaidAndTheNextIsAskedFor) {
  documents_.wanted = {{{3}, 2}, {{5}, 1}};
  ASSERT_TRUE(Asked());
  EXPECT_FALSE(Answer({{3}, 0}, ""));
  EXPECT_EQ(documents_.not_given, std::set<base::Sequence>{{3}});
  EXPECT_EQ(documents_.keeps, 0);
  EXPECT_EQ(Asked(), (Chunk{{5}, 0}));
}

TEST_F(FetcherTest, NothingIsAskedBeforeTheLeafOfTheEntryIsHeld) {
  documents_.wanted = {{{3}, 1}};
  EXPECT_EQ(Asked({3}), std::nullopt);
  EXPECT_FALSE(Answer({{3}, 0}, "early"));
  EXPECT_EQ(documents_.keeps, 0);
  TickAt(100);
  EXPECT_EQ(Asked({4}), (Chunk{{3}, 0}));
}

TEST_F(FetcherTest, NothingIsAskedOfAPeerThatDoesNotUnderstandIt) {
  documents_.wanted = {{{3}, 1}};
  Fetcher fetcher(config_);
  fetcher.Refresh();
  fetcher.Tick(absl::FromUnixSeconds(100));
  EXPECT_EQ(*fetcher.Next({10}), std::nullopt);
  EXPECT_EQ(documents_.looks, 0);
}

TEST_F(FetcherTest, TroubleOfTheOwnStoreIsNotThePeers) {
  documents_.wanted = {{{3}, 1}};
  documents_.keep_trouble = absl::UnavailableError("the disk is gone");
  ASSERT_TRUE(Asked());
  const Verdict verdict = Answer({{3}, 0}, "first");
  ASSERT_TRUE(verdict);
  EXPECT_TRUE(absl::IsInternal(verdict->status)) << verdict->status;
  documents_.wanted_trouble = absl::UnavailableError("the disk is gone");
  EXPECT_FALSE(fetcher_.Next({10}).ok());
}

}  // namespace
}  // namespace selaras::link
