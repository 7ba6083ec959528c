#include "delegation_test_base.h"
#include "services/domain/intake_facts.h"

namespace selaras::domain {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(DelegationTest, TheFileChangesHandsWhenTheOtherOfficeTakesItIn) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Review().ok());
  ASSERT_TRUE(Delegate(Delegation()).ok()) << last_.status();
  Status status = StatusOf(case_.fold());
  EXPECT_EQ(StateName(status.state), StateName(State::kDelegated));
  EXPECT_EQ(status.holder, kBawaslu);
  EXPECT_EQ(status.waiting_for, kOther);
  EXPECT_THAT(AllowedTo(kOther), ElementsAre("ReceiveDelegatedCase"));
  ASSERT_TRUE(TakeIn().ok()) << last_.status();
  status = StatusOf(case_.fold());
  EXPECT_EQ(StateName(status.state), StateName(State::kAccepted)) << "it goes on where it stopped";
  EXPECT_EQ(status.holder, kOther);
  EXPECT_EQ(status.waiting_for, kOther);
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kOther));
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
}

TEST_F(DelegationTest, TheOtherOfficeGoesOnAndTheFirstOneNoMore) {
  UntilTakenIn();
  EXPECT_EQ(Conclude().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Refer().code(), absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(As(kOther, test::SomeConclusion(), DecideConcludeCase).ok()) << last_.status();
  ASSERT_TRUE(ReferAs(kOther).ok()) << last_.status();
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), StateName(State::kReferred));
  ASSERT_TRUE(Receive().ok()) << last_.status();
  EXPECT_EQ(StatusOf(case_.fold()).holder, kBkn);
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kOther, kBkn));
}

TEST_F(DelegationTest, WhatTheFirstOfficeFoundIsReferredByTheOther) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Conclude().ok());
  const auto found = fact().case_concluded().violations_found();
  ASSERT_TRUE(Delegate(Delegation()).ok());
  ASSERT_TRUE(TakeIn().ok());
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), StateName(State::kViolationFound));
  ASSERT_TRUE(ReferAs(kOther).ok()) << last_.status();
  const auto& referred = fact().case_referred();
  EXPECT_EQ(referred.violations_found_size(), found.size());
  EXPECT_EQ(referred.election(), "PILKADA-2024");
  EXPECT_EQ(referred.incident_on(), test::SomeRespondent().incident_on());
}

TEST_F(DelegationTest, ItRestatesNothingOfTheReport) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Delegate(Delegation()).ok());
  const auto& named = fact().case_delegated().named();
  EXPECT_TRUE(named.report_id().empty());
  EXPECT_EQ(named.violations_alleged_size(), test::SomeRespondent().violations_alleged_size());
  EXPECT_EQ(draft().visibility, Visibility::kParty);
}

TEST_F(DelegationTest, OnlyTheOfficeAddressedMayTakeItIn) {
  ASSERT_TRUE(Name().ok());
  EXPECT_FALSE(TakeIn().ok()) << "nothing was given to it";
  ASSERT_TRUE(Delegate(Delegation()).ok());
  EXPECT_EQ(TakeIn(kThird).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(TakeIn(kBawaslu).code(), absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(TakeIn().ok());
  EXPECT_FALSE(TakeIn().ok()) << "it has it already";
}

TEST_F(DelegationTest, ItCanBeTakenBackUntilTheOtherOfficeHasIt) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Delegate(Delegation()).ok());
  EXPECT_FALSE(Conclude().ok()) << "it is on its way";
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << last_.status();
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), StateName(State::kNamed));
  EXPECT_FALSE(TakeIn().ok());
  ASSERT_TRUE(Delegate(Delegation(kThird)).ok()) << last_.status();
  ASSERT_TRUE(TakeIn(kThird).ok()) << last_.status();
  EXPECT_FALSE(VoidNewest(Section::kIntake).ok()) << "the other office has it";
}

TEST_F(DelegationTest, ItMayComeBackAndGoOnToAThirdOffice) {
  UntilTakenIn();
  ASSERT_TRUE(Delegate(Delegation(kBawaslu), kOther).ok()) << last_.status();
  ASSERT_TRUE(TakeIn(kBawaslu).ok()) << last_.status();
  EXPECT_EQ(StatusOf(case_.fold()).holder, kBawaslu);
  ASSERT_TRUE(Delegate(Delegation(kThird)).ok()) << last_.status();
  ASSERT_TRUE(TakeIn(kThird).ok()) << last_.status();
  EXPECT_EQ(StatusOf(case_.fold()).holder, kThird);
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), StateName(State::kAccepted));
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
  const CaseFold backwards = test::FoldOf(case_.id(), case_.EntriesBackwards());
  EXPECT_EQ(backwards.SerializeAsString(), case_.fold().SerializeAsString());
}

TEST_F(DelegationTest, WhatIsNoOfficeOfBawasluOrUnknownIsRefused) {
  ASSERT_TRUE(Name().ok());
  EXPECT_THAT(Delegate(Delegation("bkn")).message(), HasSubstr("to"));
  EXPECT_THAT(Delegate(Delegation("bawaslu/99")).message(), HasSubstr("to"));
  EXPECT_THAT(Delegate(Delegation(kBawaslu)).message(), HasSubstr("to"));
  auto command = Delegation();
  command.set_kind("hadiah");
  EXPECT_THAT(Delegate(command).message(), HasSubstr("kind"));
}

TEST_F(DelegationTest, TheOthersSeeTheCaseAlsoBeforeTheFirstOfficeIsHeard) {
  UntilTakenIn();
  ASSERT_TRUE(ReferAs(kOther).ok()) << last_.status();
  const CaseFold early = ForParties(kBawaslu);
  EXPECT_EQ(StateName(StatusOf(early).state), StateName(State::kReferred));
  EXPECT_EQ(StatusOf(early).waiting_for, kBkn);
  EXPECT_THAT(ContradictionsOf(early), IsEmpty());
  const CaseFold all = ForParties();
  EXPECT_EQ(StateName(StatusOf(all).state), StateName(State::kReferred));
  EXPECT_EQ(StatusOf(all).holder, kOther);
  EXPECT_THAT(ContradictionsOf(all), IsEmpty());
}

TEST_F(DelegationTest, WhatTheFirstOfficeCanStillCorrectIsItsOwn) {
  UntilTakenIn();
  EXPECT_FALSE(Correct(Section::kIntake, Correction(Section::kIntake, "reached")).ok());
  EXPECT_THAT(AllowedTo(kBawaslu), ElementsAre("PlaceLegalHold"));
}

TEST_F(DelegationTest, AnOfficeIsToldOfWhatIsAllowedToItselfOnly) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Delegate(Delegation()).ok()) << last_.status();
  // It may still ask for what is under way to the other one.
  EXPECT_THAT(AllowedTo(kBawaslu), Contains("MakeRequest"));
  EXPECT_THAT(AllowedTo(kBawaslu), Not(Contains("ReceiveDelegatedCase")));
  EXPECT_THAT(AllowedTo(kThird), IsEmpty());
  ASSERT_TRUE(TakeIn().ok()) << last_.status();
  EXPECT_THAT(AllowedTo(kOther), Contains("ReviewCase"));
  EXPECT_THAT(AllowedTo(kBawaslu), ElementsAre("PlaceLegalHold"));
}

TEST_F(DelegationTest, TheFirstOfficeHearsWhetherTheOtherAcceptsTheCase) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Delegate(Delegation()).ok()) << last_.status();
  ASSERT_TRUE(TakeIn().ok()) << last_.status();
  intake::v1::ReviewCase review = test::SomeReview();
  review.set_accepted(false);
  ASSERT_TRUE(As(kOther, review, DecideReviewCase).ok()) << last_.status();
  const Status seen = StatusOf(ForParties());
  EXPECT_EQ(StateName(seen.state), StateName(State::kNotAccepted));
  EXPECT_EQ(seen.waiting_for, "");
}

TEST_F(DelegationTest, WhatWasTakenBackWhileItWasTakenInLeavesOneHolder) {
  UntilTakenIn();
  const auto& delegated =
      *LastFact(case_.section(Section::kIntake), event::v1::Fact::kCaseDelegated);
  event::v1::Fact taken_back;
  *taken_back.mutable_fact_voided()->mutable_position() = delegated.position();
  case_.Write(Section::kIntake, kBawaslu, taken_back);
  EXPECT_EQ(StatusOf(case_.fold()).holder, kBawaslu);
  const CaseFold seen = ForParties();
  EXPECT_EQ(StatusOf(seen).holder, "") << "the other office knows that it has nothing";
  EXPECT_THAT(ContradictionsOf(seen), ElementsAre(HasSubstr("answers nothing")));
  EXPECT_THAT(PartiesOf(seen), ElementsAre(kBawaslu, kOther)) << "they hear how it goes on";
}

}  // namespace
}  // namespace selaras::domain
