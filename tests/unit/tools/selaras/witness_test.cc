#include "tools/selaras/witness.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "fake_node.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/split_view.h"
#include "storage/merkle/prove.h"
#include "tests/support/log_owner.h"
#include "tests/support/memory_tree.h"
#include "tests/support/temp_directory.h"
#include "tools/selaras/split_view_text.h"

namespace selaras::cli {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// A witness of the log `bkn`, whose owner is told by the test what to publish.
class WitnessedLogTest : public testing::Test {
 protected:
  WitnessedLogTest() {
    owner_.Append(6);
    Publish(4);
    answers_.get_published = [this](const ledger::v1::GetPublishedRequest& request) {
      asked_.push_back(request.from_size());
      return answer_(request);
    };
    answers_.add_cosignature = [this](const ledger::v1::AddCosignatureRequest& request) {
      // What was handed in is on disk.
      EXPECT_THAT(StateText(), HasSubstr(request.signature()));
      handed_in_.push_back(request);
      return add_;
    };
  }

  // An honest log of `owner`.
  void PublishOf(const test::LogOwner& owner, std::uint64_t size) {
    answer_ = [&owner, size](const ledger::v1::GetPublishedRequest& request)
        -> absl::StatusOr<ledger::v1::GetPublishedResponse> {
      if (request.from_size() > size) return absl::OutOfRangeError("fewer entries");
      ledger::v1::GetPublishedResponse response;
      response.set_checkpoint(owner.Note(size));
      test::MemoryTree tree;
      for (const base::Digest& leaf : owner.Leaves(0, size)) tree.Append(leaf);
      const auto proof = merkle::ProveConsistency(tree, {request.from_size()}, {size});
      for (const base::Digest& hash : *proof) response.add_hashes(std::string(hash.view()));
      const auto root = merkle::RootAt(tree, {request.from_size()});
      response.set_from_root(std::string(root->view()));
      return response;
    };
  }
  void Publish(std::uint64_t size) { PublishOf(owner_, size); }

  absl::StatusOr<Look> LookAt(absl::Time now = kNow) {
    WitnessedLog log("bkn", first_, accepted_, cosigner_, folder_.path());
    test::FakeNode node(answers_);
    return log.LookAt(node, now);
  }
  std::string StateText() { return Text("bkn.note"); }
  std::string Text(const std::string& name) {
    std::ifstream file(folder_ / name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  test::LogOwner owner_{"bkn"};
  const log::NoteVerifier first_ = owner_.verifier();
  std::optional<log::Succession> accepted_;
  const log::Cosigner cosigner_ = *log::Cosigner::Make(
      "selaras/ombudsman/witness", *crypto::SigningKey::FromSeed(std::string(32, 'w')));
  test::TempDirectory folder_;
  test::NodeAnswers answers_;
  std::function<absl::StatusOr<ledger::v1::GetPublishedResponse>(
      const ledger::v1::GetPublishedRequest&)>
      answer_;
  absl::Status add_;
  std::vector<std::uint64_t> asked_;
  std::vector<ledger::v1::AddCosignatureRequest> handed_in_;
};

TEST_F(WitnessedLogTest, CosignsWhatIsPublishedAndProvesItselfLater) {
  const auto look = LookAt();
  ASSERT_TRUE(look.ok()) << look.status();
  EXPECT_EQ(look->size.value, 4u);
  ASSERT_EQ(handed_in_.size(), 1u);
  EXPECT_EQ(cosigner_.verifier().Verify(owner_.Note(4) + handed_in_[0].signature()).value(), kNow);
}

TEST_F(WitnessedLogTest, GoesOnFromWhatItCosignedLastAlsoAfterARestart) {
  ASSERT_TRUE(LookAt().ok());
  Publish(6);
  const auto look = LookAt(kNow + absl::Seconds(10));
  ASSERT_TRUE(look.ok()) << look.status();
  EXPECT_EQ(look->size.value, 6u);
  EXPECT_THAT(asked_, testing::ElementsAre(0, 4));
}

TEST_F(WitnessedLogTest, TheSameCheckpointIsCosignedAnewAfterAnHourAndHandedInAgainBefore) {
  ASSERT_TRUE(LookAt().ok());
  EXPECT_EQ(LookAt(kNow + absl::Minutes(59))->cosigned, kNow);
  EXPECT_EQ(LookAt(kNow + absl::Minutes(60))->cosigned, kNow + absl::Minutes(60));
  ASSERT_EQ(handed_in_.size(), 3u);
  EXPECT_EQ(handed_in_[0].signature(), handed_in_[1].signature());
  EXPECT_NE(handed_in_[0].signature(), handed_in_[2].signature());
}

TEST_F(WitnessedLogTest, WhatTheNodeDidNotTakeIsHandedInAgain) {
  add_ = absl::UnavailableError("no answer");
  EXPECT_TRUE(absl::IsUnavailable(LookAt().status()));
  add_ = absl::OkStatus();
  EXPECT_TRUE(LookAt(kNow + absl::Seconds(10)).ok());
  ASSERT_EQ(handed_in_.size(), 2u);
  EXPECT_EQ(handed_in_[0].signature(), handed_in_[1].signature());
}

TEST_F(WitnessedLogTest, BeforeAnythingWasPublishedThereIsNothingToDo) {
  answer_ = [](const auto&) { return absl::FailedPreconditionError("nothing yet"); };
  EXPECT_EQ(LookAt()->size.value, 0u);
  EXPECT_TRUE(handed_in_.empty());
}

class Rewritten : public WitnessedLogTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(LookAt().ok());
    handed_in_.clear();
    fork_.Append(6, "false ");
  }
  // It stops, keeps both statements, and does not start again.
  log::SplitView ExpectStopped() {
    const auto look = LookAt(kNow + absl::Minutes(1));
    EXPECT_TRUE(absl::IsDataLoss(look.status())) << look.status();
    EXPECT_TRUE(handed_in_.empty());
    Publish(6);
    EXPECT_TRUE(absl::IsDataLoss(LookAt(kNow + absl::Minutes(2)).status()))
        << "also when the log shows its first face again";
    const auto view = log::ParseSplitView(Text("bkn.evidence"));
    EXPECT_TRUE(view.ok()) << view.status();
    return *view;
  }
  cli::v1::VerifiedSplitView Verified(const log::SplitView& view) {
    return VerifiedEvidence(view, log::LogKeys(owner_.verifier()));
  }
  test::LogOwner fork_{"bkn"};
};

TEST_F(Rewritten, OneSizeAndTwoRootsProveThemselves) {
  PublishOf(fork_, 4);
  const log::SplitView view = ExpectStopped();
  EXPECT_TRUE(log::VerifySplitView(view, log::LogKeys(owner_.verifier())).ok());
  EXPECT_EQ(view.given.note, fork_.Note(4));
}

// Of any number of leaves, also a power of two, whose root no consistency proof contains.
TEST_F(Rewritten, ALongerHistoryThatDoesNotExtendTheFirstProvesItself) {
  for (const std::uint64_t longer : {5, 6}) {
    SCOPED_TRACE(longer);
    std::filesystem::remove(folder_ / "bkn.evidence");
    PublishOf(fork_, longer);
    const log::SplitView view = ExpectStopped();
    EXPECT_EQ(view.held.note, fork_.Note(longer));
    EXPECT_THAT(view.given.note, HasSubstr(owner_.Note(4)));
    EXPECT_TRUE(Verified(view).proven()) << Verified(view).problem();
    EXPECT_EQ(Verified(view).shows(), "");
  }
}

TEST_F(Rewritten, ALogThatHidesWhatItBeginsWithIsStoppedAndTheFileSaysWhatWouldProveIt) {
  PublishOf(fork_, 6);
  answer_ = [honest = answer_](const ledger::v1::GetPublishedRequest& request) {
    auto response = honest(request);
    response->clear_from_root();
    return response;
  };
  const log::SplitView view = ExpectStopped();
  const auto about = Verified(view);
  EXPECT_FALSE(about.proven());
  EXPECT_THAT(about.shows(), HasSubstr("did not prove that the larger one begins with"));
  EXPECT_THAT(about.shows(), HasSubstr("selaras log prove --log bkn --since FILE |"));
}

TEST_F(Rewritten, WrongProofsOfAnHonestHistoryAreNoProofOfTwo) {
  Publish(6);
  answer_ = [honest = answer_](const ledger::v1::GetPublishedRequest& request) {
    auto response = honest(request);
    response->set_hashes(0, std::string(32, 'x'));
    return response;
  };
  EXPECT_FALSE(Verified(ExpectStopped()).proven());
}

TEST_F(Rewritten, ALogThatWasTurnedBackIsNotCosigned) {
  Publish(3);
  const log::SplitView view = ExpectStopped();
  EXPECT_EQ(view.given.note, owner_.Note(3));
  EXPECT_THAT(view.held.note, HasSubstr(owner_.Note(4)));
}

TEST_F(Rewritten, WhatIsShownOfALogThatWasTurnedBackIsSaidInWordsAndNotCalledProven) {
  Publish(3);
  const auto about = Verified(ExpectStopped());
  EXPECT_FALSE(about.proven());
  EXPECT_THAT(about.shows(), HasSubstr("the cosignature of selaras/ombudsman/witness of 2023-11-"));
  EXPECT_THAT(about.shows(), HasSubstr("is the word of selaras/ombudsman/witness alone"));
  // By another key nothing was signed, so there is nothing to say.
  const auto stranger = VerifiedEvidence(*log::ParseSplitView(Text("bkn.evidence")),
                                         log::LogKeys(test::LogOwner("ppk").verifier()));
  EXPECT_FALSE(stranger.proven());
  EXPECT_EQ(stranger.shows(), "");
}

TEST_F(Rewritten, ALogThatGrewAnotherWayAfterItWasTurnedBackIsProvenThen) {
  Publish(3);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  answer_ = [](const auto&) { return absl::UnavailableError("down"); };
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  const std::string turned_back = Text("bkn.evidence");
  PublishOf(fork_, 5);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  const log::SplitView view = *log::ParseSplitView(Text("bkn.evidence"));
  EXPECT_TRUE(Verified(view).proven()) << Verified(view).problem();
  EXPECT_THAT(view.reason, HasSubstr("before that: the log publishes 3 entries"));
  EXPECT_NE(Text("bkn.evidence"), turned_back);
  // What is proven stays as it is.
  const std::string proven = Text("bkn.evidence");
  PublishOf(fork_, 6);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  EXPECT_EQ(Text("bkn.evidence"), proven);
  EXPECT_TRUE(handed_in_.empty());
}

TEST_F(Rewritten, ALogThatOnlyGotItsEntriesBackKeepsTheEvidenceThatItWasTurnedBack) {
  Publish(3);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  const std::string turned_back = Text("bkn.evidence");
  Publish(6);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  EXPECT_EQ(Text("bkn.evidence"), turned_back);
}

TEST_F(Rewritten, TheSameTreeWithAProofThatNobodyNeedsIsNoContradiction) {
  answer_ = [honest = answer_](const ledger::v1::GetPublishedRequest& request) {
    auto response = honest(request);
    response->add_hashes(std::string(32, 'x'));
    return response;
  };
  EXPECT_TRUE(LookAt().ok());
  EXPECT_EQ(Text("bkn.evidence"), "");
}

TEST_F(Rewritten, AnAnswerThatIsSmallerThanWhatWasAskedForIsARollback) {
  answer_ = [this](const auto&) {
    ledger::v1::GetPublishedResponse response;
    response.set_checkpoint(owner_.Note(2));
    return response;
  };
  EXPECT_EQ(ExpectStopped().given.note, owner_.Note(2));
}

TEST_F(Rewritten, WhatTheLogDidNotSignIsAnErrorAndNoEvidence) {
  answer_ = [](const auto&) {
    ledger::v1::GetPublishedResponse response;
    response.set_checkpoint("selaras/bkn\n6\n");
    return response;
  };
  EXPECT_FALSE(LookAt().ok());
  EXPECT_EQ(Text("bkn.evidence"), "");
}

TEST_F(Rewritten, AStateThatSomebodyChangedIsNotTakenForIts) {
  std::ofstream(folder_ / "bkn.note") << fork_.Note(2);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  EXPECT_TRUE(handed_in_.empty());
}

// The log is closed, and another one goes on in its place.
class Succeeded : public WitnessedLogTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(LookAt().ok());  // at 4 entries
    seen_ = StateText();
    handed_in_.clear();
    asked_.clear();
  }
  test::LogOwner fork_{"bkn"};
  std::string seen_;
};

TEST_F(Succeeded, NobodyIsBelievedWhoWasNotAccepted) {
  owner_.Succeed('s', 4);
  owner_.Append(2, "after ");
  Publish(6);
  EXPECT_FALSE(LookAt().ok());
  EXPECT_TRUE(handed_in_.empty());
  EXPECT_EQ(StateText(), seen_);
  EXPECT_EQ(Text("bkn.evidence"), "") << "it is no contradiction";
}

TEST_F(Succeeded, TheSuccessorIsCosignedIfItGoesOnFromWhatWasSeen) {
  accepted_ = owner_.Succeed('s', 5);
  owner_.Append(2, "after ");
  Publish(7);
  for (int round = 0; round < 2; ++round) {
    const auto look = LookAt(kNow + absl::Minutes(1));
    ASSERT_TRUE(look.ok()) << look.status();
    EXPECT_EQ(look->size.value, 7u);
  }
  EXPECT_THAT(asked_, testing::ElementsAre(4, 7)) << "what it saw is proven to be its beginning";
  EXPECT_THAT(StateText(), HasSubstr("selaras/bkn/successor-2\n7\n"));
  EXPECT_EQ(Text("bkn.1.note"), seen_);
}

TEST_F(Succeeded, WhatWasCutOffIsPutAsideWithTheEvidence) {
  fork_.Append(4, "false ");
  PublishOf(fork_, 4);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  const std::string evidence = Text("bkn.evidence");
  accepted_ = owner_.Succeed('s', 2);
  Publish(2);
  for (int round = 0; round < 2; ++round) {
    const auto look = LookAt(kNow + absl::Minutes(1));
    ASSERT_TRUE(look.ok()) << look.status();
    EXPECT_EQ(look->size.value, 2u);
  }
  EXPECT_EQ(Text("bkn.1.evidence"), evidence);
  EXPECT_EQ(Text("bkn.1.note"), seen_);
  EXPECT_EQ(Text("bkn.evidence"), "");
  ASSERT_EQ(handed_in_.size(), 2u);
  EXPECT_EQ(handed_in_[0].signature(), handed_in_[1].signature());
}

TEST_F(Succeeded, ASuccessorOfAnotherHistoryIsNotCosigned) {
  fork_.Append(6, "false ");
  accepted_ = fork_.Succeed('s', 4);
  PublishOf(fork_, 4);
  EXPECT_TRUE(absl::IsDataLoss(LookAt().status()));
  EXPECT_THAT(std::string(LookAt().status().message()), HasSubstr("closed at size 4"));
  accepted_ = fork_.Succeed('t', 3);
  accepted_->past.front().last = {3};
  fork_.Append(3, "after ");
  // It was closed below what was seen; but then it must go on from its own closing.
  PublishOf(fork_, 6);
  EXPECT_TRUE(LookAt().ok());
  test::LogOwner again{"bkn"};
  again.Append(5, "third ");
  again.Succeed('s', 4);
  again.Succeed('t', 3);
  again.Append(6, "after ");
  PublishOf(again, 8);
  EXPECT_TRUE(absl::IsDataLoss(LookAt(kNow + absl::Minutes(1)).status()));
  EXPECT_THAT(Text("bkn.evidence"), HasSubstr("successor-3"));
  EXPECT_TRUE(absl::IsDataLoss(LookAt(kNow + absl::Minutes(2)).status()))
      << "what the successor signed is not put aside";
  EXPECT_EQ(handed_in_.size(), 1u);
}

TEST_F(Succeeded, WhoGoesOnWithTheOldKeyIsNotListenedTo) {
  test::LogOwner thief = owner_;
  accepted_ = owner_.Succeed('s', 4);
  PublishOf(thief, 6);
  EXPECT_FALSE(LookAt().ok());
  PublishOf(thief, 4);
  EXPECT_FALSE(LookAt().ok());
  EXPECT_TRUE(handed_in_.empty());
  EXPECT_EQ(Text("bkn.evidence"), "");
}

}  // namespace
}  // namespace selaras::cli
