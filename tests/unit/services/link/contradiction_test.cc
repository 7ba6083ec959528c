#include "link_test_base.h"
#include "storage/log/checkpoint.h"

namespace selaras::link {
namespace {

using ledger::v1::Frame;

// `a` follows `b`, holds 6 of its leaves, and then meets a node of the same name and key whose
// log took another course.
class ContradictionTest : public LinkTest {
 protected:
  void SetUp() override {
    b_.AppendSome(6);
    b_.Disclose({2});
    ASSERT_TRUE(world_.Settle());
    other_.Meet(a_);
  }

  // A session at `a`, past the Hello, and what it believes of the peer is up to the test.
  std::unique_ptr<Session> Greeted() {
    auto session =
        std::make_unique<Session>(SessionConfig{a_.party(), b_.party(), SmallFlow()}, a_.log(),
                                  a_.mirror(), a_.disclosures(), a_.cursor(), a_.checkpoints());
    session->Start();
    Frame frame;
    ledger::v1::Hello& hello = *frame.mutable_hello();
    hello.set_protocol(kProtocol);
    hello.set_node(b_.name());
    hello.set_origin(b_.log().origin());
    hello.set_verifier_key(b_.party().verifier.VerifierText());
    session->Receive(frame, world_.now());
    while (session->Next()) {
    }
    return session;
  }

  Frame LeavesOf(const test::LinkNode& node, std::uint64_t from, std::uint64_t to) {
    Frame frame;
    ledger::v1::Leaves& leaves = *frame.mutable_leaves();
    leaves.set_from_size(from);
    const auto hashes = node.log().Hashes(0, from, to - from);
    for (const base::Digest& hash : *hashes) {
      leaves.add_leaf_hashes(std::string(hash.view()));
    }
    leaves.set_checkpoint(node.checkpoints().SignedAt({to})->note);
    return frame;
  }

  Frame MarkOf(const test::LinkNode& node, std::uint64_t size) {
    Frame frame;
    ledger::v1::CaughtUp& mark = *frame.mutable_caught_up();
    mark.set_size(size);
    mark.set_epoch("epoch-1");
    mark.set_checkpoint(node.checkpoints().SignedAt({size})->note);
    return frame;
  }

  void ExpectEvidence(const Session& session, const std::string& given) {
    ASSERT_TRUE(session.failed());
    EXPECT_TRUE(absl::IsDataLoss(session.fault()->status)) << session.fault()->status;
    EXPECT_EQ(session.fault()->given, given);
    EXPECT_EQ(session.fault()->held, a_.mirror().checkpoint().note);
    EXPECT_EQ(a_.mirror().size().value, 6u);
  }

  test::LinkNode other_{"referral"};
};

TEST_F(ContradictionTest, AForkIsFoundByBothSidesWhateverItsSize) {
  for (const std::uint64_t size : {1, 5, 6, 7, 100}) {
    test::LinkNode fork("referral");
    fork.AppendSome(size, "false");
    test::LinkWorld world(a_, fork, SmallFlow(), random_);
    EXPECT_FALSE(world.Settle());
    // The forked node sees its own signature first, and stops with both statements.
    ASSERT_TRUE(world.session(1).failed()) << size;
    const Fault& fault = *world.session(1).fault();
    EXPECT_TRUE(absl::IsDataLoss(fault.status)) << fault.status;
    EXPECT_EQ(fault.given, a_.mirror().checkpoint().note);
    EXPECT_TRUE(log::OpenCheckpoint(fork.party().verifier, fault.held).ok());
    // The follower learns why, with the same evidence.
    ASSERT_TRUE(world.session(0).failed()) << size;
    EXPECT_TRUE(absl::IsAborted(world.session(0).fault()->status));
    EXPECT_EQ(world.session(0).fault()->given, fault.given);
    EXPECT_EQ(world.session(0).fault()->held, fault.held);
    EXPECT_EQ(a_.mirror().size().value, 6u);
  }
}

TEST_F(ContradictionTest, AStoreThatWasRestoredFromAnOldBackupLearnsOfIt) {
  other_.AppendSome(4);  // the same course, but shorter
  test::LinkWorld world(a_, other_, SmallFlow(), random_);
  EXPECT_FALSE(world.Settle());
  EXPECT_THAT(std::string(world.session(1).fault()->status.message()),
              testing::HasSubstr("rolled back"));
  EXPECT_EQ(world.session(1).fault()->given, a_.mirror().checkpoint().note);
}

TEST_F(ContradictionTest, AForkThatIsServedAnywayIsFoundByTheFollower) {
  other_.AppendSome(9, "false");
  const auto session = Greeted();
  const Frame frame = LeavesOf(other_, 6, 9);
  session->Receive(frame, world_.now());
  ExpectEvidence(*session, frame.leaves().checkpoint());
  const std::optional<Frame> last = session->Next();
  ASSERT_TRUE(last && last->has_contradiction());
  EXPECT_EQ(last->contradiction().given(), frame.leaves().checkpoint());
  EXPECT_EQ(last->contradiction().held(), a_.mirror().checkpoint().note);
  EXPECT_FALSE(session->Next());
  EXPECT_FALSE(a_.store().evidence()->empty());
}

TEST_F(ContradictionTest, ALeafThatChangedIsFound) {
  other_.AppendSome(6, "false");
  const auto session = Greeted();
  const Frame frame = LeavesOf(other_, 0, 6);
  session->Receive(frame, world_.now());
  ExpectEvidence(*session, frame.leaves().checkpoint());
}

TEST_F(ContradictionTest, AForkOfEqualSizeIsFoundByTheCaughtUpMark) {
  other_.AppendSome(6, "false");
  const auto session = Greeted();
  const Frame frame = MarkOf(other_, 6);
  session->Receive(frame, world_.now());
  ExpectEvidence(*session, frame.caught_up().checkpoint());
}

TEST_F(ContradictionTest, ASmallerCheckpointThanTheSessionBeganWithIsARollback) {
  const auto session = Greeted();
  const Frame frame = MarkOf(b_, 5);  // true once, but not any more
  session->Receive(frame, world_.now());
  ExpectEvidence(*session, frame.caught_up().checkpoint());

  const auto next = Greeted();
  const Frame leaves = LeavesOf(b_, 1, 4);
  next->Receive(leaves, world_.now());
  ExpectEvidence(*next, leaves.leaves().checkpoint());
}

TEST_F(ContradictionTest, ACheckpointUnderAnotherKeyIsNotBelieved) {
  test::LinkNode stranger("stranger");
  stranger.AppendSome(9);
  const auto session = Greeted();
  session->Receive(LeavesOf(stranger, 6, 9), world_.now());
  ASSERT_TRUE(session->failed());
  EXPECT_EQ(a_.mirror().size().value, 6u);
}

TEST_F(ContradictionTest, AnEntryThatDoesNotMatchItsLeafIsNotKept) {
  Frame disclosed;
  disclosed.mutable_disclosed()->set_epoch("epoch-2");
  ledger::v1::LogEntry& entry = *disclosed.mutable_disclosed()->add_entries();
  entry.set_sequence(3);
  entry.set_entry("never written");
  Frame answer;
  *answer.mutable_entries()->add_entries() = entry;
  for (const Frame& frame : {disclosed, answer}) {
    const auto session = Greeted();
    session->Receive(frame, world_.now());
    ASSERT_TRUE(session->failed());
    EXPECT_TRUE(absl::IsDataLoss(session->fault()->status));
    EXPECT_FALSE(Holds(0, {3}));
  }
}

TEST_F(ContradictionTest, AFollowerThatClaimsWhatWasNeverSignedIsRefused) {
  a_.AppendSome(3);
  Frame follow;
  follow.mutable_follow()->set_rewind(true);
  follow.mutable_follow()->set_size(2);
  for (const std::string& note : {std::string("nonsense"), b_.checkpoints().SignedAt({2})->note,
                                  a_.checkpoints().SignedAt({3})->note}) {
    const auto session = Greeted();
    follow.mutable_follow()->set_checkpoint(note);
    session->Receive(follow, world_.now());
    ASSERT_TRUE(session->failed());
    EXPECT_TRUE(absl::IsInvalidArgument(session->fault()->status)) << session->fault()->status;
  }
  const auto session = Greeted();
  follow.mutable_follow()->set_rewind(false);
  follow.mutable_follow()->set_size(4);
  session->Receive(follow, world_.now());
  EXPECT_TRUE(session->failed());
}

}  // namespace
}  // namespace selaras::link
