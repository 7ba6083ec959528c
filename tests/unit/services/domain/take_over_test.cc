#include "delegation_test_base.h"
#include "services/domain/intake_facts.h"

namespace selaras::domain {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// bawaslu/13 opened the case, bawaslu/ri had it, and it is to go down to bawaslu/13 again.
class TakeOverTest : public DelegationTest {
 protected:
  static constexpr absl::string_view kLower = kBawaslu;
  static constexpr absl::string_view kHigher = kOther;

  static intake::v1::TakeOverCase SomeTakeOver() {
    intake::v1::TakeOverCase command;
    command.set_letter_number("9/PP.01/2024");
    command.set_reason_text("Menyangkut dua provinsi.");
    command.set_summary("Diambil alih.");
    return command;
  }
  absl::Status TakeOver(absl::string_view as = kHigher) {
    return As(as, SomeTakeOver(), DecideTakeOverCase);
  }
  void UntilGivenDown() {
    UntilTakenIn();
    ASSERT_TRUE(Delegate(Delegation(kLower), kHigher).ok()) << last_.status();
    ASSERT_TRUE(TakeIn(kLower).ok()) << last_.status();
  }
  // The higher office decides on what it knows; meanwhile the lower one goes on.
  template <typename Meanwhile>
  void TakeOverWhile(Meanwhile meanwhile) {
    const test::PaperCase known = case_;
    ASSERT_TRUE(TakeOver().ok()) << last_.status();
    const Decision decision = *last_;
    case_ = known;
    meanwhile();
    case_.Write(Section::kIntake, kHigher, decision);
  }
  // The same case, but for what a third office states instead of the higher one.
  void UntilForged(const event::v1::Fact& forged) {
    case_ = test::PaperCase();
    UntilGivenDown();
    Draft draft;
    draft.visibility = Visibility::kParty;
    draft.fact = forged;
    draft.citations.push_back(Cite(case_.section(Section::kIntake).facts(0)));
    case_.Write(Section::kIntake, kThird, Decision{.drafts = {draft}});
  }
  void ExpectHolder(absl::string_view holder, State state) const {
    for (const CaseFold& fold : {case_.fold(), ForParties()}) {
      const Status status = StatusOf(fold);
      EXPECT_EQ(status.holder, holder);
      EXPECT_EQ(status.waiting_for, holder);
      EXPECT_EQ(StateName(status.state), StateName(state));
    }
  }
};

TEST_F(TakeOverTest, TheHigherOfficeGoesOnWhereTheOtherStood) {
  UntilGivenDown();
  EXPECT_THAT(AllowedTo(kHigher), ElementsAre("TakeOverCase", "PlaceLegalHold"));
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  ExpectHolder(kHigher, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
  EXPECT_THAT(AllowedTo(kHigher), Contains("ConcludeCase"));
  EXPECT_THAT(AllowedTo(kHigher), Not(Contains("TakeOverCase")));
  ASSERT_TRUE(As(kHigher, test::SomeConclusion(), DecideConcludeCase).ok()) << last_.status();
  ASSERT_TRUE(ReferAs(kHigher).ok()) << last_.status();
  EXPECT_EQ(fact().case_referred().election(), "PILKADA-2024");
  ASSERT_TRUE(Receive().ok()) << last_.status();
  EXPECT_EQ(StatusOf(ForParties()).holder, kBkn);
  EXPECT_THAT(ContradictionsOf(ForParties()), IsEmpty());
}

TEST_F(TakeOverTest, TheOtherOfficeIsToldThatItHasTheCaseNoMore) {
  UntilGivenDown();
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  const absl::Status refused = Conclude();
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("bawaslu/ri has taken the case over"));
  EXPECT_EQ(Refer().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(AllowedTo(kLower), ElementsAre("PlaceLegalHold"));
  EXPECT_EQ(test::ReasonIn(VoidNewest(Section::kIntake)), "RULE") << "its end rests on it";
}

TEST_F(TakeOverTest, ItNamesWhereTheOtherOfficeEndsAndRestatesTheCase) {
  UntilGivenDown();
  ASSERT_TRUE(Conclude().ok());
  const auto ends = case_.section(Section::kIntake).last();
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  const event::v1::CaseTakenOver& taken = fact().case_taken_over();
  EXPECT_EQ(taken.from(), kLower);
  EXPECT_EQ(taken.previous_ends().sequence(), ends.sequence());
  EXPECT_TRUE(taken.has_got_by());
  EXPECT_EQ(taken.reached(), event::v1::INTAKE_STAGE_VIOLATION_FOUND);
  EXPECT_EQ(taken.concluded().violations_found_size(), 1);
  EXPECT_TRUE(taken.named().report_id().empty());
  EXPECT_THAT(taken.parties(), ElementsAre(kHigher, kLower));
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  ASSERT_EQ(draft().citations.size(), 2u);
  EXPECT_EQ(draft().citations[0].position().sequence(), ends.sequence());
  EXPECT_EQ(draft().personal->references(0).raw(), "9/PP.01/2024");
  EXPECT_EQ(draft().personal->reason_text(), "Menyangkut dua provinsi.");
  ExpectHolder(kHigher, State::kViolationFound);
}

TEST_F(TakeOverTest, OnlyAHigherOfficeThatHadTheCaseMayTakeIt) {
  ASSERT_TRUE(Name().ok());
  EXPECT_EQ(TakeOver().code(), absl::StatusCode::kPermissionDenied) << "it never had the case";
  EXPECT_THAT(AllowedTo(kHigher), IsEmpty());
  ASSERT_TRUE(Delegate(Delegation()).ok()) << last_.status();
  EXPECT_EQ(test::ReasonIn(TakeOver()), "MOVE_NOT_ALLOWED") << "it is on its way to it";
  ASSERT_TRUE(TakeIn().ok()) << last_.status();
  EXPECT_EQ(test::ReasonIn(TakeOver()), "RULE") << "it has it";
  const absl::Status refused = TakeOver(kLower);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("only a higher office"));
  EXPECT_EQ(TakeOver(kThird).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(AllowedTo(kLower), ElementsAre("PlaceLegalHold"));
}

TEST_F(TakeOverTest, OfficesOfOneLevelTakeNothingFromEachOther) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Delegate(Delegation(kThird)).ok()) << last_.status();
  ASSERT_TRUE(TakeIn(kThird).ok()) << last_.status();
  EXPECT_EQ(test::ReasonIn(TakeOver(kLower)), "RULE");
}

TEST_F(TakeOverTest, WhoWasNoPartyTakesNothingWhateverItStates) {
  UntilGivenDown();
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  event::v1::Fact forged = fact();
  UntilForged(forged);
  ExpectHolder(kLower, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(ForParties()),
              ElementsAre(HasSubstr("by bawaslu/14 answers nothing that was handed to it")));
}

TEST_F(TakeOverTest, ALetterAndAReasonAreRequired) {
  UntilGivenDown();
  auto command = SomeTakeOver();
  command.clear_letter_number();
  EXPECT_EQ(test::FieldIn(As(kHigher, command, DecideTakeOverCase)), "letter_number");
  command = SomeTakeOver();
  command.clear_reason_text();
  EXPECT_EQ(test::FieldIn(As(kHigher, command, DecideTakeOverCase)), "reason_text");
}

TEST_F(TakeOverTest, WhatWasReferredIsTakenOverNoMore) {
  UntilGivenDown();
  ASSERT_TRUE(ReferAs(kLower).ok()) << last_.status();
  const absl::Status refused = TakeOver();
  EXPECT_EQ(test::ReasonIn(refused), "MOVE_NOT_ALLOWED");
  EXPECT_EQ(test::MetadataIn(refused)["state"], "referred");
  ASSERT_TRUE(Receive().ok()) << last_.status();
  EXPECT_EQ(test::ReasonIn(TakeOver()), "MOVE_NOT_ALLOWED");
  EXPECT_EQ(StatusOf(case_.fold()).holder, kBkn);
}

TEST_F(TakeOverTest, AReferralOfThatTimeIsOutsideTheCaseEvenIfItWasReceived) {
  UntilGivenDown();
  TakeOverWhile([&] {
    ASSERT_TRUE(ReferAs(kLower).ok()) << last_.status();
    ASSERT_TRUE(Receive().ok()) << last_.status();
    EXPECT_EQ(StatusOf(case_.fold()).holder, kBkn);
  });
  ExpectHolder(kHigher, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(ForParties()),
              ElementsAre(HasSubstr("referral section by bkn received what had been taken over"),
                          HasSubstr("bawaslu/13 goes on after the case was taken over")));
  EXPECT_THAT(PartiesOf(ForParties()), Contains(kBkn)) << "it hears how it goes on";
  EXPECT_EQ(StateName(case_.StateIn(Section::kReferral)), StateName(State::kNone));
  // The higher office sends it again, and the body receives it again.
  ASSERT_TRUE(ReferAs(kHigher).ok()) << last_.status();
  ASSERT_TRUE(Receive().ok()) << last_.status();
  EXPECT_EQ(StatusOf(ForParties()).holder, kBkn);
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), StateName(State::kReceived));
}

TEST_F(TakeOverTest, WhoeverHasSuchAReferralIsToldToPutItAsideAlsoThePpk) {
  UntilGivenDown();
  TakeOverWhile([&] {
    ASSERT_TRUE(ReferAs(kLower).ok()) << last_.status();
    ASSERT_TRUE(Receive().ok()) << last_.status();
    ASSERT_TRUE(Recommend().ok()) << last_.status();
    ASSERT_TRUE(ReceiveAsPpk().ok()) << last_.status();
  });
  ExpectHolder(kHigher, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(ForParties()),
              ElementsAre(AllOf(HasSubstr("by bkn received what had been taken over"),
                                HasSubstr("put it aside; the office that has the case now sends "
                                          "it again")),
                          HasSubstr("by ppk/13.04 received what had been taken over: put it aside"),
                          HasSubstr("bawaslu/13 goes on after the case was taken over")));
  EXPECT_EQ(Decide().code(), absl::StatusCode::kPermissionDenied);
}

// The higher office knows whom it concerns from when it had the case; see also what it sees.
TEST_F(TakeOverTest, WhatTheOtherOfficeIdentifiedSinceIsToBeIdentifiedAnew) {
  UntilGivenDown();
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  EXPECT_TRUE(fact().case_taken_over().named().identified()) << "known when it had the case";
  EXPECT_FALSE(draft().personal->has_respondent()) << "nobody hands it what it has";
}

TEST_F(TakeOverTest, AConclusionOfThatTimeIsOutsideTheCase) {
  UntilGivenDown();
  TakeOverWhile([&] {
    intake::v1::ConcludeCase none;
    ASSERT_TRUE(As(kLower, none, DecideConcludeCase).ok()) << last_.status();
  });
  ExpectHolder(kHigher, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(ForParties()),
              ElementsAre(HasSubstr("bawaslu/13 goes on after the case was taken over")));
  // The other office may still take it back; what it had stated before stays.
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << last_.status();
  EXPECT_THAT(ContradictionsOf(ForParties()), IsEmpty());
  ExpectHolder(kHigher, State::kAccepted);
}

TEST_F(TakeOverTest, AThirdOfficeThatReceivedItAtThatTimeHasNothing) {
  UntilGivenDown();
  TakeOverWhile([&] {
    ASSERT_TRUE(Delegate(Delegation(kThird), kLower).ok()) << last_.status();
    ASSERT_TRUE(TakeIn(kThird).ok()) << last_.status();
    EXPECT_EQ(StatusOf(case_.fold()).holder, kThird);
  });
  ExpectHolder(kHigher, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(ForParties()),
              ElementsAre(HasSubstr("by bawaslu/14 received what had been taken over"),
                          HasSubstr("bawaslu/13 goes on")));
  EXPECT_THAT(PartiesOf(ForParties()), Contains(kThird));
}

TEST_F(TakeOverTest, ItHoldsAlsoWhereTheOtherOfficeTakesBackThatItHasTheCase) {
  UntilGivenDown();
  TakeOverWhile([&] { ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << last_.status(); });
  ExpectHolder(kHigher, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(ForParties()), IsEmpty());
}

TEST_F(TakeOverTest, ItHoldsAlsoWhereTheOtherOfficeReceivesTheCaseOnceMore) {
  UntilGivenDown();
  TakeOverWhile([&] {
    ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << last_.status();
    ASSERT_TRUE(TakeIn(kLower).ok()) << last_.status();
  });
  ExpectHolder(kHigher, State::kAccepted);
  EXPECT_THAT(ContradictionsOf(ForParties()), ElementsAre(HasSubstr("bawaslu/13 goes on")));
}

TEST_F(TakeOverTest, TheHigherOfficeMayTakeItBackAndGiveTheCaseDownAgain) {
  UntilGivenDown();
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  const test::PaperCase taken = case_;
  event::v1::Fact taken_back;
  const auto& segment = *FindSegment(case_.fold().segments(), Section::kIntake, kHigher);
  *taken_back.mutable_fact_voided()->mutable_position() =
      segment.facts(segment.facts_size() - 1).position();
  case_.Write(Section::kIntake, kHigher, taken_back);
  ExpectHolder(kLower, State::kAccepted);

  case_ = taken;
  ASSERT_TRUE(Delegate(Delegation(kLower), kHigher).ok()) << last_.status();
  ASSERT_TRUE(TakeIn(kLower).ok()) << last_.status();
  ExpectHolder(kLower, State::kAccepted);
  ASSERT_TRUE(As(kLower, test::SomeConclusion(), DecideConcludeCase).ok()) << last_.status();
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  ExpectHolder(kHigher, State::kViolationFound);
  EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
}

TEST_F(TakeOverTest, ItDecidesNoCorrectionWhereTheOtherOfficeEnds) {
  UntilGivenDown();
  ASSERT_TRUE(TakeOver().ok()) << last_.status();
  const auto& segment = *FindSegment(case_.fold().segments(), Section::kIntake, kHigher);
  command::v1::CorrectFact command;
  command.set_case_id(case_.id());
  *command.mutable_position() = segment.facts(segment.facts_size() - 1).position();
  command.set_reason("salah ketik");
  command.mutable_fields()->add_paths("previous_ends");
  *command.mutable_new_fact() = fact();
  EXPECT_EQ(test::ReasonIn(Do(Section::kIntake, kHigher,
                              [&](const Call& call) {
                                return DecideCorrectFact(command, case_.fold(), Section::kIntake,
                                                         call);
                              })),
            "RULE");
}

}  // namespace
}  // namespace selaras::domain
