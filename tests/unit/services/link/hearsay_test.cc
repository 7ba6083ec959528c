// What nodes tell each other about a third one.
#include <set>
#include <string>

#include "absl/strings/str_replace.h"

#include "link_test_base.h"
#include "services/link/hearsay_book.h"
#include "storage/log/published.h"
#include "storage/log/split_view.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// `ppk` follows `intake` and hears of it from `referral`.
class HearsayTest : public testing::Test {
 protected:
  HearsayTest() { intake_.AppendSome(6); }
  // The mirror takes leaves of a node that calls itself intake.
  void Mirror(const test::LinkNode& source, std::uint64_t from, std::uint64_t to) {
    ASSERT_TRUE(ppk_follows_
                    ->Extend({from}, *source.log().Hashes(0, from, to - from),
                             source.checkpoints().SignedAt({to})->note)
                    .ok());
  }
  Hearsay Told(const test::LinkNode& source, std::uint64_t size) {
    return {"intake", source.checkpoints().SignedAt({size})->note};
  }

  test::LinkNode intake_{"intake"};
  test::LinkNode ppk_{"ppk"};
  log::Mirror* const ppk_follows_ = [this] {
    ppk_.Meet(intake_);
    return &ppk_.mirror();
  }();
  std::vector<log::SplitView> found_;
  HearsayBook book_{"ppk", ppk_.store(), {ppk_follows_}, [this](const log::SplitView& view) {
                      found_.push_back(view);
                    }};
};

TEST_F(HearsayTest, WhatAgreesIsNoNews) {
  Mirror(intake_, 0, 6);
  for (const std::uint64_t size : {0, 1, 5, 6}) book_.Hear("referral", Told(intake_, size));
  EXPECT_THAT(found_, IsEmpty());
  EXPECT_THAT(ppk_.store().evidence().value(), IsEmpty());
}

TEST_F(HearsayTest, AnotherHistoryIsFoundAtEverySizeAndConvincesWhoHasTheKey) {
  Mirror(intake_, 0, 6);
  test::LinkNode fork("intake");
  fork.AppendSome(6, "false");
  for (std::uint64_t size = 1; size <= 6; ++size) {
    found_.clear();
    book_.Hear("referral", Told(fork, size));
    ASSERT_EQ(found_.size(), 1u) << size;
    const log::SplitView& view = found_[0];
    EXPECT_EQ(view.log, "intake");
    EXPECT_EQ(view.held, (log::Statement{"ppk", ppk_follows_->checkpoint().note}));
    EXPECT_EQ(view.given, (log::Statement{"referral", Told(fork, size).note}));
    EXPECT_TRUE(log::VerifySplitView(view, log::LogKeys(intake_.party().verifier)).ok());
    EXPECT_EQ(log::ParseSplitView(log::SplitViewText(view)).value(), view);
  }
  EXPECT_EQ(ppk_.store().evidence()->size(), 6u);
}

TEST_F(HearsayTest, WhatTheMirrorHasNotReachedIsComparedWhenItDoes) {
  Mirror(intake_, 0, 2);
  test::LinkNode fork("intake");
  fork.AppendSome(6, "false");
  book_.Hear("referral", Told(fork, 4));
  book_.Hear("referral", Told(intake_, 6));
  EXPECT_THAT(found_, IsEmpty());
  Mirror(intake_, 2, 3);
  book_.Grew();
  EXPECT_THAT(found_, IsEmpty());
  Mirror(intake_, 3, 5);
  book_.Grew();
  ASSERT_EQ(found_.size(), 1u) << "one that came later does not push out the first";
  EXPECT_EQ(found_[0].given.note, Told(fork, 4).note);
  book_.Grew();
  EXPECT_EQ(found_.size(), 1u);
}

TEST_F(HearsayTest, SlanderProvesNothing) {
  Mirror(intake_, 0, 6);
  test::LinkNode liar("referral");
  liar.AppendSome(3);
  book_.Hear("referral", {"intake", liar.log().checkpoint().note});
  book_.Hear("referral", {"intake", "no note"});
  book_.Hear("referral", {"nobody", Told(intake_, 3).note});
  const std::string forged = absl::StrReplaceAll(Told(intake_, 3).note, {{"\n3\n", "\n4\n"}});
  book_.Hear("referral", {"intake", forged});
  EXPECT_THAT(found_, IsEmpty());
  EXPECT_THAT(ppk_.store().evidence().value(), IsEmpty());
}

TEST_F(HearsayTest, ALogDoesNotVouchForItself) {
  Mirror(intake_, 0, 6);
  test::LinkNode fork("intake");
  fork.AppendSome(6, "false");
  book_.Hear("intake", Told(fork, 6));
  EXPECT_THAT(found_, IsEmpty()) << "its own session compares what it says";
}

TEST_F(HearsayTest, WhatWasPublishedHereIsToldToEverybodyButItsOwner) {
  Mirror(intake_, 0, 6);
  EXPECT_THAT(book_.NewestOf({"intake", "nobody"}, "referral"), IsEmpty());
  log::PublishedCheckpoints rows(ppk_.store());
  ASSERT_TRUE(rows.Publish("intake", *intake_.checkpoints().SignedAt({6})).ok());
  EXPECT_THAT(book_.NewestOf({"intake", "nobody"}, "referral"), ElementsAre(Told(intake_, 6)));
  EXPECT_THAT(book_.NewestOf({"intake", "nobody"}, "intake"), IsEmpty());
  EXPECT_THAT(book_.NewestOf({"referral"}, "referral"), IsEmpty()) << "who follows another log";
}

// Of two followers one may hold too little of its history to compare with the other's.
TEST_F(HearsayTest, EvidenceConvincesWhoCannotCompareAndIsToldOn) {
  Mirror(intake_, 0, 2);
  test::LinkNode fork("intake");
  fork.AppendSome(4, "false");
  const auto view =
      log::MakeSplitView(intake_.log(), "referral", fork.log().checkpoint(), "bkn", "why");
  const Hearsay shown{"intake", intake_.log().checkpoint().note, log::SplitViewText(*view)};
  book_.Hear("referral", shown);
  ASSERT_EQ(found_.size(), 1u);
  EXPECT_EQ(found_[0], *view);
  EXPECT_THAT(book_.NewestOf({"intake", "nobody"}, "referral"), ElementsAre(shown));
  book_.Hear("bkn", shown);
  EXPECT_EQ(found_.size(), 1u) << "once is enough";
}

TEST_F(HearsayTest, WhatIsFoundHereIsToldWithItsEvidence) {
  Mirror(intake_, 0, 6);
  test::LinkNode fork("intake");
  fork.AppendSome(4, "false");
  book_.Hear("referral", Told(fork, 4));
  ASSERT_EQ(found_.size(), 1u);
  EXPECT_THAT(book_.NewestOf({"intake", "nobody"}, "referral"),
              ElementsAre(Hearsay{"intake", ppk_follows_->checkpoint().note,
                                  log::SplitViewText(found_[0])}));
}

TEST_F(HearsayTest, EvidenceThatProvesNothingIsPassedOver) {
  Mirror(intake_, 0, 2);
  test::LinkNode fork("intake");
  fork.AppendSome(4, "false");
  log::SplitView view =
      *log::MakeSplitView(intake_.log(), "referral", fork.log().checkpoint(), "bkn", "why");
  book_.Hear("intake", {"intake", "", log::SplitViewText(view)});
  view.proof.pop_back();
  book_.Hear("referral", {"intake", "", log::SplitViewText(view)});
  book_.Hear("referral", {"intake", "", "no evidence"});
  EXPECT_THAT(found_, IsEmpty());
}

TEST(SplitView, IsNoProofUnlessTheKeySignedTwoHistories) {
  test::LinkNode intake("intake");
  test::LinkNode fork("intake");
  intake.AppendSome(6);
  fork.AppendSome(4, "false");
  const auto view =
      log::MakeSplitView(intake.log(), "ppk", fork.log().checkpoint(), "referral", "why");
  ASSERT_TRUE(view.ok()) << view.status();
  const log::LogKeys key(intake.party().verifier);
  EXPECT_TRUE(log::VerifySplitView(*view, key).ok());
  EXPECT_FALSE(
      log::VerifySplitView(*view, log::LogKeys(test::LinkNode("bkn").party().verifier)).ok());

  log::SplitView changed = *view;
  changed.given.note = intake.checkpoints().SignedAt({4})->note;
  EXPECT_TRUE(absl::IsDataLoss(log::VerifySplitView(changed, key))) << "both are true";
  changed = *view;
  changed.root = base::Digest();
  EXPECT_TRUE(absl::IsDataLoss(log::VerifySplitView(changed, key))) << "a root that nothing proves";
  changed = *view;
  changed.proof.pop_back();
  EXPECT_TRUE(absl::IsDataLoss(log::VerifySplitView(changed, key)));

  EXPECT_FALSE(
      log::MakeSplitView(intake.log(), "ppk", *intake.checkpoints().SignedAt({4}), "x", "").ok());
  EXPECT_FALSE(log::MakeSplitView(fork.log(), "ppk", intake.log().checkpoint(), "x", "").ok());
}

TEST(SplitView, ATextThatWasCutOrLengthenedIsRefused) {
  test::LinkNode intake("intake");
  test::LinkNode fork("intake");
  intake.AppendSome(6);
  fork.AppendSome(4, "false");
  const std::string text = log::SplitViewText(
      *log::MakeSplitView(intake.log(), "ppk", fork.log().checkpoint(), "referral", "a\nb"));
  ASSERT_TRUE(log::ParseSplitView(text).ok()) << log::ParseSplitView(text).status();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(log::ParseSplitView(text.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(log::ParseSplitView(text + "x").ok());
}

// Through sessions: `a` tells what it holds of `third` to `b`, which says that it follows it.
class TellingTest : public LinkTest {
 protected:
  void Connect(const std::vector<std::string>& follows) {
    third_.AppendSome(5);
    a_mirror_ = *a_.store().OpenMirror("third", third_.party().verifier);
    ASSERT_TRUE(
        a_mirror_->Extend({0}, *third_.log().Hashes(0, 0, 5), third_.log().checkpoint().note).ok());
    ASSERT_TRUE(rows_.Publish("third", third_.log().checkpoint()).ok());
    session_ = std::make_unique<Session>(SessionConfig{a_.party(), b_.party(), SmallFlow()},
                                         a_.log(), a_.mirror(), a_.disclosures(), a_.cursor(),
                                         a_.checkpoints(), Witnessing{nullptr, nullptr, &gossip_});
    session_->Start();
    Frame hello;
    hello.mutable_hello()->set_protocol(1);
    hello.mutable_hello()->set_node(b_.name());
    hello.mutable_hello()->set_origin(b_.log().origin());
    hello.mutable_hello()->set_verifier_key(b_.party().verifier.VerifierText());
    hello.mutable_hello()->set_additions(1);
    for (const std::string& log : follows) hello.mutable_hello()->add_follows(log);
    session_->Receive(hello, world_.now());
    Frame follow;
    follow.mutable_follow()->set_rewind(true);
    session_->Receive(follow, world_.now());
  }
  std::vector<std::string> ToldNow() {
    std::vector<std::string> told;
    while (const auto frame = session_->Next()) {
      if (frame->has_told()) told.push_back(frame->told().log() + " " + frame->told().checkpoint());
    }
    return told;
  }

  class Book : public Gossip {
   public:
    explicit Book(TellingTest& test) : test_(test) {}
    std::vector<Hearsay> Newest(const std::set<std::string>& logs) const override {
      if (!logs.contains("third")) return {};
      const auto row = log::NewestPublished(test_.a_.store(), "third");
      return {{"third", (*row)->note}};
    }
    void Hear(const Hearsay& told) override { heard.push_back(told); }
    std::vector<Hearsay> heard;

   private:
    TellingTest& test_;
  };

  test::LinkNode third_{"third"};
  log::Mirror* a_mirror_ = nullptr;
  log::PublishedCheckpoints rows_{a_.store()};
  Book gossip_{*this};
  std::unique_ptr<Session> session_;
};

TEST_F(TellingTest, WhoFollowsAThirdNodeIsToldWhatItPublishedOnce) {
  Connect({"third", "unknown"});
  EXPECT_THAT(ToldNow(), ElementsAre("third " + third_.log().checkpoint().note));
  session_->Tick(world_.now());
  session_->Tick(world_.now() + absl::Hours(1));
  EXPECT_THAT(ToldNow(), IsEmpty());
}

TEST_F(TellingTest, NewsIsToldWhenItIsTime) {
  Connect({"third"});
  ToldNow();
  third_.AppendSome(1);
  ASSERT_TRUE(rows_.Publish("third", third_.log().checkpoint()).ok());
  session_->Tick(world_.now());
  EXPECT_THAT(ToldNow(), IsEmpty());
  session_->Tick(world_.now() + absl::Seconds(20));
  EXPECT_THAT(ToldNow(), ElementsAre("third " + third_.log().checkpoint().note));
}

TEST_F(TellingTest, WhoDoesNotFollowItIsNotTold) {
  Connect({"unknown"});
  EXPECT_THAT(ToldNow(), IsEmpty());
}

TEST_F(TellingTest, WhatThePeerTellsIsHandedOn) {
  Connect({});
  Frame frame;
  frame.mutable_told()->set_log("third");
  frame.mutable_told()->set_checkpoint("whatever");
  session_->Receive(frame, world_.now());
  EXPECT_THAT(gossip_.heard, ElementsAre(Hearsay{"third", "whatever"}));
  EXPECT_FALSE(session_->failed());
}

}  // namespace
}  // namespace selaras::link
