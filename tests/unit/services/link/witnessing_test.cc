// Published checkpoints travel, are cosigned by mirrors, and come back.
#include "link_test_base.h"
#include "storage/log/published.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;
using ::testing::HasSubstr;

class WitnessingTest : public LinkTest {
 protected:
  // `a` writes, publishes, and tells its session.
  void Publish(std::uint64_t count = 3) {
    if (count > 0) a_.AppendSome(count);
    ASSERT_TRUE(a_.Publish());
    world_.session(0).OwnLogGrew();
  }
  absl::StatusOr<absl::Time> CosignedAt(std::uint64_t size) {
    return b_.cosigner().verifier().Verify(a_.PublishedNote("intake", size));
  }
  Frame PublishFrame(std::uint64_t size) {
    Frame frame;
    frame.mutable_publish()->set_checkpoint(a_.checkpoints().SignedAt({size})->note);
    return frame;
  }
  Frame CosignedFrame(std::uint64_t size, const std::string& signature) {
    Frame frame;
    frame.mutable_cosigned()->set_size(size);
    frame.mutable_cosigned()->set_signature(signature);
    return frame;
  }
  std::string SignatureOf(const log::Cosigner& cosigner, std::uint64_t size) {
    const std::string note = a_.checkpoints().SignedAt({size})->note;
    return cosigner.Cosign(note, *b_.clock)->substr(note.size());
  }
};

TEST_F(WitnessingTest, WhatIsPublishedIsCosignedByTheMirrorWithoutTimePassing) {
  ASSERT_TRUE(world_.Settle());
  Publish(3);
  world_.Drain();
  EXPECT_EQ(CosignedAt(3).value(), *b_.clock);
  EXPECT_EQ(b_.PublishedNote("intake", 3), a_.PublishedNote("intake", 3))
      << "the witness keeps what it has signed";
}

TEST_F(WitnessingTest, AlsoOverLogsOfManyFramesTheMirrorStopsAtThePublication) {
  a_.AppendSome(9);
  ASSERT_TRUE(a_.Publish());
  a_.AppendSome(20);  // frames of 4 leaves would step over 9
  ASSERT_TRUE(world_.Settle());
  EXPECT_TRUE(CosignedAt(9).ok()) << CosignedAt(9).status();
  EXPECT_EQ(b_.mirror().size().value, 29u);
}

TEST_F(WitnessingTest, WhatTheMirrorHasPassedIsNotCosigned) {
  a_.AppendSome(9);
  ASSERT_TRUE(world_.Settle());
  world_.Deliver(1, PublishFrame(8));
  world_.Drain();
  EXPECT_FALSE(world_.session(1).failed());
  EXPECT_EQ(b_.PublishedNote("intake", 8), "");
}

TEST_F(WitnessingTest, ASmallerOneIsNeverCosignedAlsoAfterARestart) {
  Publish(9);
  ASSERT_TRUE(world_.Settle());
  ASSERT_TRUE(CosignedAt(9).ok());
  log::PublishedCheckpoints rows(b_.store());
  MirrorWitness again(b_.store(), rows, "intake", &b_.cosigner(), [this] { return b_.clock; });
  EXPECT_EQ(again.Cosign(*a_.checkpoints().SignedAt({8})).value(), std::nullopt);
  EXPECT_NE(again.Cosign(*a_.checkpoints().SignedAt({9})).value(), std::nullopt);
}

TEST_F(WitnessingTest, ACosignatureIsDurableBeforeItLeaves) {
  a_.AppendSome(3);
  ASSERT_TRUE(a_.Publish());
  world_.OnFrame([&](int end, const Frame& frame) {
    if (end != 1 || !frame.has_cosigned()) return;
    b_.store().Crash();
    EXPECT_TRUE(b_.cosigner().verifier().Verify(b_.PublishedNote("intake", 3)).ok());
  });
  ASSERT_TRUE(world_.Settle());
  EXPECT_TRUE(CosignedAt(3).ok());
}

TEST_F(WitnessingTest, AClockInDoubtCosignsNothing) {
  b_.clock = absl::UnavailableError("the clock jumped");
  Publish(3);
  ASSERT_TRUE(world_.Settle());
  EXPECT_TRUE(absl::IsDataLoss(CosignedAt(3).status()));
  EXPECT_FALSE(world_.session(0).failed());
  // Asked again, it does when it is trusted.
  b_.clock = absl::FromUnixSeconds(1'700'000'500);
  for (int i = 0; i < 3; ++i) {
    world_.Advance(absl::Seconds(10));
    world_.Drain();
  }
  EXPECT_EQ(CosignedAt(3).value(), *b_.clock);
}

TEST_F(WitnessingTest, AnIdleLogIsPublishedAndCosignedAgainAfterAnHour) {
  Publish(3);
  ASSERT_TRUE(world_.Settle());
  const absl::Time first = *b_.clock;
  a_.uptime += absl::Minutes(59);
  EXPECT_FALSE(a_.Publish());
  a_.uptime += absl::Minutes(1);
  b_.clock = first + absl::Hours(1);
  Publish(0);
  world_.Drain();
  EXPECT_EQ(CosignedAt(3).value(), first + absl::Hours(1));
  const auto cosigned = log::ReadCosignatures(a_.PublishedNote("intake", 3));
  ASSERT_EQ(cosigned->size(), 1u);
  EXPECT_EQ(cosigned->front().first, first);
}

TEST_F(WitnessingTest, NothingIsPublishedThatHasNotGrown) {
  EXPECT_FALSE(a_.Publish()) << "an empty log says nothing";
  Publish(3);
  EXPECT_FALSE(a_.Publish());
  EXPECT_EQ(a_.published().Newest()->checkpoint.checkpoint.size.value, 3u);
}

TEST_F(WitnessingTest, AfterARestartPublishingGoesOnWithTheLastOne) {
  Publish(3);
  log::PublishedCheckpoints rows(a_.store());
  PublishedLog again(a_.store(), rows);
  ASSERT_TRUE(again.Open(absl::ZeroDuration()).ok());
  EXPECT_EQ(again.Newest()->checkpoint, a_.log().checkpoint());
  EXPECT_FALSE(again.Look(absl::Minutes(59)).value());
  EXPECT_TRUE(again.Look(absl::Minutes(60)).value());
}

TEST_F(WitnessingTest, ARepeatedFrameChangesNothing) {
  Publish(3);
  ASSERT_TRUE(world_.Settle());
  const std::string note = a_.PublishedNote("intake", 3);
  Count();
  for (int i = 0; i < 3; ++i) world_.Deliver(1, PublishFrame(3));
  world_.Deliver(0, CosignedFrame(3, SignatureOf(b_.cosigner(), 3)));
  world_.Drain();
  EXPECT_EQ(a_.PublishedNote("intake", 3), note);
  EXPECT_LE(Sent(1, Frame::kCosigned), 1);
}

TEST_F(WitnessingTest, ALostPublicationIsSentAgain) {
  ASSERT_TRUE(world_.Settle());
  Publish(3);
  const test::Trouble lost{100, 0, 1};
  while (world_.SendNext(0, lost)) {
  }
  world_.Drain();
  EXPECT_FALSE(CosignedAt(3).ok());
  for (int i = 0; i < 10; ++i) {
    world_.Advance(absl::Seconds(4));
    world_.Drain();
  }
  EXPECT_TRUE(CosignedAt(3).ok()) << CosignedAt(3).status();
}

TEST_F(WitnessingTest, APublicationThatOvertakesItsLeavesWaitsForThem) {
  ASSERT_TRUE(world_.Settle());
  a_.AppendSome(3);
  ASSERT_TRUE(a_.Publish());
  world_.Deliver(1, PublishFrame(3));
  EXPECT_EQ(b_.PublishedNote("intake", 3), "");
  world_.session(0).OwnLogGrew();
  world_.Drain();
  EXPECT_TRUE(CosignedAt(3).ok());
}

TEST_F(WitnessingTest, AWrongCosignatureIsAFaultThatNamesThePeer) {
  Publish(3);
  ASSERT_TRUE(world_.Settle());
  const std::string note = a_.PublishedNote("intake", 3);
  world_.Deliver(0, CosignedFrame(3, SignatureOf(a_.cosigner(), 3)));
  ASSERT_TRUE(world_.session(0).failed());
  const absl::Status& fault = world_.session(0).fault()->status;
  EXPECT_TRUE(absl::IsInvalidArgument(fault)) << fault << ": tried again, no contradiction";
  EXPECT_THAT(std::string(fault.message()), HasSubstr("cosignature of referral"));
  EXPECT_THAT(std::string(fault.message()), HasSubstr("3 leaves"));
  EXPECT_EQ(a_.PublishedNote("intake", 3), note);
}

TEST_F(WitnessingTest, ACosignatureOfAnotherSizeIsAFault) {
  Publish(3);
  ASSERT_TRUE(world_.Settle());
  world_.Deliver(0, CosignedFrame(3, SignatureOf(b_.cosigner(), 2)));
  ASSERT_TRUE(world_.session(0).failed());
  EXPECT_TRUE(absl::IsInvalidArgument(world_.session(0).fault()->status));
}

TEST_F(WitnessingTest, ACosignatureOfWhatWasNeverPublishedIsAFault) {
  Publish(3);
  ASSERT_TRUE(world_.Settle());
  world_.Deliver(0, CosignedFrame(2, SignatureOf(b_.cosigner(), 2)));
  ASSERT_TRUE(world_.session(0).failed());
  EXPECT_THAT(std::string(world_.session(0).fault()->status.message()),
              HasSubstr("never published"));
}

TEST_F(WitnessingTest, AFalsePublicationIsAContradictionWithBothStatements) {
  Publish(3);
  ASSERT_TRUE(world_.Settle());
  test::LinkNode fork("intake");
  fork.AppendSome(2, "false");
  Frame frame;
  frame.mutable_publish()->set_checkpoint(fork.log().checkpoint().note);
  world_.Deliver(1, frame);
  ASSERT_TRUE(world_.session(1).failed());
  EXPECT_TRUE(absl::IsDataLoss(world_.session(1).fault()->status));
  EXPECT_EQ(world_.session(1).fault()->given, fork.log().checkpoint().note);
  EXPECT_EQ(b_.store().evidence()->size(), 1u);
}

TEST_F(WitnessingTest, WhatThePeerDidNotSignIsRefused) {
  Frame frame;
  frame.mutable_publish()->set_checkpoint(b_.log().checkpoint().note);
  ASSERT_TRUE(world_.Settle());
  world_.Deliver(1, frame);
  EXPECT_TRUE(absl::IsInvalidArgument(world_.session(1).fault()->status));
}

// A node of before these frames says so by not saying anything.
TEST_F(WitnessingTest, AnOlderPeerIsSentNothingThatItDoesNotKnow) {
  Session session({a_.party(), b_.party(), SmallFlow()}, a_.log(), a_.mirror(), a_.disclosures(),
                  a_.cursor(), a_.checkpoints(), a_.witnessing());
  session.Start();
  Frame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_node(b_.name());
  hello.mutable_hello()->set_origin(b_.log().origin());
  hello.mutable_hello()->set_verifier_key(b_.party().verifier.VerifierText());
  session.Receive(hello, world_.now());
  Frame follow;
  follow.mutable_follow()->set_rewind(true);
  session.Receive(follow, world_.now());
  Publish(3);
  session.OwnLogGrew();
  int leaves = 0;
  while (const auto frame = session.Next()) {
    EXPECT_FALSE(frame->has_publish() || frame->has_told());
    leaves += frame->has_leaves();
  }
  EXPECT_GT(leaves, 0);
}

}  // namespace
}  // namespace selaras::link
