#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/refusal.h"
#include "tests/support/case_node.h"
#include "tests/support/refusals.h"
#include "tests/support/requests.h"

namespace selaras::node {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// bawaslu/13 gave a case to bawaslu/ri, got it back and referred it: BKN hears of it from two logs.
class AwaitedTest : public testing::Test {
 protected:
  static void Pair(test::CaseNode& a, test::CaseNode& b) {
    for (int round = 0; round < 2; ++round) {
      for (test::CaseNode* node : {&a, &b}) node->Project();
      a.Copy(b);
      b.Copy(a);
    }
    for (test::CaseNode* node : {&a, &b}) node->Project();
  }
  static Request AsHigherOffice(Request request) {
    request.header.set_authority("bawaslu/ri");
    return request;
  }
  intake::v1::DelegateCase Delegation(absl::string_view to) const {
    intake::v1::DelegateCase command;
    command.mutable_case_ref()->set_case_id(id_);
    command.set_to(std::string(to));
    command.set_kind("pelimpahan");
    command.set_letter_number("7/PP.01/2024");
    return command;
  }
  void UntilReferred() {
    id_ = lower_.Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent()))
              .case_id();
    lower_.Must(test::IntakeRequest("b-2", Delegation("bawaslu/ri")));
    Pair(lower_, higher_);
    const auto taken_in = test::In(id_, intake::v1::ReceiveDelegatedCase());
    higher_.Must(AsHigherOffice(test::IntakeRequest("r-1", taken_in, Delegation("bawaslu/13"))));
    Pair(lower_, higher_);
    lower_.Must(test::IntakeRequest("b-3", taken_in, test::In(id_, test::SomeReview()),
                                    test::In(id_, test::SomeConclusion()),
                                    test::In(id_, test::SomeReferral())));
  }
  // What the node has in the worklist of BKN.
  std::vector<query::v1::WorkItem> Work() {
    bkn_.Watch();
    query::v1::GetWorklistRequest request;
    request.set_authority("bkn");
    const auto list =
        bkn_.reader().GetWorklist(request, bkn_.viewer(), bkn_.engine().deadlines(), bkn_.now);
    EXPECT_TRUE(list.ok()) << list.status();
    return {list->items().begin(), list->items().end()};
  }
  static void ExpectWaitsForTheHigherOffice(const query::v1::AwaitedPart& part) {
    EXPECT_EQ(part.log(), "bawaslu-ri");
    EXPECT_THAT(part.authorities(), ElementsAre("bawaslu/ri"));
    EXPECT_EQ(part.needed_by(), "bawaslu/13");
    EXPECT_EQ(part.position().log(), "bawaslu-ri");
    EXPECT_EQ(part.position().sequence(), 1u) << "of the delegation back";
  }

  std::string id_;
  test::CaseNode lower_{test::BawasluNode(), {test::OtherOffice(), test::BknNode()}, 1};
  test::CaseNode higher_{test::OtherOffice(), {test::BawasluNode(), test::BknNode()}, 2};
  test::CaseNode bkn_{test::BknNode(), {test::BawasluNode(), test::OtherOffice()}, 3};
};

TEST_F(AwaitedTest, AReferralThatGoesOnFromWhatIsNotHereSaysForWhomItWaits) {
  UntilReferred();
  Pair(lower_, bkn_);
  const auto seen = bkn_.Case(id_);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->state(), query::v1::CASE_STATE_DELEGATED);
  EXPECT_THAT(seen->contradictions(), IsEmpty());
  ASSERT_THAT(seen->awaits(), SizeIs(1));
  ExpectWaitsForTheHigherOffice(seen->awaits(0));
  const auto refused = bkn_.Execute(test::ReferralRequest("k-1", test::SomeReceipt(id_)));
  EXPECT_EQ(test::ReasonIn(refused.status()), "NOT_HERE_YET");
  EXPECT_THAT(refused.status().message(),
              HasSubstr("bawaslu-ri@1, from which bawaslu/13 goes on, has not arrived"));
}

TEST_F(AwaitedTest, TheWorklistOfTheAddresseeHasItWithTheReason) {
  UntilReferred();
  Pair(lower_, bkn_);
  const auto work = Work();
  ASSERT_THAT(work, SizeIs(1));
  EXPECT_EQ(work[0].case_id(), id_);
  EXPECT_THAT(work[0].allowed_commands(), IsEmpty());
  EXPECT_EQ(work[0].since().date(), test::SomeReferral().occurred_at().date());
  EXPECT_EQ(work[0].due_on(), "");
  EXPECT_FALSE(work[0].has_answers());
  ASSERT_THAT(work[0].awaits(), SizeIs(1));
  ExpectWaitsForTheHigherOffice(work[0].awaits(0));
}

TEST_F(AwaitedTest, NothingIsAwaitedWhenTheOtherPartHasCome) {
  UntilReferred();
  Pair(lower_, bkn_);
  ASSERT_THAT(Work(), SizeIs(1));
  Pair(lower_, higher_);
  Pair(higher_, bkn_);
  const auto seen = bkn_.Case(id_);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->state(), query::v1::CASE_STATE_REFERRED);
  EXPECT_THAT(seen->awaits(), IsEmpty());
  const auto work = Work();
  ASSERT_THAT(work, SizeIs(1)) << "once, not for each reason";
  EXPECT_THAT(work[0].awaits(), IsEmpty());
  EXPECT_THAT(work[0].allowed_commands(), Contains("ReceiveCase"));
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id_)));
}

TEST_F(AwaitedTest, WhatNobodySetsAsideIsNotAwaited) {
  id_ = lower_
            .Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(),
                                      test::SomeReview(), test::SomeConclusion(),
                                      test::SomeReferral()))
            .case_id();
  Pair(lower_, bkn_);
  EXPECT_THAT(bkn_.Case(id_)->awaits(), IsEmpty());
  const auto work = Work();
  ASSERT_THAT(work, SizeIs(1));
  EXPECT_THAT(work[0].awaits(), IsEmpty());
}

}  // namespace
}  // namespace selaras::node
