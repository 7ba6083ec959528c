#include "services/domain/custody.h"

#include "case_test_base.h"
#include "services/domain/decide_common.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CustodyTest : public CaseTest {
 protected:
  static constexpr absl::string_view kOtherPpk = "ppk/13.05";

  Status Now() const { return StatusOf(case_.fold()); }
  void ExpectTurn(State state, absl::string_view holder, absl::string_view waiting_for) {
    EXPECT_EQ(StateName(Now().state), StateName(state));
    EXPECT_EQ(Now().holder, holder);
    EXPECT_EQ(Now().waiting_for, waiting_for);
    EXPECT_THAT(ContradictionsOf(case_.fold()), IsEmpty());
    // Whatever log is heard first.
    const CaseFold backwards = test::FoldOf(case_.id(), case_.EntriesBackwards());
    EXPECT_EQ(backwards.SerializeAsString(), case_.fold().SerializeAsString());
  }
  std::vector<std::string> Holders() const {
    std::vector<std::string> holders;
    for (const Stint& stint : CustodyOf(case_.fold()).stints) {
      holders.push_back(stint.segment->writer());
    }
    return holders;
  }
  absl::Status Move(absl::string_view to = kOtherPpk) {
    sanction::v1::RecordMoved command;
    command.set_case_id(case_.id());
    command.set_to(std::string(to));
    return Sanction(command, DecideRecordMoved);
  }
  absl::Status RecommendTo(absl::string_view ppk) {
    auto command = test::SomeRecommendation(case_.id());
    command.set_to(std::string(ppk));
    return Recommend(command);
  }
  absl::Status Close() {
    referral::v1::CloseCase command;
    command.set_case_id(case_.id());
    command.set_reason("sanksi");
    return Referral(command, DecideCloseCase);
  }
  absl::Status Reopen() {
    referral::v1::ReopenCase command;
    command.set_case_id(case_.id());
    command.set_reason("bukti_baru");
    return Referral(command, DecideReopenCase);
  }
};

TEST_F(CustodyTest, TheFileChangesHandsWhenTheReceiverAcknowledgesIt) {
  UntilReferred();
  ExpectTurn(State::kReferred, kBawaslu, kBkn);
  ASSERT_TRUE(Receive().ok());
  ExpectTurn(State::kReceived, kBkn, kBkn);
  ASSERT_TRUE(Recommend().ok());
  ExpectTurn(State::kRecommended, kBkn, kPpk);
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ExpectTurn(State::kReceivedByPpk, kPpk, kPpk);
  EXPECT_THAT(Holders(), ElementsAre(kBawaslu, kBkn, kPpk));
}

TEST_F(CustodyTest, WhatWasReturnedIsSentAgainAndReceivedAnew) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  EXPECT_FALSE(Refer().ok()) << "BKN has it";
  ASSERT_TRUE(Return().ok());
  ExpectTurn(State::kReturned, kBkn, kBawaslu);
  ASSERT_TRUE(Refer().ok()) << last_.status();
  ExpectTurn(State::kReferred, kBawaslu, kBkn);
  EXPECT_FALSE(Verify().ok()) << "it has to be received first";
  ASSERT_TRUE(Receive().ok()) << last_.status();
  ExpectTurn(State::kReceived, kBkn, kBkn);
  ASSERT_TRUE(Verify().ok()) << last_.status();
  EXPECT_THAT(Holders(), ElementsAre(kBawaslu, kBkn));
}

TEST_F(CustodyTest, WhatWasReturnedMayBeJudgedAnewAndEndThere) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Return().ok());
  intake::v1::ConcludeCase command;
  command.mutable_case_ref()->set_case_id(case_.id());
  command.set_outcome("dicatut");
  ASSERT_TRUE(Conclude(command).ok()) << last_.status();
  ExpectTurn(State::kNoViolation, kBawaslu, "");
}

TEST_F(CustodyTest, ARespondentWhoMovedTakesTheCaseToTheOtherPpk) {
  UntilRecommended();
  EXPECT_FALSE(RecommendTo(kOtherPpk).ok()) << "the first one has not answered";
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Move().ok()) << last_.status();
  ExpectTurn(State::kRespondentMoved, kPpk, kBkn);
  EXPECT_FALSE(RecommendTo(kPpk).ok()) << "it gave the case back";
  ASSERT_TRUE(RecommendTo(kOtherPpk).ok()) << last_.status();
  ExpectTurn(State::kRecommended, kBkn, kOtherPpk);
  EXPECT_EQ(Summon().code(), absl::StatusCode::kPermissionDenied) << "the case went on";
  ASSERT_TRUE(ReceiveAsPpk(kOtherPpk).ok()) << last_.status();
  ExpectTurn(State::kReceivedByPpk, kOtherPpk, kOtherPpk);
  EXPECT_THAT(Holders(), ElementsAre(kBawaslu, kBkn, kOtherPpk));
  EXPECT_THAT(PartiesOf(case_.fold()), ElementsAre(kBawaslu, kBkn, kPpk, kOtherPpk));
}

TEST_F(CustodyTest, WhatTheFirstPpkAddsLaterIsOutsideTheCaseAndAContradiction) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Move().ok());
  ASSERT_TRUE(RecommendTo(kOtherPpk).ok());
  event::v1::Fact decided;
  decided.mutable_sanction_decided()->set_sanction("B-1");
  case_.Write(Section::kSanction, kPpk, decided);
  event::v1::Fact noted;
  noted.mutable_conflict_flagged()->set_authority(std::string(kPpk));
  case_.Write(Section::kSanction, kPpk, noted, Visibility::kOffice);
  EXPECT_EQ(Now().state, State::kRecommended);
  EXPECT_EQ(Now().waiting_for, kOtherPpk);
  EXPECT_THAT(ContradictionsOf(case_.fold()),
              ElementsAre(HasSubstr("ppk/13.04 goes on after the case went to another PPK")));
}

TEST_F(CustodyTest, ACaseIsClosedWhereThePpkHasDoneAndNotBefore) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  EXPECT_FALSE(Close().ok());
  ASSERT_TRUE(Decide().ok());
  EXPECT_FALSE(Close().ok()) << "the respondent does not know yet";
  ASSERT_TRUE(HandOver().ok());
  ASSERT_TRUE(Close().ok()) << last_.status();
  ExpectTurn(State::kClosed, kBkn, "");
  EXPECT_EQ(LastFact(case_.fold(), Section::kSanction, F::kSanctionDecided)
                ->fact()
                .sanction_decided()
                .sanction(),
            "B-2")
      << "what was imposed stays known";
}

TEST_F(CustodyTest, AnObjectionAfterTheClosingBringsTheFileToThePpkAgain) {
  UntilHandedOver();
  ASSERT_TRUE(Close().ok());
  ASSERT_TRUE(Object().ok()) << last_.status();
  ExpectTurn(State::kObjected, kPpk, kPpk);
}

TEST_F(CustodyTest, AClosedCaseMayBeTakenUpAgain) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Dismiss().ok());
  EXPECT_FALSE(Recommend().ok());
  ASSERT_TRUE(Reopen().ok()) << last_.status();
  ExpectTurn(State::kReceived, kBkn, kBkn);
  ASSERT_TRUE(Recommend().ok());
}

TEST_F(CustodyTest, ARequestChangesNothingUntilTheHolderAnswers) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  command::v1::MakeRequest ask;
  ask.mutable_case_ref()->set_case_id(case_.id());
  ask.set_request("recall");
  const auto make = [&](Section section, absl::string_view authority) {
    return Do(section, authority, [&](const Call& call) {
      return DecideMakeRequest(ask, case_.fold(), section, call);
    });
  };
  EXPECT_FALSE(make(Section::kReferral, kBkn).ok()) << "the holder asks nobody";
  ASSERT_TRUE(make(Section::kIntake, kBawaslu).ok()) << last_.status();
  ExpectTurn(State::kReceived, kBkn, kBkn);
  command::v1::AnswerRequest answer;
  answer.mutable_case_ref()->set_case_id(case_.id());
  *answer.mutable_request() = case_.Newest(Section::kIntake);
  answer.set_granted(true);
  const auto reply = [&](Section section, absl::string_view authority) {
    return Do(section, authority, [&](const Call& call) {
      return DecideAnswerRequest(answer, case_.fold(), section, call);
    });
  };
  EXPECT_FALSE(reply(Section::kIntake, kBawaslu).ok()) << "only the holder answers";
  ASSERT_TRUE(reply(Section::kReferral, kBkn).ok()) << last_.status();
  EXPECT_FALSE(reply(Section::kReferral, kBkn).ok()) << "once";
  ASSERT_TRUE(Return().ok());
  ExpectTurn(State::kReturned, kBkn, kBawaslu);
}

TEST_F(CustodyTest, NobodyAnswersWhatAStrangerAsks) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  event::v1::Fact asked;
  asked.mutable_request_made()->set_request("recall");
  case_.Write(Section::kSanction, kOtherPpk, asked);
  command::v1::AnswerRequest answer;
  answer.mutable_case_ref()->set_case_id(case_.id());
  *answer.mutable_request() = case_.Newest(Section::kSanction);
  const absl::Status refused = Do(Section::kReferral, kBkn, [&](const Call& call) {
    return DecideAnswerRequest(answer, case_.fold(), Section::kReferral, call);
  });
  EXPECT_THAT(std::string(refused.message()), HasSubstr("is no request of this case"));
}

TEST_F(CustodyTest, ACopyIsTrackedAndSeenByThoseWhoSeeWhatItCopies) {
  ASSERT_TRUE(Name().ok());
  ASSERT_TRUE(Review().ok());
  command::v1::SendCopy send;
  send.mutable_case_ref()->set_case_id(case_.id());
  send.set_to("menpanrb");
  const auto copy = [&] {
    *send.mutable_of() = case_.Newest(Section::kIntake);
    return Do(Section::kIntake, kBawaslu, [&](const Call& call) {
      return DecideSendCopy(send, case_.fold(), Section::kIntake, call);
    });
  };
  ASSERT_TRUE(copy().ok()) << last_.status();
  EXPECT_EQ(draft().visibility, Visibility::kOffice);
  ASSERT_TRUE(Refer().ok());
  ASSERT_TRUE(copy().ok()) << last_.status();
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  command::v1::RecordCopyReceived received;
  received.mutable_case_ref()->set_case_id(case_.id());
  *received.mutable_copy() = case_.Newest(Section::kIntake);
  ASSERT_TRUE(Do(Section::kIntake, kBawaslu,
                 [&](const Call& call) {
                   return DecideRecordCopyReceived(received, case_.fold(), Section::kIntake, call);
                 })
                  .ok())
      << last_.status();
  send.set_to("nobody");
  EXPECT_EQ(copy().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CustodyTest, WhoForgesTheOpeningOfACaseOfOthersMovesNothingAndMakesNobodyAParty) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  std::vector<test::PaperCase::Entry> entries;  // as BKN holds them
  for (const auto& entry : case_.entries()) {
    if (entry.event.party_number() > 0) entries.push_back(entry);
  }
  test::PaperCase::Entry forged;
  forged.section = Section::kIntake;
  forged.position.set_log("bawaslu-11");
  forged.event.set_author("bawaslu/11");
  forged.event.set_case_id(case_.id());
  forged.event.set_party_number(1);
  auto* referred = forged.event.mutable_fact()->mutable_case_referred();
  referred->set_to("bkn");
  referred->add_parties("bawaslu/11");
  referred->add_parties("ppk/13.05");
  entries.push_back(forged);
  const CaseFold fold = test::FoldOf(case_.id(), entries);
  EXPECT_EQ(StatusOf(fold).state, State::kReceived);
  EXPECT_EQ(StatusOf(fold).holder, kBkn);
  EXPECT_THAT(PartiesOf(fold), ElementsAre(kBawaslu, kBkn));
  EXPECT_THAT(ContradictionsOf(fold), ElementsAre(HasSubstr("bawaslu/11 answers nothing")));
}

TEST_F(CustodyTest, AReferralThatWasTakenBackAndSentAgainReachesItsAddressee) {
  UntilReferred();
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok());
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok()) << "the conclusion as well";
  ASSERT_TRUE(Conclude().ok());
  const auto as_bkn_sees_it = [&] {
    std::vector<test::PaperCase::Entry> entries;
    for (const auto& entry : case_.entries()) {
      if (entry.event.party_number() > 0) entries.push_back(entry);
    }
    return test::FoldOf(case_.id(), entries);
  };
  EXPECT_EQ(StatusOf(as_bkn_sees_it()).state, State::kViolationFound);
  EXPECT_THAT(PartiesOf(as_bkn_sees_it()), ElementsAre(kBawaslu, kBkn));
  ASSERT_TRUE(Refer().ok()) << last_.status();
  EXPECT_EQ(StatusOf(as_bkn_sees_it()).waiting_for, kBkn);
  EXPECT_THAT(ContradictionsOf(as_bkn_sees_it()), IsEmpty());
  ASSERT_TRUE(Receive().ok()) << last_.status();
  EXPECT_EQ(StatusOf(as_bkn_sees_it()).holder, kBkn);
  EXPECT_EQ(PartyDigest(as_bkn_sees_it()), PartyDigest(case_.fold()));
}

TEST_F(CustodyTest, WhatAnotherAuthorityBuiltOnIsNotTakenBack) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Return().ok());
  intake::v1::ConcludeCase command;
  command.mutable_case_ref()->set_case_id(case_.id());
  ASSERT_TRUE(Conclude(command).ok()) << last_.status();
  EXPECT_EQ(draft().visibility, Visibility::kParty) << "BKN waits for it";
  EXPECT_EQ(test::ReasonIn(VoidNewest(Section::kReferral)), "RULE");
}

TEST_F(CustodyTest, AClosedCaseThatAPpkDecidedIsNotTakenUpAgainByBkn) {
  UntilHandedOver();
  ASSERT_TRUE(Close().ok());
  EXPECT_EQ(test::ReasonIn(Reopen()), "MOVE_NOT_ALLOWED");
  EXPECT_FALSE(RecommendTo(kOtherPpk).ok()) << "no second sanction";
}

TEST_F(CustodyTest, TwoThatOpenTheSameCaseAreAContradiction) {
  UntilReferred();
  event::v1::Fact named;
  named.mutable_respondent_named();
  case_.Write(Section::kIntake, "bawaslu/14", named);
  EXPECT_EQ(Now().holder, kBawaslu);
  EXPECT_THAT(ContradictionsOf(case_.fold()), Contains(HasSubstr("bawaslu/14 answers nothing")));
}

}  // namespace
}  // namespace selaras::domain
