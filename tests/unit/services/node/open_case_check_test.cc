#include "services/node/open_case_check.h"

#include <memory>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/domain/refusal.h"

namespace selaras::node {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class OpenCaseCheckTest : public NodeTest {
 protected:
  static Request Question(absl::string_view authority, absl::string_view id,
                          absl::string_view nip = test::kNip, absl::string_view why = "promosi") {
    auto body = std::make_shared<command::v1::CheckOpenCases>();
    body->set_nip(std::string(nip));
    body->set_purpose(std::string(why));
    return {test::HeaderOf(authority, id), std::move(body), true};
  }
  bool Open(test::CaseNode& node, absl::string_view authority, absl::string_view nip = test::kNip) {
    return node.Must(Question(authority, absl::StrCat("ask-", ++asked_), nip)).affirmed();
  }

  int asked_ = 0;
};

TEST_F(OpenCaseCheckTest, ACaseIsOpenFromTheRecommendationUntilTheDecisionWasHandedOver) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  Exchange();
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id)));
  EXPECT_FALSE(Open(bkn_, "bkn")) << "nothing was recommended yet";
  bkn_.Must(test::ReferralRequest("k-2", test::SomeRecommendation(id)));
  EXPECT_TRUE(Open(bkn_, "bkn"));
  Exchange();
  EXPECT_TRUE(Open(ppk_, "ppk/13.04")) << "also before the PPK received it";
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeSummons(id),
                                  test::SomeExamination(id), test::SomeDecision(id)));
  EXPECT_TRUE(Open(ppk_, "ppk/13.04"));
  ppk_.Must(test::SanctionRequest("p-2", test::SomeHandOver(id)));
  EXPECT_FALSE(Open(ppk_, "ppk/13.04"));
  ppk_.Must(test::SanctionRequest("p-3", test::SomeObjection(id)));
  EXPECT_TRUE(Open(ppk_, "ppk/13.04")) << "an objection opens it again";
  Exchange();
  EXPECT_TRUE(Open(bkn_, "bkn"));
}

TEST_F(OpenCaseCheckTest, AnAuthorityLearnsNothingOfCasesToWhichItIsNoParty) {
  RecommendedCase();
  EXPECT_FALSE(Open(padang_, "ppk/13.05"));
  EXPECT_FALSE(Open(bkn_, "kasn")) << "also of one to which another authority of its node is";
  EXPECT_FALSE(Open(ppk_, "ppk/13.04", test::kOtherNip));
}

TEST_F(OpenCaseCheckTest, ANipIsFoundHoweverItIsWritten) {
  RecommendedCase();
  EXPECT_TRUE(Open(ppk_, "ppk/13.04", "19800101 200501 1 001"));
}

TEST_F(OpenCaseCheckTest, EveryQuestionIsRecordedInThePrivateLogAndNowhereElse) {
  RecommendedCase();
  const std::size_t before = ppk_.PrivateEvents().size();
  const std::size_t shared = ppk_.Events().size();
  ppk_.Must(Question("ppk/13.04", "ask"));
  ppk_.Must(Question("ppk/13.04", "ask-again", test::kOtherNip, "mutasi"));
  EXPECT_EQ(ppk_.Events().size(), shared);
  const auto events = ppk_.PrivateEvents();
  ASSERT_THAT(events, SizeIs(before + 2));
  const event::v1::Event& event = events[before];
  EXPECT_EQ(event.author(), "ppk/13.04");
  EXPECT_EQ(event.fact().open_cases_checked().purpose(), "promosi");
  EXPECT_TRUE(event.fact().open_cases_checked().open());
  EXPECT_EQ(event.plain().respondent().nip(), test::kNip);
  EXPECT_FALSE(events.back().fact().open_cases_checked().open());
}

TEST_F(OpenCaseCheckTest, TheRecordIsNoCase) {
  const std::string id = RecommendedCase();
  ppk_.Must(Question("ppk/13.04", "ask"));
  const std::string subject = ppk_.PrivateEvents().back().case_id();
  Exchange();
  EXPECT_TRUE(absl::IsNotFound(ppk_.Case(subject).status()));
  Viewer everything = ppk_.viewer();
  everything.everything = true;
  const auto listed = ppk_.reader().ListCases({}, everything, ppk_.now);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_THAT(listed->cases(), SizeIs(1));
  EXPECT_EQ(listed->cases(0).case_id(), id);
  const auto changes = ppk_.reader().ListChanges({}, ppk_.viewer());
  ASSERT_TRUE(changes.ok()) << changes.status();
  for (const auto& change : changes->changes()) EXPECT_EQ(change.case_id(), id);
}

TEST_F(OpenCaseCheckTest, ARepeatReturnsWhatWasAnsweredFirst) {
  const std::string id = RecommendedCase();
  ASSERT_TRUE(ppk_.Must(Question("ppk/13.04", "ask")).affirmed());
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id),
                                  test::SomeHandOver(id)));
  const std::size_t recorded = ppk_.PrivateEvents().size();
  ppk_.Crash();
  const auto again = ppk_.Must(Question("ppk/13.04", "ask"));
  EXPECT_TRUE(again.affirmed());
  EXPECT_TRUE(again.repeated_request());
  EXPECT_THAT(ppk_.PrivateEvents(), SizeIs(recorded));
}

TEST_F(OpenCaseCheckTest, NobodyAsksWithoutARecordAReasonOrANip) {
  Request question = Question("ppk/13.04", "ask");
  question.header.set_validate_only(true);
  EXPECT_EQ(test::FieldIn(ppk_.Execute(question).status()), "header.validate_only");
  EXPECT_TRUE(absl::IsInvalidArgument(
      ppk_.Execute(Question("ppk/13.04", "ask", test::kNip, "penasaran")).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ppk_.Execute(Question("ppk/13.04", "ask", "")).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(ppk_.Execute(Question("ppk/13.04", "ask", "12345")).status()));
  EXPECT_THAT(ppk_.PrivateEvents(), IsEmpty());
}

TEST_F(OpenCaseCheckTest, WhoAsksTooOftenMustWaitAndLeavesTheOthersAlone) {
  RecommendedCase();
  for (int i = 0; i < 60; ++i) Open(bkn_, "bkn");
  const auto refused = bkn_.Execute(Question("bkn", "one-more"));
  EXPECT_EQ(domain::ReasonOf(refused.status()), "TOO_MANY_QUESTIONS");
  EXPECT_TRUE(absl::IsResourceExhausted(refused.status()));
  EXPECT_TRUE(bkn_.Execute(Question("kasn", "of-another")).ok());
  bkn_.now += absl::Seconds(1);
  EXPECT_TRUE(bkn_.Execute(Question("bkn", "one-more")).ok()) << "a refusal is not remembered";
  EXPECT_FALSE(bkn_.Execute(Question("bkn", "and-more")).ok());
}

TEST(QuestionLimit, FillsUpEvenlyAndNotBeyondAMinutesWorth) {
  QuestionLimit limit(6);
  absl::Time now = absl::FromUnixSeconds(1'740'000'000);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(limit.Take("bkn", now).ok());
  EXPECT_FALSE(limit.Take("bkn", now).ok());
  now += absl::Seconds(10);
  EXPECT_TRUE(limit.Take("bkn", now).ok());
  EXPECT_FALSE(limit.Take("bkn", now).ok());
  now += absl::Hours(5);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(limit.Take("bkn", now).ok());
  EXPECT_FALSE(limit.Take("bkn", now).ok());
}

TEST(QuestionLimit, AClockThatGoesBackOpensNothing) {
  QuestionLimit limit(1);
  const absl::Time now = absl::FromUnixSeconds(1'740'000'000);
  EXPECT_TRUE(limit.Take("bkn", now).ok());
  EXPECT_FALSE(limit.Take("bkn", now - absl::Hours(1)).ok());
  EXPECT_FALSE(limit.Take("bkn", now - absl::Hours(1) + absl::Seconds(59)).ok());
  EXPECT_TRUE(limit.Take("bkn", now - absl::Hours(1) + absl::Seconds(61)).ok());
}

TEST_F(OpenCaseCheckTest, ANumberThatANewContractReplacedStillFindsTheCaseAtEveryParty) {
  constexpr absl::string_view kOld = "199002152021211001";
  constexpr absl::string_view kNew = "199002152024221003";
  auto named = test::SomeRespondent(kOld);
  named.set_employment_status("PPPK");
  named.set_rank("IX");
  const std::string id =
      bawaslu_
          .Must(test::IntakeRequest("b-1", test::SomeReport(), named, test::SomeReview(),
                                    test::SomeConclusion(), test::SomeReferral()))
          .case_id();
  Exchange();
  auto recommendation = test::SomeRecommendation(id);
  recommendation.set_sanction("P-B1");
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id),
                                  recommendation));
  Exchange();
  sanction::v1::RecordRenumbered renumbered;
  renumbered.set_case_id(id);
  renumbered.set_nip(std::string(kNew));
  EXPECT_FALSE(Open(ppk_, "ppk/13.04", kNew));
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), renumbered));
  Exchange();
  for (const absl::string_view nip : {kOld, kNew}) {
    EXPECT_TRUE(Open(ppk_, "ppk/13.04", nip)) << nip;
    EXPECT_TRUE(Open(bkn_, "bkn", nip)) << nip;
    query::v1::LookUpCasesRequest request;
    request.set_nip(std::string(nip));
    for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
      EXPECT_THAT(node->reader().LookUp(request, node->viewer())->case_ids(),
                  testing::ElementsAre(id))
          << nip;
    }
    EXPECT_THAT(padang_.reader().LookUp(request, padang_.viewer())->case_ids(), testing::IsEmpty());
  }
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
    const auto shown = node->Case(id);
    EXPECT_EQ(shown->respondent().nip(), kNew);
    EXPECT_THAT(shown->earlier_nips(), testing::ElementsAre(kOld));
  }
}

}  // namespace
}  // namespace selaras::node
