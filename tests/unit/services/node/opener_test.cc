// Personal parts that cannot be opened yet.
#include "services/node/opener.h"

#include "node_test_base.h"
#include "services/node/personal.h"
#include "services/node/rows.h"
#include "services/node/subjects.h"

namespace selaras::node {
namespace {

using testing::IsEmpty;

using OpenerTest = NodeTest;

TEST(PlainOpener, OpensWhatIsNotSealedAndAnswersPendingForWhatIs) {
  const PlainOpener opener;
  event::v1::Event event;
  EXPECT_FALSE(opener.Open(event)->part.has_value());
  EXPECT_FALSE(opener.Open(event)->pending) << "there is none";
  event.mutable_plain()->set_summary("ringkasan");
  EXPECT_EQ(opener.Open(event)->part->summary(), "ringkasan");
  event.mutable_sealed()->set_ciphertext("…");
  EXPECT_FALSE(opener.Open(event)->part.has_value());
  EXPECT_TRUE(opener.Open(event)->pending);
}

TEST_F(OpenerTest, WithoutTheKeyTheFoldIsTheSameAndThePersonalDataArePending) {
  const std::string id = RecommendedCase();
  const auto open = *bkn_.Case(id);
  EXPECT_EQ(open.personal(), query::v1::PERSONAL_STATE_OPEN);
  EXPECT_EQ(open.respondent().name(), "Citra Contoh");
  bkn_.opener().Shut();
  auto shut = *bkn_.Case(id);
  EXPECT_EQ(shut.personal(), query::v1::PERSONAL_STATE_PENDING);
  EXPECT_EQ(shut.respondent().name(), "");
  EXPECT_THAT(shut.references(), IsEmpty());
  EXPECT_EQ(shut.party_digest(), open.party_digest());
  *shut.mutable_respondent() = open.respondent();
  *shut.mutable_references() = open.references();
  shut.set_personal(open.personal());
  EXPECT_EQ(shut.SerializeAsString(), open.SerializeAsString()) << "nothing else differs";
}

TEST_F(OpenerTest, TheTimelineSaysWhichStepsArePending) {
  const std::string id = RecommendedCase();
  bkn_.opener().Shut();
  query::v1::GetTimelineRequest request;
  request.set_case_id(id);
  const auto timeline = bkn_.reader().GetTimeline(request, bkn_.viewer(), bkn_.now);
  ASSERT_TRUE(timeline.ok()) << timeline.status();
  ASSERT_EQ(timeline->steps_size(), 4);
  for (const auto& step : timeline->steps()) {
    EXPECT_FALSE(step.has_personal());
    EXPECT_EQ(step.personal_state(), step.fact().has_case_verified()
                                         ? query::v1::PERSONAL_STATE_UNSPECIFIED
                                         : query::v1::PERSONAL_STATE_PENDING);
  }
}

TEST_F(OpenerTest, AReferralWaitsForTheKeyOfTheRespondent) {
  const std::string id = bawaslu_.Must(Naming("b-1")).case_id();
  bawaslu_.opener().Shut();
  const Request referral = test::IntakeRequest("b-2", test::In(id, test::SomeReferral()));
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(referral).status()), "NOT_HERE_YET");
  EXPECT_TRUE(bawaslu_.Execute(test::IntakeRequest("b-3", test::In(id, test::SomeReview()))).ok())
      << "the other rules read no personal data";
  bawaslu_.opener().Unlock();
  EXPECT_TRUE(bawaslu_.Execute(referral).ok());
}

TEST_F(OpenerTest, WithoutTheKeyALookUpRowIsMissingAndNothingElse) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bkn_.opener().Shut();
  Exchange();
  EXPECT_TRUE(bkn_.Case(id).ok());
  EXPECT_THAT(
      bkn_.LookUp(event::v1::REFERENCE_KIND_REFERRAL_LETTER, "021/PP.00.02/K.03.04/10/2024"),
      IsEmpty());
}

TEST_F(OpenerTest, AReportShowsWhatNeedsNoKey) {
  const std::string id = bawaslu_.Must(Naming("b-1")).report_id();
  bawaslu_.opener().Shut();
  query::v1::GetReportRequest request;
  request.set_report_id(id);
  const auto found =
      bawaslu_.reader().GetReport(request, {.authorities = {"bawaslu/13"}, .sees_reporters = true});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->report().source(), "laporan");
  EXPECT_EQ(found->report().register_number(), "");
  EXPECT_FALSE(found->report().has_reporter());
}

// Opens everything but what one position says.
class PickyOpener final : public Opener {
 public:
  PickyOpener(const Opener& all, std::string secret) : all_(all), secret_(std::move(secret)) {}
  absl::StatusOr<Opened> OpenWith(const event::v1::Event& event,
                                  const UncommittedKeys* uncommitted) const override {
    auto opened = all_.OpenWith(event, uncommitted);
    if (opened.ok() && opened->part && opened->part->respondent().name() == secret_) {
      return Opened{std::nullopt, true};
    }
    return opened;
  }

 private:
  const Opener& all_;
  const std::string secret_;
};

TEST_F(OpenerTest, ACorrectionThatCannotBeOpenedLeavesTheOldValueAndSaysPending) {
  const auto named = bawaslu_.Must(Naming("b-1"));
  command::v1::CorrectFact correction;
  correction.set_case_id(named.case_id());
  *correction.mutable_position() = named.positions(1);
  correction.mutable_fields()->add_paths("personal.respondent.name");
  correction.mutable_new_personal()->mutable_respondent()->set_name("Citra Benar");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  const auto subject = LoadSubject(bawaslu_.store(), rows::CaseState(named.case_id()));
  ASSERT_TRUE(subject.ok() && subject->has_value());
  const PickyOpener picky(bawaslu_.opener(), "Citra Benar");
  const auto fold = Combine(named.case_id(), &**subject, {});
  const auto pending = RespondentIn(fold, bawaslu_.reader(), picky);
  ASSERT_TRUE(pending.ok()) << pending.status();
  EXPECT_TRUE(pending->pending);
  EXPECT_EQ(pending->respondent.name(), "Citra Contoh");
  const auto open = RespondentIn(fold, bawaslu_.reader(), bawaslu_.opener());
  EXPECT_FALSE(open->pending);
  EXPECT_EQ(open->respondent.name(), "Citra Benar");
}

class CountingOpener final : public Opener {
 public:
  explicit CountingOpener(const Opener& opener) : opener_(opener) {}
  absl::StatusOr<Opened> OpenWith(const event::v1::Event& event,
                                  const UncommittedKeys* uncommitted) const override {
    ++asked;
    if (shut) return Opened{.part = std::nullopt, .pending = true};
    return opener_.OpenWith(event, uncommitted);
  }

  mutable int asked = 0;
  bool shut = false;

 private:
  const Opener& opener_;
};

class OpenedOnceTest : public OpenerTest {
 protected:
  OpenedOnceTest() : counting_(bawaslu_.opener()), once_(counting_) {
    const auto named = bawaslu_.Must(Naming("b-1"));
    sealed_ = *ReadEvent(bawaslu_.store().shared(), {named.positions(1).sequence()});
  }
  event::v1::Event sealed_;
  CountingOpener counting_;
  OpenedOnce once_;
};

TEST_F(OpenedOnceTest, WhatIsOpenIsNotOpenedAgainUntilItIsForgotten) {
  ASSERT_TRUE(sealed_.has_sealed());
  const auto first = once_.Open(sealed_);
  ASSERT_TRUE(first.ok() && first->part);
  const auto again = once_.Open(sealed_);
  EXPECT_EQ(again->part->SerializeAsString(), first->part->SerializeAsString());
  EXPECT_EQ(again->entry_key, first->entry_key);
  EXPECT_EQ(counting_.asked, 1);
  once_.Forget();
  EXPECT_TRUE(once_.Open(sealed_)->part);
  EXPECT_EQ(counting_.asked, 2);
}

TEST_F(OpenedOnceTest, WhatIsShutIsTriedAgain) {
  counting_.shut = true;
  EXPECT_TRUE(once_.Open(sealed_)->pending);
  counting_.shut = false;
  EXPECT_TRUE(once_.Open(sealed_)->part) << "its key has come";
}

TEST_F(OpenedOnceTest, AnotherEntryOfTheSameSaltGetsNothingOfIt) {
  ASSERT_TRUE(once_.Open(sealed_)->part);
  event::v1::Event forged = sealed_;
  forged.set_case_id("6c3f0f2e-95f3-8b3c-a6a1-0f8d6a4f1c02");
  EXPECT_FALSE(once_.Open(forged)->part);
  EXPECT_EQ(counting_.asked, 2);
}

}  // namespace
}  // namespace selaras::node
