#include "tools/selaras/inaction.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logs.h"
#include "storage/base/bytes.h"
#include "storage/merkle/hash.h"
#include "tools/selaras/files.h"

namespace selaras::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr char kCase[] = "3f2a9c1e-0000-8000-8000-000000000000";

// Bawaslu watches that BKN verifies what it received (D-10). BKN's log: 0 something else, 1 the
// receipt of the case, 2 its verification, 3 something else.
class InactionTest : public testing::Test {
 protected:
  InactionTest()
      : folder_(absl::StrCat(testing::TempDir(), "/inaction-",
                             testing::UnitTest::GetInstance()->current_test_info()->name())),
        catalogue_(*reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference")) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    std::vector<event::v1::Event> bkn(4);
    for (event::v1::Event& event : bkn) {
      event.set_author("bkn");
      event.set_case_id(kCase);
    }
    bkn[0].mutable_fact()->mutable_case_assigned();
    bkn[1].mutable_fact()->mutable_case_received();
    bkn[2].mutable_fact()->mutable_case_verified();
    bkn[3].set_case_id("4f2a9c1e-0000-8000-8000-000000000000");
    bkn[3].mutable_fact()->mutable_case_verified();
    bkn_ = test::StoreOf("bkn", bkn);
    stated_.set_author("bawaslu/13");
    stated_.set_case_id(kCase);
    stated_.set_catalogue(base::HexEncode(catalogue_->digest().view()));
    auto* reached = stated_.mutable_fact()->mutable_deadline_rung_reached();
    reached->set_deadline("D-10");
    reached->set_due_on("2024-10-21");
    reached->set_duty("bkn");
    reached->mutable_anchor()->set_log("bkn");
    reached->mutable_anchor()->set_sequence(1);
    reached->mutable_seen()->set_log("bkn");
    reached->mutable_seen()->set_size(4);
  }

  // Writes the folder as `case inaction` does.
  void Write() {
    intake_ = test::StoreOf("bawaslu-13", std::vector{stated_});
    Save("statement.tlog-proof", test::ReceiptOf(*intake_, 0));
    Save("seen.note", bkn_->shared().checkpoint().note);
    Save("anchor.tlog-proof", test::ReceiptOf(*bkn_, 1));
  }
  void Save(const std::string& name, const std::string& text) {
    ASSERT_TRUE(WriteFile(absl::StrCat(folder_, "/", name), text).ok());
  }
  static log::Policy Keys() {
    return *log::Policy::Parse(
        absl::StrCat("log ", test::SignerOfLog("bkn").VerifierText(), "\nlog ",
                     test::SignerOfLog("bawaslu-13").VerifierText(), "\nquorum none\n"));
  }
  std::vector<std::string> Problems() {
    const auto told = VerifyInaction(folder_, Keys());
    EXPECT_TRUE(told.ok()) << told.status();
    if (!told.ok()) return {"unreadable"};
    EXPECT_EQ(told->valid(), told->problems().empty());
    return {told->problems().begin(), told->problems().end()};
  }
  // Why the entry of BKN's log refutes nothing; `refuted` if it does.
  std::string Try(std::uint64_t sequence) {
    auto told = *VerifyInaction(folder_, Keys());
    EXPECT_TRUE(told.valid());
    const absl::Status tried =
        Refute(test::ReceiptOf(*bkn_, sequence), Keys(), folder_, *catalogue_, &told);
    if (!tried.ok()) return std::string(tried.message());
    EXPECT_EQ(told.refuted(), told.not_refuted_because().empty());
    EXPECT_EQ(told.refuted_by(), told.refuted() ? absl::StrCat("bkn@", sequence) : "");
    return told.refuted() ? "refuted" : told.not_refuted_because();
  }

  void Cosign(const char* time) {
    absl::Time at;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, time, &at, nullptr));
    Save("seen.note", *ombudsman_.Cosign(bkn_->shared().checkpoint().note, at));
  }

  const log::Cosigner ombudsman_ =
      *log::Cosigner::Make("ombudsman", *crypto::SigningKey::FromSeed(std::string(32, 'w')));
  const std::string folder_;
  const std::shared_ptr<const reference::Catalogue> catalogue_;
  std::unique_ptr<log::MemoryStore> bkn_, intake_;
  event::v1::Event stated_;
};

TEST_F(InactionTest, AStatementIsProvenByBothLogs) {
  Write();
  EXPECT_THAT(Problems(), IsEmpty());
  const auto told = *VerifyInaction(folder_, Keys());
  EXPECT_EQ(told.watcher(), "bawaslu/13");
  EXPECT_EQ(told.seen_size(), 4);
  EXPECT_EQ(told.checkpoint_size(), 4);
}

TEST_F(InactionTest, WithoutACosignatureItSaysSo) {
  Write();
  const auto told = *VerifyInaction(folder_, Keys());
  EXPECT_TRUE(told.valid());
  EXPECT_EQ(told.due_end(), "2024-10-21T17:00:00Z");
  EXPECT_FALSE(told.cosigned_after_due());
  EXPECT_THAT(told.cosigned(), IsEmpty());
  EXPECT_THAT(told.witnessed(), StartsWith("not cosigned: "));
}

TEST_F(InactionTest, ACosignatureAfterTheDueDayIsVerifiedWithTheKeyOfItsWitness) {
  Write();
  Cosign("2024-10-21T17:00:00Z");
  const auto told = *VerifyInaction(folder_, Keys(), {ombudsman_.verifier()});
  EXPECT_TRUE(told.valid());
  EXPECT_TRUE(told.cosigned_after_due());
  EXPECT_EQ(
      told.witnessed(),
      "at 2024-10-21T17:00:00Z, after the due day, ombudsman was shown 4 entries and no more");
  // Whoever does not know the witness is told nothing by it.
  EXPECT_THAT(VerifyInaction(folder_, Keys())->witnessed(), StartsWith("not cosigned: "));
  const auto policy = log::Policy::Parse(
      absl::StrCat("log ", test::SignerOfLog("bkn").VerifierText(), "\nlog ",
                   test::SignerOfLog("bawaslu-13").VerifierText(), "\nwitness o ",
                   ombudsman_.VerifierText(), "\nquorum none\n"));
  EXPECT_TRUE(VerifyInaction(folder_, *policy)->cosigned_after_due());
}

TEST_F(InactionTest, TheDueDayEndsWhereTheLimitIsCounted) {
  stated_.mutable_occurred_at()->set_zone("WIT");
  Write();
  Cosign("2024-10-21T15:00:00Z");
  EXPECT_TRUE(VerifyInaction(folder_, Keys(), {ombudsman_.verifier()})->cosigned_after_due());
}

TEST_F(InactionTest, WhoDemandsAWitnessIsNotContentWithAnEarlierOrAnotherCosignature) {
  Write();
  const auto problem = [&](const log::Cosigner& demanded) {
    const auto told = *VerifyInaction(folder_, Keys(), {demanded.verifier()});
    EXPECT_FALSE(told.valid());
    EXPECT_EQ(told.problems_size(), 1);
    return told.problems(0);
  };
  EXPECT_THAT(problem(ombudsman_), StartsWith("seen: not cosigned: "));
  Cosign("2024-10-21T16:59:59Z");
  EXPECT_EQ(problem(ombudsman_),
            "seen: not cosigned after the due day, only at 2024-10-21T16:59:59Z by ombudsman");
  Cosign("2024-10-22T00:00:00Z");
  EXPECT_THAT(problem(*log::Cosigner::Make("ombudsman",
                                           *crypto::SigningKey::FromSeed(std::string(32, 'x')))),
              StartsWith("seen: not cosigned: "));
}

TEST_F(InactionTest, OfEntriesAfterWhatWasSeenItSaysNothing) {
  stated_.mutable_fact()->mutable_deadline_rung_reached()->mutable_seen()->set_size(3);
  Write();
  Cosign("2024-10-22T00:00:00Z");
  EXPECT_THAT(VerifyInaction(folder_, Keys(), {ombudsman_.verifier()})->witnessed(),
              HasSubstr("of the 1 entry after the 3 the watcher says nothing"));
}

TEST_F(InactionTest, AStepThatStoodInWhatWasSeenRefutesIt) {
  Write();
  EXPECT_EQ(Try(2), "refuted");
}

TEST_F(InactionTest, NothingElseRefutesIt) {
  Write();
  EXPECT_EQ(Try(0), "it stands before the fact from which the limit runs");
  EXPECT_EQ(Try(1), "it stands before the fact from which the limit runs");
  EXPECT_EQ(Try(3), "it is about another case");
}

TEST_F(InactionTest, AStepAfterWhatWasSeenRefutesNothing) {
  stated_.mutable_fact()->mutable_deadline_rung_reached()->mutable_seen()->set_size(2);
  Write();
  EXPECT_THAT(Problems(), IsEmpty());
  EXPECT_EQ(Try(2), "it stands at 2, after the 2 entries that were seen");
}

TEST_F(InactionTest, AnotherFactOfTheDutyHolderRefutesNothing) {
  stated_.mutable_fact()->mutable_deadline_rung_reached()->mutable_anchor()->set_log("ppk-13.04");
  Write();
  std::filesystem::remove(folder_ + "/anchor.tlog-proof");
  EXPECT_THAT(Try(0), HasSubstr("case_assigned does not meet D-10"));
}

TEST_F(InactionTest, OnlyTheReferenceDataOfTheStatementSayWhatMeetsALimit) {
  stated_.set_catalogue(std::string(64, '0'));
  Write();
  EXPECT_THAT(Try(2), HasSubstr("reference data does not have the digest"));
}

TEST_F(InactionTest, WhatDoesNotFitIsNotProven) {
  stated_.mutable_fact()->mutable_deadline_rung_reached()->mutable_seen()->set_size(5);
  Write();
  EXPECT_THAT(Problems(),
              ElementsAre("seen: the checkpoint is older than what the watcher says it saw"));
  stated_.mutable_fact()->mutable_deadline_rung_reached()->mutable_seen()->set_size(4);
  Write();
  Save("seen.note", intake_->shared().checkpoint().note);
  EXPECT_THAT(Problems(), ElementsAre("seen: the checkpoint is of selaras/bawaslu-13"));
  Write();
  Save("anchor.tlog-proof", test::ReceiptOf(*bkn_, 2));
  EXPECT_THAT(Problems(),
              ElementsAre("anchor: the anchor is another entry than the statement names"));
  Write();
  Save("statement.tlog-proof", test::ReceiptOf(*bkn_, 2));
  EXPECT_THAT(Problems(), ElementsAre("statement: it is about no time limit"));
}

TEST_F(InactionTest, AnotherLogThatThePolicyKnowsDoesNotSpeakAsOneOfANode) {
  Write();
  const std::string entry = stated_.SerializeAsString();
  for (const char* origin : {"x", "rome.ct/bawaslu-13", "selaras.bawaslu-13"}) {
    const log::NoteSigner signer =
        *log::NoteSigner::Make(origin, *crypto::SigningKey::FromSeed(std::string(32, 'f')));
    const auto checkpoint = log::SignCheckpoint(signer, {origin, {1}, merkle::HashLeaf(entry)});
    Save("statement.tlog-proof", log::ReceiptText({entry, {0}, {}, checkpoint.note}));
    const auto policy =
        *log::Policy::Parse(absl::StrCat("log ", test::SignerOfLog("bkn").VerifierText(), "\nlog ",
                                         signer.VerifierText(), "\nquorum none\n"));
    const auto told = *VerifyInaction(folder_, policy);
    EXPECT_THAT(told.problems(), ElementsAre(absl::StrCat("statement: the receipt is of ", origin,
                                                          ", which is no log of a node")));
  }
}

TEST_F(InactionTest, WhatIsNoStatementIsAnError) {
  EXPECT_FALSE(VerifyInaction(folder_, Keys()).ok());
  Write();
  Save("statement.tlog-proof", "no receipt\n");
  EXPECT_FALSE(VerifyInaction(folder_, Keys()).ok());
}

}  // namespace
}  // namespace selaras::cli
