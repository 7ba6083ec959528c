#include "services/domain/decide_sanction.h"

#include "case_test_base.h"

namespace selaras::domain {
namespace {

using testing::HasSubstr;

using SanctionRules = CaseTest;

TEST_F(SanctionRules, AReceiptWaitsForItsRecommendation) {
  EXPECT_EQ(test::ReasonIn(ReceiveAsPpk()), "NOT_HERE_YET");
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_EQ(draft().citations.size(), 1u);
  EXPECT_EQ(draft().citations[0].position().log(), "referral");
  EXPECT_EQ(draft().personal->references(0).raw(), "012/2024");
}

TEST_F(SanctionRules, WhoGivesACaseBackSaysWhyAndNamesAPpkThatStands) {
  EndPpkOn("2024-10-31");
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  sanction::v1::RecordMoved command;
  command.set_case_id(case_.id());
  command.set_reason("bosan");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordMoved)), "reason");
  command.clear_reason();
  command.set_reason_text("Daerah dimekarkan.");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordMoved)), "reason");
  command.set_reason("pemekaran");
  command.set_to("bkn");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordMoved)), "to");
  command.set_to("ppk/13.04");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordMoved)), "to") << "it gives it to itself";
  *command.mutable_occurred_at() = test::On("2024-11-04");
  EXPECT_EQ(test::ReasonIn(Sanction(command, DecideRecordMoved)), "RULE");
  command.set_to("ppk/13.05");
  ASSERT_TRUE(Sanction(command, DecideRecordMoved).ok()) << last_.status();
  EXPECT_EQ(fact().respondent_moved().to(), "ppk/13.05");
  EXPECT_EQ(fact().respondent_moved().reason(), "pemekaran");
  EXPECT_EQ(draft().personal->reason_text(), "Daerah dimekarkan.");
}

TEST_F(SanctionRules, OnlyTheAddressedPpkReceives) {
  UntilRecommended();
  const absl::Status refused = ReceiveAsPpk("ppk/13.05");
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(test::ReasonIn(refused), "NOT_YOUR_CASE");
}

TEST_F(SanctionRules, ARecommendationThatWasTakenBackCannotBeReceived) {
  UntilRecommended();
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  EXPECT_EQ(test::ReasonIn(ReceiveAsPpk()), "NOT_HERE_YET");
}

TEST_F(SanctionRules, ADecisionCarriesItsDecreeAndKeepsApartFromWhatWasRecommended) {
  UntilHandedOver();
  const auto* decided =
      LastFact(case_.section(Section::kSanction), event::v1::Fact::kSanctionDecided);
  EXPECT_EQ(decided->fact().sanction_decided().sanction(), "B-2");
  const auto* recommended =
      LastFact(case_.section(Section::kReferral), event::v1::Fact::kSanctionRecommended);
  EXPECT_EQ(recommended->fact().sanction_recommended().sanction(), "B-1");
}

TEST_F(SanctionRules, EveryBadFieldIsNamed) {
  UntilRecommended();
  auto receipt = test::SomePpkReceipt(case_.id());
  receipt.clear_agenda_number();
  EXPECT_EQ(test::FieldIn(Sanction(receipt, DecideReceiveRecommendation)), "agenda_number");
  ASSERT_TRUE(ReceiveAsPpk().ok());

  auto summons = test::SomeSummons(case_.id());
  summons.mutable_occurred_at()->set_date("2024-1-1");
  EXPECT_EQ(test::FieldIn(Sanction(summons, DecideSummonRespondent)), "occurred_at.date");

  auto blocker = test::SomeBlocker(case_.id());
  blocker.set_blocker("hujan");
  EXPECT_EQ(test::FieldIn(Sanction(blocker, DecideRecordBlocker)), "blocker");
  blocker = test::SomeBlocker(case_.id());
  blocker.set_reason_text(std::string(2'001, 'x'));
  EXPECT_EQ(test::FieldIn(Sanction(blocker, DecideRecordBlocker)), "reason_text");

  auto decision = test::SomeDecision(case_.id());
  decision.set_sanction("");
  EXPECT_EQ(test::FieldIn(Sanction(decision, DecideDecideSanction)), "sanction");
  decision = test::SomeDecision(case_.id());
  decision.clear_decree_number();
  EXPECT_EQ(test::FieldIn(Sanction(decision, DecideDecideSanction)), "decree_number");
  ASSERT_TRUE(Decide().ok());

  auto objection = test::SomeObjection(case_.id());
  objection.set_route("kasasi");
  EXPECT_EQ(test::FieldIn(Sanction(objection, DecideFileObjection)), "route");
  EXPECT_TRUE(Object().ok()) << "the decision need not have been handed over on record";
}

TEST_F(SanctionRules, BlockersAndRepeatedSummonsMayComeAgain) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Block().ok());
  ASSERT_TRUE(Summon().ok());
  ASSERT_TRUE(Summon().ok());
  ASSERT_TRUE(Examine().ok());
  ASSERT_TRUE(Examine().ok());
  ASSERT_TRUE(Block().ok());
  EXPECT_THAT(std::string(Summon().message()), HasSubstr("while the case is examined"));
  ASSERT_TRUE(Decide().ok());
  EXPECT_EQ(test::ReasonIn(Block()), "MOVE_NOT_ALLOWED");
}

TEST_F(SanctionRules, TheWayOfTheDecisionIsRecordedStepByStep) {
  UntilRecommended();
  ASSERT_TRUE(ReceiveAsPpk().ok());
  ASSERT_TRUE(Decide().ok());
  sanction::v1::RecordDeliveryStep command;
  command.set_case_id(case_.id());
  command.set_step("dibacakan");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordDeliveryStep)), "step");
  command.set_step("dijadwalkan");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordDeliveryStep)), "scheduled_on");
  command.set_scheduled_on("2024-2-30");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordDeliveryStep)), "scheduled_on");
  command.set_scheduled_on("2024-12-02");
  command.set_letter_number("800/18/BKPSDM/2024");
  ASSERT_TRUE(Sanction(command, DecideRecordDeliveryStep).ok()) << last_.status();
  EXPECT_EQ(fact().delivery_step_recorded().scheduled_on(), "2024-12-02");
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  EXPECT_EQ(draft().personal->references(0).raw(), "800/18/BKPSDM/2024");
  command.set_step("dikirim");
  EXPECT_EQ(test::FieldIn(Sanction(command, DecideRecordDeliveryStep)), "scheduled_on");
  command.clear_scheduled_on();
  ASSERT_TRUE(Sanction(command, DecideRecordDeliveryStep).ok()) << last_.status();
  EXPECT_EQ(case_.StateIn(Section::kSanction), State::kDecided);
  ASSERT_TRUE(HandOver().ok());
  EXPECT_EQ(test::ReasonIn(Sanction(command, DecideRecordDeliveryStep)), "MOVE_NOT_ALLOWED");
}

// A case of a respondent on a contract, or of one whose status was not recorded.
class Renumbering : public CaseTest {
 protected:
  static constexpr absl::string_view kOld = "199002152021211001";
  static constexpr absl::string_view kNew = "199002152024221003";

  void UntilAtPpk(const std::string& status) {
    auto named = test::SomeRespondent(status == "PNS" ? test::kNip : kOld);
    named.set_employment_status(status);
    named.set_rank(status == "PPPK" ? "IX" : "");
    if (status.empty()) named.mutable_respondent()->clear_nip();
    ASSERT_TRUE(Name(named).ok()) << last_.status();
    ASSERT_TRUE(Conclude().ok()) << last_.status();
    ASSERT_TRUE(Refer(test::SomeReferral(), kOld).ok()) << last_.status();
    ASSERT_TRUE(Receive().ok()) << last_.status();
    auto recommendation = test::SomeRecommendation(case_.id());
    if (status == "PPPK") recommendation.set_sanction("P-B1");
    ASSERT_TRUE(Recommend(recommendation).ok()) << last_.status();
    ASSERT_TRUE(ReceiveAsPpk().ok()) << last_.status();
  }
  absl::Status Renumber(absl::string_view nip, absl::string_view known = kOld) {
    event::v1::Respondent respondent;
    respondent.set_nip(std::string(known));
    sanction::v1::RecordRenumbered command;
    command.set_case_id(case_.id());
    command.set_nip(std::string(nip));
    *command.mutable_occurred_at() = test::On("2024-11-04");
    return Do(Section::kSanction, kPpk, [&](const Call& call) {
      return DecideRecordRenumbered(command, case_.fold(), respondent, call);
    });
  }
};

TEST_F(Renumbering, TheNewNumberOfAContractIsAPartyFactAndMovesNothing) {
  UntilAtPpk("PPPK");
  ASSERT_TRUE(Renumber("1990 0215 2024 22 1003").ok()) << last_.status();
  EXPECT_TRUE(fact().has_respondent_renumbered());
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  EXPECT_EQ(draft().personal->respondent().nip(), kNew);
  EXPECT_EQ(DayOf(*draft().occurred_at), "2024-11-04");
  EXPECT_EQ(StateName(StatusOf(case_.fold()).state), StateName(State::kReceivedByPpk));
  ASSERT_TRUE(Summon().ok()) << last_.status();
}

TEST_F(Renumbering, ANipStaysForLife) {
  UntilAtPpk("PNS");
  const absl::Status refused = Renumber(kNew);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("CorrectFact"));
}

TEST_F(Renumbering, WhereTheStatusWasNotRecordedTheNumberTellsIt) {
  UntilAtPpk("");
  EXPECT_TRUE(Renumber(kNew).ok()) << last_.status();
}

TEST_F(Renumbering, ANewContractMakesNobodyAnotherPerson) {
  UntilAtPpk("PPPK");
  EXPECT_EQ(test::FieldIn(Renumber("")), "nip");
  EXPECT_EQ(test::FieldIn(Renumber("19900215202422100")), "nip") << "17 digits";
  EXPECT_EQ(test::FieldIn(Renumber("199002302024221003")), "nip") << "30 February";
  EXPECT_EQ(test::FieldIn(Renumber(kOld)), "nip") << "the same";
  EXPECT_EQ(test::FieldIn(Renumber("199003152024221003")), "nip") << "another day of birth";
  EXPECT_EQ(test::FieldIn(Renumber("199002152024222003")), "nip") << "another sex";
  EXPECT_TRUE(Renumber("199003152024221003", "").ok()) << "nothing was known before";
}

TEST_F(Renumbering, WhatWasTypedWronglyIsCorrectedByTheRulesOfANumberOfAContract) {
  UntilAtPpk("PPPK");
  ASSERT_TRUE(Renumber(kNew).ok());
  auto correction = Correction(Section::kSanction, "personal.respondent.nip");
  correction.mutable_new_personal()->mutable_respondent()->set_nip("199002152024231003");
  EXPECT_TRUE(Correct(Section::kSanction, correction).ok()) << last_.status();
  correction.mutable_new_personal()->mutable_respondent()->set_nip("199013152024231003");
  EXPECT_EQ(test::FieldIn(Correct(Section::kSanction, correction)), "new_personal.respondent.nip");
}

}  // namespace
}  // namespace selaras::domain
