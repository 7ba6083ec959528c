#include "case_test_base.h"
#include "services/domain/fold.h"

namespace selaras::domain {
namespace {

class StatusTest : public CaseTest {
 protected:
  void Expect(State state, absl::string_view holder, absl::string_view waiting_for) const {
    const Status status = StatusOf(case_.fold());
    EXPECT_EQ(StateName(status.state), StateName(state));
    EXPECT_EQ(status.holder, holder);
    EXPECT_EQ(status.waiting_for, waiting_for);
  }
  std::string Since() const { return StatusOf(case_.fold()).since->occurred_at().date(); }
};

TEST_F(StatusTest, OfNothingIsNotBegun) {
  Expect(State::kNone, "", "");
  EXPECT_EQ(StatusOf(case_.fold()).since, nullptr);
}

TEST_F(StatusTest, FollowsTheMainLineAndSaysWhoseTurnItIs) {
  ASSERT_TRUE(Name().ok());
  Expect(State::kNamed, kBawaslu, kBawaslu);
  ASSERT_TRUE(Review().ok());
  Expect(State::kAccepted, kBawaslu, kBawaslu);
  ASSERT_TRUE(Conclude().ok());
  Expect(State::kViolationFound, kBawaslu, kBawaslu);
  ASSERT_TRUE(Refer().ok());
  Expect(State::kReferred, kBawaslu, kBkn);
  EXPECT_EQ(Since(), "2024-10-11");
  ASSERT_TRUE(Receive().ok());
  Expect(State::kReceived, kBkn, kBkn);
  ASSERT_TRUE(Verify().ok());
  Expect(State::kVerified, kBkn, kBkn);
  ASSERT_TRUE(Recommend().ok());
  Expect(State::kRecommended, kBkn, kPpk);
  ASSERT_TRUE(ReceiveAsPpk().ok());
  Expect(State::kReceivedByPpk, kPpk, kPpk);
  ASSERT_TRUE(Summon().ok());
  Expect(State::kSummoned, kPpk, kPpk);
  ASSERT_TRUE(Examine().ok());
  Expect(State::kExamined, kPpk, kPpk);
  ASSERT_TRUE(Block().ok());
  Expect(State::kExamined, kPpk, kPpk);
  EXPECT_EQ(Since(), "2024-11-06") << "a blocker moves nothing";
  ASSERT_TRUE(Decide().ok());
  Expect(State::kDecided, kPpk, kPpk);
  ASSERT_TRUE(HandOver().ok());
  Expect(State::kHandedOver, kPpk, "");
  ASSERT_TRUE(Object().ok());
  Expect(State::kObjected, kPpk, kPpk);
}

TEST_F(StatusTest, OfACaseThatEndsAtBawasluWaitsForNobody) {
  ASSERT_TRUE(Name().ok());
  auto refusal = test::SomeReview();
  refusal.set_accepted(false);
  ASSERT_TRUE(Review(refusal).ok());
  Expect(State::kNotAccepted, kBawaslu, "");
  ASSERT_TRUE(VoidNewest(Section::kIntake).ok());
  auto none = test::SomeConclusion();
  none.clear_violations_found();
  ASSERT_TRUE(Conclude(none).ok());
  Expect(State::kNoViolation, kBawaslu, "");
}

TEST_F(StatusTest, OfADismissedCaseWaitsForNobody) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Dismiss().ok());
  Expect(State::kDismissed, kBkn, "");
}

TEST_F(StatusTest, OfAReturnedCaseWaitsForItsSender) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(Return().ok());
  Expect(State::kReturned, kBkn, kBawaslu);
}

TEST_F(StatusTest, FallsBackWhenAnAcknowledgementIsTakenBack) {
  UntilReferred();
  ASSERT_TRUE(Receive().ok());
  ASSERT_TRUE(VoidNewest(Section::kReferral).ok());
  Expect(State::kReferred, kBawaslu, kBkn);
  ASSERT_TRUE(Receive().ok());
  Expect(State::kReceived, kBkn, kBkn);
}

TEST_F(StatusTest, ADateIsWhatItsCorrectionSays) {
  UntilReferred();
  auto correction = Correction(Section::kIntake, "occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-12");
  ASSERT_TRUE(Correct(Section::kIntake, correction).ok());
  EXPECT_EQ(Since(), "2024-10-12");
}

TEST_F(StatusTest, TheSuccessorHoldsWhatWasReferredToItsPredecessor) {
  ASSERT_TRUE(Name().ok());
  auto referral = test::SomeReferral();
  *referral.mutable_occurred_at() = test::On("2024-08-23");
  ASSERT_TRUE(Refer(referral).ok());
  Expect(State::kReferred, kBawaslu, "kasn");
  ASSERT_TRUE(Receive(kBkn).ok());
  Expect(State::kReceived, kBkn, kBkn);
}

}  // namespace
}  // namespace selaras::domain
