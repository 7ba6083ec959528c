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

}  // namespace
}  // namespace selaras::domain
