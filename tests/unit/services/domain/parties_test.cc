#include <set>

#include "case_test_base.h"
#include "services/domain/fold.h"

namespace selaras::domain {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PartiesTest : public CaseTest {
 protected:
  // What somebody holds to whom only the party entries were disclosed.
  CaseFold AsSeenByOthers() const {
    std::vector<test::PaperCase::Entry> entries;
    for (const auto& entry : case_.entries()) {
      if (entry.event.party_number() > 0) entries.push_back(entry);
    }
    return test::FoldOf(case_.id(), entries);
  }
  base::Digest Digest() const { return PartyDigest(case_.fold()); }
};

TEST_F(PartiesTest, ThereAreNoneBeforeTheReferral) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Conclude().ok());
  EXPECT_THAT(PartiesOf(case_.fold()), IsEmpty());
  EXPECT_EQ(Digest(), base::Digest());
}

TEST_F(PartiesTest, TheyComeInTheOrderInWhichFactsMadeThemSo) {
  UntilReferred();
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kBkn));
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Recommend().ok());
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kBkn, kPpk));
}

TEST_F(PartiesTest, TheBodyThatTookOverIsNamedOnceItRecommends) {
  ASSERT_TRUE(Name().ok());
  auto referral = test::SomeReferral();
  *referral.mutable_occurred_at() = test::On("2024-08-20");
  ASSERT_TRUE(Refer(referral).ok());
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, "kasn"));
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Recommend().ok());
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, "kasn", kBkn, kPpk));
}

TEST_F(PartiesTest, WhoOnceWasOneStaysOneWhenTheFactIsTakenBack) {
  UntilRecommended();
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kBkn, kPpk))
      << "who holds the fact must learn that it was taken back";
  auto elsewhere = test::SomeRecommendation(case_.id());
  elsewhere.set_to("ppk/13.05");
  ASSERT_TRUE(Recommend(elsewhere).ok());
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kBkn, kPpk, "ppk/13.05"));
}

TEST_F(PartiesTest, ATakenBackReferralStillConcernsItsAddressee) {
  UntilReferred();
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok());
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kBkn));
  EXPECT_THAT(PartiesOf(AsSeenByOthers()), ElementsAre(kBawaslu, kBkn));
}

TEST_F(PartiesTest, DigestNeedsNoOfficeEntries) {
  UntilReferred();
  const CaseFold others = AsSeenByOthers();
  EXPECT_NE(Digest(), base::Digest());
  EXPECT_EQ(PartyDigest(others), Digest());
  EXPECT_LT(others.segments(0).facts_size(), case_.fold().segments(0).facts_size());
}

TEST_F(PartiesTest, DigestIsEqualForEqualPartyEntriesWhateverTheOrderOfTheLogs) {
  UntilHandedOver();
  EXPECT_EQ(PartyDigest(test::FoldOf(case_.id(), case_.EntriesBackwards())), Digest());
  EXPECT_EQ(PartyDigest(AsSeenByOthers()), Digest());
  EXPECT_EQ(StatusOf(AsSeenByOthers()).state, StatusOf(case_.fold()).state);
}

TEST_F(PartiesTest, PartiesSeeTheSameStatusFromTheReferralOnWithoutOfficeEntries) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Review().ok());
  const auto expect_same = [&](const absl::Status& moved) {
    ASSERT_TRUE(moved.ok()) << moved;
    const CaseFold seen = AsSeenByOthers();
    const Status here = StatusOf(case_.fold());
    const Status there = StatusOf(seen);
    EXPECT_EQ(StateName(there.state), StateName(here.state));
    EXPECT_EQ(there.holder, here.holder);
    EXPECT_EQ(there.waiting_for, here.waiting_for);
    EXPECT_EQ(there.since->position().sequence(), here.since->position().sequence());
  };
  expect_same(Refer());
  expect_same(Receive());
  expect_same(Verify());
  expect_same(Recommend());
  expect_same(ReceiveAsPpk());
  expect_same(Summon());
  expect_same(Examine());
  expect_same(Block());
  expect_same(Decide());
  expect_same(HandOver());
  expect_same(Object());
}

TEST_F(PartiesTest, DigestChangesWithEveryPartyEntryAndWithNoOther) {
  std::set<base::Digest> seen = {Digest()};
  const auto expect_new = [&](const absl::Status& moved) {
    ASSERT_TRUE(moved.ok()) << moved;
    EXPECT_TRUE(seen.insert(Digest()).second);
  };
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Review().ok());
  EXPECT_EQ(Digest(), base::Digest());
  expect_new(Refer());
  expect_new(Receive());
  expect_new(Verify());
  auto correction = Correction(Section::kReferral, "occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-17");
  expect_new(Correct(Section::kReferral, correction));
  expect_new(VoidNewest(Section::kReferral));
  case_.Write(Section::kReferral, kBkn, event::v1::Fact());
  EXPECT_TRUE(seen.insert(Digest()).second) << "a fact of the future counts as well";

  const base::Digest before = Digest();
  event::v1::Fact office;
  office.mutable_respondent_identified()->set_employment_status("PNS");
  case_.Write(Section::kIntake, kBawaslu, office, Visibility::kOffice);
  EXPECT_EQ(Digest(), before);
}

TEST_F(PartiesTest, DigestTellsOneMissingEntry) {
  UntilHandedOver();
  for (std::size_t missing = 0; missing < case_.entries().size(); ++missing) {
    auto entries = case_.entries();
    if (entries[missing].event.party_number() == 0) continue;
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_NE(PartyDigest(test::FoldOf(case_.id(), entries)), Digest()) << missing;
  }
}

TEST_F(PartiesTest, ASectionThatAnswersAnotherReferralIsAContradictionAndMovesNothing) {
  UntilReferred();
  Draft received;  // cites nothing
  received.visibility = Visibility::kParty;
  received.fact.mutable_case_received();
  case_.Write(Section::kReferral, kBkn, Decision{.drafts = {received}});
  EXPECT_EQ(StatusOf(case_.fold()).state, State::kReferred);
  EXPECT_EQ(StatusOf(case_.fold()).waiting_for, kBkn);
  EXPECT_THAT(ContradictionsOf(case_.fold()),
              ElementsAre(HasSubstr("referral section by bkn answers nothing")));
}

TEST_F(PartiesTest, AnAnswerMeansTheBytesThatItCites) {
  UntilReferred();
  const auto& intake = case_.section(Section::kIntake);
  Draft received;
  received.visibility = Visibility::kParty;
  received.fact.mutable_case_received();
  received.citations.push_back(Cite(intake.facts(intake.facts_size() - 1)));
  received.citations[0].set_leaf_hash(std::string(32, 'x'));
  case_.Write(Section::kReferral, kBkn, Decision{.drafts = {received}});
  EXPECT_EQ(StatusOf(case_.fold()).state, State::kReferred);
  EXPECT_THAT(ContradictionsOf(case_.fold()),
              ElementsAre(HasSubstr("referral section by bkn answers nothing")));
}

TEST_F(PartiesTest, AReferralThatWasTakenBackMeanwhileIsShownAsAContradiction) {
  UntilReferred();
  const event::v1::Position referred = case_.Newest(Section::kIntake);
  ASSERT_TRUE(Receive().ok());
  event::v1::Fact voided;  // Bawaslu did not know yet
  *voided.mutable_fact_voided()->mutable_position() = referred;
  case_.Write(Section::kIntake, kBawaslu, voided);
  EXPECT_EQ(StatusOf(case_.fold()).state, State::kViolationFound);
  EXPECT_EQ(StatusOf(case_.fold()).holder, kBawaslu);
  const auto told = ElementsAre(AllOf(HasSubstr("referral section by bkn"),
                                      HasSubstr("was taken back, or never sent"),
                                      HasSubstr("put it aside until it is sent again")));
  EXPECT_THAT(ContradictionsOf(case_.fold()), told);
  EXPECT_THAT(ContradictionsOf(AsSeenByOthers()), told) << "the loser is told, too";
}

TEST_F(PartiesTest, ASanctionSectionOfSomebodyElseIsAContradictionAndMovesNothing) {
  UntilRecommended();
  event::v1::Fact received;
  received.mutable_recommendation_received();
  Draft draft;
  draft.visibility = Visibility::kParty;
  draft.fact = received;
  const auto& sent = case_.section(Section::kReferral);
  draft.citations.push_back(Cite(sent.facts(sent.facts_size() - 1)));
  case_.Write(Section::kSanction, "ppk/13.05", Decision{.drafts = {draft}});
  EXPECT_EQ(StatusOf(case_.fold()).state, State::kRecommended);
  EXPECT_THAT(ContradictionsOf(case_.fold()), ElementsAre(HasSubstr("ppk/13.05")));
}

TEST_F(PartiesTest, AnHonestCaseContradictsNothing) {
  UntilHandedOver();
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
}

}  // namespace
}  // namespace selaras::domain
