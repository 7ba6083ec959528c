#include "link_test_base.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

using DisclosureTest = LinkTest;

TEST_F(DisclosureTest, AnOldEntryThatIsDisclosedLateArrives) {
  a_.AppendSome(30);
  a_.Disclose({29});
  ASSERT_TRUE(world_.Settle());
  EXPECT_FALSE(Holds(1, {2}));
  a_.Disclose({2});
  world_.session(0).OwnLogGrew();
  world_.Drain();
  EXPECT_TRUE(Holds(1, {2}));
}

TEST_F(DisclosureTest, WhenAnEntryCameIsNotedByTheClockOfWhoReceivesIt) {
  a_.AppendSome(3);
  a_.Disclose({2});
  ASSERT_TRUE(world_.Settle());
  const auto came = world_.node(1).mirror().KeptAt({2});
  ASSERT_TRUE(came.ok() && came->has_value());
  EXPECT_LE(**came, world_.now());
  EXPECT_GE(**came, world_.now() - absl::Hours(1));
  EXPECT_EQ(*world_.node(1).mirror().KeptAt({1}), std::nullopt) << "it was not disclosed";
}

TEST_F(DisclosureTest, AListThatWasBuiltAnewIsReadFromItsBeginning) {
  a_.AppendSome(20);
  for (std::uint64_t place = 0; place < 20; place += 3) a_.Disclose({place});
  ASSERT_TRUE(world_.Settle());
  // Whatever stood in the old list behind index 7 stands before it now.
  a_.Disclose({19});
  a_.disclosures().Rebuild(random_);
  Count();
  world_.session(0).OwnLogGrew();
  world_.Drain();
  world_.CheckStores(true);
  for (const Frame& frame : sent_[1]) EXPECT_FALSE(frame.follow().rewind()) << "nothing was lost";
  EXPECT_EQ(world_.session(0).state().disclosed_arrived, 8u);

  a_.disclosures().Rebuild(random_);
  world_.Connect();
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(world_.session(0).state().disclosed_arrived, 8u);
}

TEST_F(DisclosureTest, AnEmptyListThatWasBuiltAnewIsCaughtUpWith) {
  ASSERT_TRUE(world_.Settle());
  a_.disclosures().Rebuild(random_);
  Count();
  world_.session(0).OwnLogGrew();
  world_.Drain();
  EXPECT_EQ(Sent(0, Frame::kCaughtUp), 1);
  EXPECT_TRUE(world_.session(1).state().caught_up);
}

TEST_F(DisclosureTest, AListThatIsBuiltAnewWhileTheWindowIsFullDoesNotStopTheFlow) {
  a_.AppendSome(150);
  world_.Drain();
  for (std::uint64_t place = 0; place < 150; ++place) a_.Disclose({place});
  world_.session(0).OwnLogGrew();
  while (world_.SendNext(0, {})) {
  }
  a_.disclosures().Rebuild(random_);
  world_.session(0).OwnLogGrew();
  world_.Drain();  // without waiting
  world_.CheckStores(true);
}

TEST_F(DisclosureTest, ARepeatedFrameTakesNothingBack) {
  a_.AppendSome(6);
  for (std::uint64_t place = 0; place < 6; ++place) a_.Disclose({place});
  Count();
  world_.Drain();
  for (const Frame& frame : std::vector<Frame>(sent_[0])) {
    world_.session(1).Receive(frame, world_.now());
    EXPECT_EQ(world_.session(1).state().received_disclosed, 6u);
    EXPECT_EQ(b_.mirror().size().value, 6u);
  }
}

TEST_F(DisclosureTest, AListWhoseEndACrashLostGoesOnWithoutAGap) {
  a_.AppendSome(20);
  for (std::uint64_t place = 0; place < 15; ++place) a_.Disclose({place});
  ASSERT_TRUE(world_.Settle());
  for (int i = 0; i < 20; ++i) {
    a_.disclosures().Crash(random_);
    world_.Connect();
    world_.Drain();
    EXPECT_LE(world_.session(0).state().disclosed_arrived, world_.session(0).state().disclosed);
    a_.disclosures().CatchUp();
    a_.Disclose({15 + static_cast<std::uint64_t>(i) / 4});
    world_.session(0).OwnLogGrew();
    ASSERT_TRUE(world_.Settle());
    world_.CheckStores(true);
  }
}

TEST_F(DisclosureTest, ACursorThatOutlivedItsMirrorIsNotBelieved) {
  a_.AppendSome(5);
  a_.Disclose({1});
  ASSERT_TRUE(b_.cursor().Save({a_.disclosures().Current().epoch, 1}).ok());
  world_.Connect();
  ASSERT_TRUE(world_.Settle());
  EXPECT_TRUE(Holds(1, {1}));
}

TEST_F(DisclosureTest, LongEntriesTravelAloneAndShortOnesTogether) {
  const std::string longest(log::kEntryBytesMax, 'x');
  a_.Append({"short 1", "short 2", longest, longest, "short 3"});
  for (std::uint64_t place = 0; place < 5; ++place) a_.Disclose({place});
  Count();
  ASSERT_TRUE(world_.Settle());
  world_.CheckStores(true);
  EXPECT_EQ(Sent(0, Frame::kDisclosed), 4);
}

TEST_F(DisclosureTest, WantedEntriesComeIfTheyMayBeSeenAndAreWithheldIfNot) {
  a_.AppendSome(20);
  ASSERT_TRUE(world_.Settle());
  // Seen, but not in the list yet: as if the projector lagged behind the policy.
  for (std::uint64_t place = 10; place < 16; ++place) a_.Disclose({place});
  world_.session(1).Want({{3}, {10}, {11}, {12}, {13}, {14}, {4}});
  EXPECT_EQ(world_.session(1).state().wanted, 7u);
  world_.Drain();
  for (std::uint64_t place = 10; place < 15; ++place) EXPECT_TRUE(Holds(1, {place})) << place;
  EXPECT_FALSE(Holds(1, {15}));
  EXPECT_FALSE(Holds(1, {3}));
  EXPECT_EQ(world_.session(1).state().wanted, 0u);
  EXPECT_EQ(world_.session(1).state().withheld, 2u);
}

TEST_F(DisclosureTest, EntriesMayBeWantedInBothDirectionsAtOnce) {
  a_.AppendSome(10);
  b_.AppendSome(10);
  a_.Disclose({5});
  b_.Disclose({6});
  world_.session(0).Want({{6}});
  world_.session(1).Want({{5}});
  ASSERT_TRUE(world_.Settle());
  EXPECT_TRUE(Holds(0, {6}));
  EXPECT_TRUE(Holds(1, {5}));
}

TEST_F(DisclosureTest, APlaceThatIsNotInTheLogYetIsAskedForWhenItsLeafIsHere) {
  world_.session(1).Want({{4}});
  world_.Drain();
  EXPECT_EQ(world_.session(1).state().wanted, 1u);
  a_.AppendSome(5);
  a_.Disclose({4});
  world_.session(0).OwnLogGrew();
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(world_.session(1).state().wanted, 0u);
  EXPECT_EQ(world_.session(1).state().withheld, 0u);
}

TEST_F(DisclosureTest, AnEntryThatComesBeforeItsLeafIsStillWanted) {
  world_.Drain();
  world_.session(1).Want({{0}});
  a_.AppendSome(1);
  a_.Disclose({0});
  Frame early;
  early.mutable_entries()->add_entries()->set_entry(**a_.log().Entry({0}));
  world_.session(1).Receive(early, world_.now());
  EXPECT_EQ(world_.session(1).state().wanted, 1u);
  ASSERT_TRUE(world_.Settle());
  EXPECT_TRUE(Holds(1, {0}));
}

TEST_F(DisclosureTest, AnOvertakenFollowDoesNotTurnAnAnswerIntoARefusal) {
  a_.AppendSome(9);
  a_.Disclose({7});
  Frame stale;
  stale.mutable_follow()->set_rewind(true);
  ASSERT_TRUE(world_.Settle());
  world_.session(0).Receive(stale, world_.now());
  world_.session(1).Want({{7}});
  ASSERT_TRUE(world_.SendNext(1, {}));
  ASSERT_TRUE(world_.DeliverNext(0, {}));
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(world_.session(1).state().withheld, 0u);
}

TEST_F(DisclosureTest, APeerThatAsksWithoutEndIsAnsweredWithinBounds) {
  a_.AppendSome(10);
  ASSERT_TRUE(world_.Settle());
  Frame question;
  for (std::uint64_t place = 0; place < kFrameEntriesMax; ++place) {
    question.mutable_get_entries()->add_sequences(place);
  }
  for (std::uint64_t i = 0; i < 100; ++i) {
    for (std::uint64_t& place : *question.mutable_get_entries()->mutable_sequences()) {
      place += kFrameEntriesMax;
    }
    world_.session(0).Receive(question, world_.now());
  }
  std::size_t withheld = 0;
  while (const std::optional<Frame> frame = world_.session(0).Next()) {
    withheld += static_cast<std::size_t>(frame->entries().withheld_size());
  }
  EXPECT_EQ(withheld, kAskedMax);
}

}  // namespace
}  // namespace selaras::link
