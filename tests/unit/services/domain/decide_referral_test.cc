#include "services/domain/decide_referral.h"

#include "case_test_base.h"

namespace selaras::domain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using ReferralRules = CaseTest;

TEST_F(ReferralRules, AReceiptCitesTheReferralAndCarriesTheAgendaNumber) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_EQ(draft().citations.size(), 1u);
  EXPECT_EQ(draft().citations[0].position().log(), "intake");
  EXPECT_EQ(draft().citations[0].position().sequence(), 3u);
  EXPECT_EQ(draft().citations[0].leaf_hash(), case_.entries()[3].leaf_hash.view());
  EXPECT_EQ(draft().visibility, Visibility::kParty);
  EXPECT_EQ(draft().personal->references(0).kind(), event::v1::REFERENCE_KIND_AGENDA);
}

TEST_F(ReferralRules, AReceiptWaitsForItsReferral) {
  const absl::Status early = Receive();
  EXPECT_EQ(early.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(test::ReasonIn(early), "NOT_HERE_YET");
  ASSERT_TRUE(Name().ok());
  EXPECT_EQ(test::ReasonIn(Receive()), "NOT_HERE_YET");
}

TEST_F(ReferralRules, OnlyTheAddresseeOrItsSuccessorReceives) {
  UntilReferred();
  const absl::Status refused = Receive("kasn");
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("referred to bkn"));
  EXPECT_TRUE(Receive("bkn").ok());
}

TEST_F(ReferralRules, ACaseIsReceivedOnce) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  EXPECT_EQ(test::ReasonIn(Receive()), "MOVE_NOT_ALLOWED");
}

TEST_F(ReferralRules, ARecommendationGoesToThePpkOfTheAgencyUnlessOneIsNamed) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Recommend().ok());
  EXPECT_EQ(fact().sanction_recommended().to(), "ppk/13.04");
  EXPECT_EQ(fact().sanction_recommended().sanction(), "B-1");
  EXPECT_THAT(fact().sanction_recommended().parties(), ElementsAre(kBawaslu, kBkn, "ppk/13.04"));
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  auto ministry = test::SomeRecommendation(case_.id());
  ministry.set_to("ppk/kemenag");
  ASSERT_TRUE(Recommend(ministry).ok());
  EXPECT_EQ(fact().sanction_recommended().to(), "ppk/kemenag");
}

TEST_F(ReferralRules, ARecommendationGoesToAPpkThatStandsOnItsDay) {
  EndPpkOn("2024-10-20");
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  auto command = test::SomeRecommendation(case_.id());  // of 2024-10-21
  command.set_to("ppk/13.04");
  const absl::Status refused = Recommend(command);
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("send it to ppk/13.05"));
  command.clear_to();
  ASSERT_TRUE(Recommend(command).ok()) << last_.status();
  EXPECT_EQ(fact().sanction_recommended().to(), "ppk/13.05") << "the successor of its region's";
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  command.set_to("ppk/13.04");
  *command.mutable_occurred_at() = test::On("2024-10-20");
  ASSERT_TRUE(Recommend(command).ok()) << last_.status();
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  command.clear_occurred_at();
  EXPECT_TRUE(Recommend(command).ok()) << "a day that nobody recorded forbids nothing";
}

TEST_F(ReferralRules, ARecommendationListsEveryEarlierPartyEntryForTheNewParty) {
  UntilReferred();
  auto correction = Correction(Section::kIntake, "occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  ASSERT_TRUE(Correct(Section::kIntake, correction).ok());
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Verify().ok());
  ASSERT_TRUE(Recommend().ok());
  std::vector<std::uint64_t> listed;
  for (const auto& position : fact().sanction_recommended().earlier_party_entries()) {
    listed.push_back(position.sequence());
  }
  EXPECT_THAT(listed, ElementsAre(3u, 4u, 5u, 6u))
      << "the referral, its correction, the receipt, the verification";
}

TEST_F(ReferralRules, EveryBadFieldOfARecommendationIsNamed) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  auto command = test::SomeRecommendation(case_.id());
  command.set_sanction("Z-9");
  EXPECT_EQ(test::FieldIn(Recommend(command)), "sanction");
  command = test::SomeRecommendation(case_.id());
  command.set_letter_number(" ");
  EXPECT_EQ(test::FieldIn(Recommend(command)), "letter_number");
  command = test::SomeRecommendation(case_.id());
  for (const absl::string_view wrong : {"bkn", "ppk/99.99"}) {
    command.set_to(std::string(wrong));
    EXPECT_EQ(test::FieldIn(Recommend(command)), "to") << wrong;
  }
  command = test::SomeRecommendation(case_.id());
  command.mutable_occurred_at()->set_date("2024-02-30");
  EXPECT_EQ(test::FieldIn(Recommend(command)), "occurred_at.date");
}

TEST_F(ReferralRules, WhatWasNotProvenIsNotRecommended) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Verify(false).ok());
  const absl::Status refused = Recommend();
  EXPECT_EQ(test::ReasonIn(refused), "RULE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("dismiss it"));
  EXPECT_TRUE(Dismiss().ok());
  EXPECT_EQ(draft().personal->reason_text(), "Tidak terbukti.");
}

TEST_F(ReferralRules, AReturnHasAKnownReasonOrOneInWords) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  auto command = test::SomeReturn(case_.id());
  command.clear_reasons();
  EXPECT_EQ(test::FieldIn(Referral(command, DecideReturnCase)), "reasons");
  command.add_reasons("bosan");
  EXPECT_EQ(test::FieldIn(Referral(command, DecideReturnCase)), "reasons");
  command.clear_reasons();
  command.set_reason_text(std::string(2'001, 'x'));
  EXPECT_EQ(test::FieldIn(Referral(command, DecideReturnCase)), "reason_text");
  command.set_reason_text("Foto tidak jelas.");
  ASSERT_TRUE(Referral(command, DecideReturnCase).ok());
  EXPECT_EQ(draft().personal->reason_text(), "Foto tidak jelas.");
}

TEST_F(ReferralRules, AReceiptNeedsAnAgendaNumber) {
  UntilReferred();
  auto command = test::SomeReceipt(case_.id());
  command.clear_agenda_number();
  EXPECT_EQ(test::FieldIn(Referral(command, DecideReceiveCase)), "agenda_number");
}

}  // namespace
}  // namespace selaras::domain
