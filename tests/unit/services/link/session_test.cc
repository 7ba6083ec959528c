#include "services/link/session.h"

#include <functional>

#include "link_test_base.h"
#include "storage/crypto/sha256.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

using SessionTest = LinkTest;

TEST_F(SessionTest, TwoEmptyLogsAreCaughtUp) {
  EXPECT_TRUE(world_.Settle());
  EXPECT_TRUE(world_.session(0).state().caught_up);
  EXPECT_EQ(world_.session(0).state().verified_at, world_.now());
}

TEST_F(SessionTest, BothLogsTravelInOneSession) {
  a_.AppendSome(23);
  b_.AppendSome(9);
  a_.Disclose({3});
  b_.Disclose({8});
  ASSERT_TRUE(world_.Settle());
  world_.CheckStores(true);
  EXPECT_TRUE(Holds(1, {3}));
  EXPECT_FALSE(Holds(1, {4}));
  EXPECT_TRUE(Holds(0, {8}));

  const SessionState state = world_.session(0).state();
  EXPECT_EQ(state.received_size.value, 9u);
  EXPECT_EQ(state.arrived_size.value, 23u);
  EXPECT_EQ(state.disclosed, 1u);
  EXPECT_EQ(state.disclosed_arrived, 1u);
  EXPECT_EQ(state.received_disclosed, 1u);
  EXPECT_TRUE(state.fault.ok());
}

TEST_F(SessionTest, NothingButTheHelloIsSentBeforeThePeersHelloCame) {
  a_.AppendSome(5);
  ASSERT_TRUE(world_.session(0).Next()->has_hello());
  EXPECT_FALSE(world_.session(0).Next());
  world_.Advance(absl::Hours(1));
  EXPECT_FALSE(world_.session(0).Next());
}

TEST_F(SessionTest, NewDataFlowAtOnceWhenTheLogGrows) {
  ASSERT_TRUE(world_.Settle());
  a_.AppendSome(2);
  a_.Disclose({1});
  EXPECT_FALSE(world_.session(0).Next());
  world_.session(0).OwnLogGrew();
  world_.Drain();  // no time passes
  EXPECT_EQ(b_.mirror().size().value, 2u);
  EXPECT_TRUE(Holds(1, {1}));
  EXPECT_EQ(world_.session(0).state().arrived_size.value, 2u);
  EXPECT_EQ(world_.session(0).state().disclosed_arrived, 1u);
}

TEST_F(SessionTest, AForgottenWakeUpIsMadeUpForByTime) {
  ASSERT_TRUE(world_.Settle());
  a_.AppendSome(2);
  world_.Advance(absl::Seconds(1));
  world_.Drain();
  EXPECT_EQ(b_.mirror().size().value, 2u);
}

TEST_F(SessionTest, ANewSessionGoesOnWhereTheLastOneStopped) {
  a_.AppendSome(40);
  for (std::uint64_t place = 0; place < 40; place += 2) a_.Disclose({place});
  ASSERT_TRUE(world_.Settle());
  Count();
  world_.Connect();
  ASSERT_TRUE(world_.Settle());
  EXPECT_EQ(Sent(0, Frame::kLeaves), 0);
  EXPECT_EQ(Sent(0, Frame::kDisclosed), 0);
  EXPECT_EQ(world_.session(0).state().arrived_size.value, 40u);
  EXPECT_EQ(world_.session(0).state().disclosed_arrived, 20u);
}

TEST_F(SessionTest, OneAcknowledgementStandsForManyFrames) {
  world_.Drain();
  Count();
  a_.AppendSome(40);
  for (std::uint64_t place = 0; place < 12; ++place) a_.Disclose({place});
  world_.session(0).OwnLogGrew();
  world_.Drain();  // sends as much as it may, then lets the other side answer
  EXPECT_EQ(b_.mirror().size().value, 40u);
  EXPECT_EQ(Sent(0, Frame::kLeaves), 10);
  EXPECT_LE(Sent(1, Frame::kFollow), 6);
}

TEST_F(SessionTest, AnIdlePeerStatesItsCheckpointAnew) {
  a_.AppendSome(3);
  ASSERT_TRUE(world_.Settle());
  const absl::Time before = world_.session(1).state().verified_at;
  for (int i = 0; i < 50; ++i) {
    world_.Advance(absl::Seconds(1));
    world_.Drain();
  }
  EXPECT_GE(world_.session(1).state().verified_at, before + absl::Seconds(25));
  EXPECT_TRUE(world_.session(1).state().caught_up);
}

TEST_F(SessionTest, ARepeatedHelloIsHarmless) {
  const Frame hello = *world_.session(0).Next();
  world_.session(1).Receive(hello, world_.now());
  world_.session(1).Receive(hello, world_.now());
  EXPECT_FALSE(world_.session(1).failed());
}

TEST_F(SessionTest, APeerThatIsNotTheConfiguredOneIsRefusedWithTheReason) {
  const Frame good = *world_.session(0).Next();
  const std::map<std::string, std::function<void(ledger::v1::Hello&)>> wrong = {
      {"protocol", [](auto& hello) { hello.set_protocol(2); }},
      {"node", [](auto& hello) { hello.set_node("somebody"); }},
      {"origin", [](auto& hello) { hello.set_origin("selaras/somebody"); }},
      {"verifier key", [](auto& hello) { hello.set_verifier_key("x+00000000+AAAA"); }},
  };
  for (const auto& [field, change] : wrong) {
    world_.Connect();
    Frame hello = good;
    change(*hello.mutable_hello());
    world_.session(1).Receive(hello, world_.now());
    ASSERT_TRUE(world_.session(1).failed()) << field;
    EXPECT_TRUE(absl::IsFailedPrecondition(world_.session(1).fault()->status)) << field;
    EXPECT_THAT(std::string(world_.session(1).state().fault.message()), testing::HasSubstr(field));
    EXPECT_TRUE(world_.session(1).Next()->has_contradiction());
    EXPECT_FALSE(world_.session(1).Next());
  }
}

TEST_F(SessionTest, AFrameBeforeTheHelloIsRefused) {
  Frame frame;
  frame.mutable_follow()->set_rewind(true);
  world_.session(1).Receive(frame, world_.now());
  ASSERT_TRUE(world_.session(1).failed());
  EXPECT_TRUE(absl::IsInvalidArgument(world_.session(1).fault()->status));
}

TEST_F(SessionTest, AfterAFaultOneFrameIsSentAndNothingIsRead) {
  world_.Drain();
  world_.session(1).Receive(Frame(), world_.now());
  ASSERT_TRUE(world_.session(1).failed());
  a_.AppendSome(1);
  world_.session(0).OwnLogGrew();
  world_.Drain();
  EXPECT_EQ(b_.mirror().size().value, 0u);
  EXPECT_TRUE(absl::IsAborted(world_.session(0).fault()->status));
  EXPECT_THAT(std::string(world_.session(0).fault()->status.message()),
              testing::HasSubstr("no known kind"));
  EXPECT_FALSE(world_.session(0).Next());
  EXPECT_FALSE(world_.session(1).Next());
  EXPECT_FALSE(world_.session(0).state().connected);
}

// A cursor whose disk is gone.
class BrokenCursor : public FollowCursor {
 public:
  absl::StatusOr<FollowPosition> Load() const override { return absl::UnavailableError("gone"); }
  absl::Status Save(const FollowPosition&) override { return absl::UnavailableError("gone"); }
};

TEST_F(SessionTest, TroubleOfTheOwnStoreEndsTheSessionWithoutBlamingThePeer) {
  BrokenCursor cursor;
  Session session({b_.party(), a_.party(), SmallFlow()}, b_.log(), b_.mirror(), b_.disclosures(),
                  cursor, b_.checkpoints());
  session.Start();
  EXPECT_TRUE(session.Next()->has_hello());
  session.Receive(*world_.session(0).Next(), world_.now());
  ASSERT_TRUE(session.failed());
  EXPECT_TRUE(absl::IsInternal(session.fault()->status));
  EXPECT_FALSE(session.Next());
}

// Gives a key with every entry, and notes what came.
class NotedKeys final : public EntryKeys {
 public:
  absl::StatusOr<std::string> KeyOf(absl::string_view entry) const override {
    return std::string(crypto::Sha256(entry).view());
  }
  absl::Status Keep(std::span<const EntryWithKey> entries) override {
    for (const auto& [entry, key] : entries) {
      EXPECT_FALSE(mirror->Entry({kept.size()})->has_value()) << "the key comes first";
      kept.emplace_back(entry, key);
    }
    return outcome;
  }
  const log::Mirror* mirror = nullptr;
  std::vector<std::pair<std::string, std::string>> kept;
  absl::Status outcome;
};

TEST_F(SessionTest, KeysComeWithTheEntriesThatTheyOpenAndAreKeptBeforeThem) {
  NotedKeys given;
  NotedKeys taken;
  taken.mirror = &b_.mirror();
  SessionConfig from{a_.party(), b_.party(), {}};
  from.keys = &given;
  SessionConfig to{b_.party(), a_.party(), {}};
  to.keys = &taken;
  Session source(from, a_.log(), a_.mirror(), a_.disclosures(), a_.cursor(), a_.checkpoints());
  Session follower(to, b_.log(), b_.mirror(), b_.disclosures(), b_.cursor(), b_.checkpoints());
  a_.AppendSome(3);
  for (std::uint64_t place = 0; place < 3; ++place) a_.Disclose({place});
  source.Start();
  follower.Start();
  for (bool more = true; more;) {
    more = false;
    for (const auto& [one, other] :
         {std::pair(&source, &follower), std::pair(&follower, &source)}) {
      while (const auto frame = one->Next()) {
        other->Receive(*frame, world_.now());
        more = true;
      }
    }
  }
  ASSERT_EQ(taken.kept.size(), 3u);
  for (const auto& [entry, key] : taken.kept) {
    EXPECT_EQ(key, crypto::Sha256(entry).view());
  }
  EXPECT_TRUE(given.kept.empty()) << "nothing was disclosed to it";
}

}  // namespace
}  // namespace selaras::link
