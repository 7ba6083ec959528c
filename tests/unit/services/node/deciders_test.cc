// The three deciders, each command through the engine.
#include <memory>

#include "node_test_base.h"

namespace selaras::node {
namespace {

using test::ReferralRequest;
using test::SanctionRequest;

class DecidersTest : public NodeTest {
 protected:
  static query::v1::CaseState StateAt(const test::CaseNode& node, absl::string_view id) {
    const auto found = node.Case(id);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->state() : query::v1::CASE_STATE_UNSPECIFIED;
  }
  static std::string ReasonOf(test::CaseNode& node, const Request& request) {
    return test::ReasonIn(node.Execute(request).status());
  }
};

TEST_F(DecidersTest, IntakeTakesEachOfItsCommands) {
  const std::string id =
      bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent("")))
          .case_id();
  bawaslu_.Must(test::IntakeRequest("b-2", test::In(id, test::SomeIdentity())));
  bawaslu_.Must(test::IntakeRequest("b-3", test::In(id, test::SomeReview())));
  const auto concluded =
      bawaslu_.Must(test::IntakeRequest("b-4", test::In(id, test::SomeConclusion())));
  bawaslu_.Must(test::IntakeRequest("b-5", VoidOf(id, concluded.positions(0))));
  EXPECT_EQ(StateAt(bawaslu_, id), query::v1::CASE_STATE_ACCEPTED);
  bawaslu_.Must(test::IntakeRequest("b-6", test::In(id, test::SomeReferral())));
  EXPECT_EQ(StateAt(bawaslu_, id), query::v1::CASE_STATE_REFERRED);
  const auto referred = bawaslu_.Events().back();
  EXPECT_EQ(referred.plain().respondent().nip(), test::kNip) << "as identified";
  EXPECT_EQ(referred.plain().respondent().name(), "Citra Contoh") << "as named";
}

TEST_F(DecidersTest, AReferralRestatesTheRespondentAsCorrected) {
  const auto named = bawaslu_.Must(Naming("b-1"));
  command::v1::CorrectFact correction;
  correction.set_case_id(named.case_id());
  *correction.mutable_position() = named.positions(1);
  correction.mutable_fields()->add_paths("personal.respondent.name");
  correction.mutable_fields()->add_paths("personal.respondent.agency");
  correction.mutable_new_personal()->mutable_respondent()->set_name("Citra Benar");
  correction.set_reason("salah ketik");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  bawaslu_.Must(test::IntakeRequest("b-3", test::In(named.case_id(), test::SomeReferral())));
  const auto respondent = bawaslu_.Events().back().plain().respondent();
  EXPECT_EQ(respondent.name(), "Citra Benar");
  EXPECT_EQ(respondent.agency(), "") << "it was emptied";
  EXPECT_EQ(respondent.position_title(), "Camat Uji");
}

TEST_F(DecidersTest, ReferralTakesEachOfItsCommands) {
  const std::string one = bawaslu_.Must(Referring("b-1")).case_id();
  const std::string two = bawaslu_.Must(Referring("b-2")).case_id();
  const std::string three = bawaslu_.Must(Referring("b-3")).case_id();
  Exchange();
  bkn_.Must(ReferralRequest("k-1", test::SomeReceipt(one), test::SomeVerification(one),
                            test::SomeRecommendation(one)));
  bkn_.Must(ReferralRequest("k-2", test::SomeReceipt(two), test::SomeDismissal(two)));
  const auto returned =
      bkn_.Must(ReferralRequest("k-3", test::SomeReceipt(three), test::SomeReturn(three)));
  EXPECT_EQ(StateAt(bkn_, one), query::v1::CASE_STATE_RECOMMENDED);
  EXPECT_EQ(StateAt(bkn_, two), query::v1::CASE_STATE_DISMISSED);
  EXPECT_EQ(StateAt(bkn_, three), query::v1::CASE_STATE_RETURNED);
  bkn_.Must(ReferralRequest("k-4", VoidOf(three, returned.positions(1))));
  EXPECT_EQ(StateAt(bkn_, three), query::v1::CASE_STATE_RECEIVED);
  command::v1::CorrectFact correction;
  correction.set_case_id(three);
  *correction.mutable_position() = returned.positions(0);
  correction.mutable_fields()->add_paths("occurred_at");
  *correction.mutable_new_occurred_at() = test::On("2024-10-15");
  correction.set_reason("salah ketik");
  bkn_.Must(ReferralRequest("k-5", correction));
  EXPECT_EQ(bkn_.Case(three)->since().date(), "2024-10-15");
  Exchange();
  for (const auto& id : {one, two, three}) {
    EXPECT_EQ(bawaslu_.Case(id)->party_digest(), bkn_.Case(id)->party_digest());
  }
}

TEST_F(DecidersTest, SanctionTakesEachOfItsCommands) {
  const std::string id = RecommendedCase();
  ppk_.Must(SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeSummons(id),
                            test::SomeExamination(id), test::SomeBlocker(id)));
  const auto decided = ppk_.Must(SanctionRequest("p-2", test::SomeDecision(id)));
  ppk_.Must(SanctionRequest("p-3", VoidOf(id, decided.positions(0))));
  EXPECT_EQ(StateAt(ppk_, id), query::v1::CASE_STATE_EXAMINED);
  ppk_.Must(SanctionRequest("p-4", test::SomeDecision(id), test::SomeHandOver(id),
                            test::SomeObjection(id)));
  command::v1::CorrectFact correction;
  correction.set_case_id(id);
  correction.mutable_position()->set_log("ppk-13.04");
  correction.mutable_position()->set_sequence(6);
  correction.mutable_fields()->add_paths("sanction");
  correction.mutable_new_fact()->mutable_sanction_decided()->set_sanction("B-3");
  correction.set_reason("salah ketik");
  ppk_.Must(SanctionRequest("p-5", correction));
  Exchange();
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
    const auto found = node->Case(id);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->state(), query::v1::CASE_STATE_OBJECTED);
    EXPECT_EQ(found->sanction_recommended(), "B-1");
    EXPECT_EQ(found->sanction_imposed(), "B-3");
    EXPECT_THAT(found->blockers(), testing::ElementsAre("pejabat_plt"));
    EXPECT_TRUE(found->objected());
    EXPECT_EQ(found->party_digest(), ppk_.Case(id)->party_digest());
    EXPECT_THAT(found->contradictions(), testing::IsEmpty());
  }
}

TEST_F(DecidersTest, ALocalOfficeOfACentralAgencyHasThePpkOfThatAgency) {
  auto respondent = test::SomeRespondent();
  respondent.mutable_respondent()->set_agency("Kantor Kementerian Agama Kabupaten Tanah Datar");
  const std::string id =
      bawaslu_
          .Must(test::IntakeRequest("b-1", test::SomeReport(), respondent, test::SomeConclusion(),
                                    test::SomeReferral()))
          .case_id();
  Exchange();
  bkn_.Must(ReferralRequest("k-1", test::SomeReceipt(id), test::SomeRecommendation(id)));
  EXPECT_EQ(bkn_.Case(id)->waiting_for(), "ppk/kemenag");
}

TEST_F(DecidersTest, ACaseThatIsNotHereIsNotFound) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  EXPECT_EQ(ReasonOf(bkn_, ReferralRequest("k-1", test::SomeReceipt(id))), "CASE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(ppk_, SanctionRequest("p-1", test::SomePpkReceipt(id))), "CASE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(bkn_, ReferralRequest("k-1", VoidOf(id, {}))), "CASE_NOT_FOUND");
  const absl::Status malformed =
      bkn_.Execute(ReferralRequest("k-1", test::SomeReceipt("42"))).status();
  EXPECT_EQ(test::FieldIn(malformed), "commands[0].case_id");
}

TEST_F(DecidersTest, AReportThatIsNotHereIsNotFound) {
  auto named = test::SomeRespondent();
  named.mutable_report()->set_report_id("8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11");
  EXPECT_EQ(ReasonOf(bawaslu_, test::IntakeRequest("b-1", named)), "REPORT_NOT_FOUND");
  named.mutable_report()->set_report_id("42");
  EXPECT_EQ(test::FieldIn(bawaslu_.Execute(test::IntakeRequest("b-1", named)).status()),
            "commands[0].report_id");
}

TEST_F(DecidersTest, ARespondentMayBeNamedInAReportOfEarlier) {
  const auto first = bawaslu_.Must(Naming("b-1"));
  auto second = test::SomeRespondent(test::kOtherNip);
  second.mutable_report()->set_report_id(first.report_id());
  const auto later = bawaslu_.Must(test::IntakeRequest("b-2", second));
  query::v1::GetReportRequest request;
  request.set_report_id(first.report_id());
  const auto report = bawaslu_.reader().GetReport(request, bawaslu_.viewer());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->report().case_ids(), testing::ElementsAre(first.case_id(), later.case_id()));
}

TEST_F(DecidersTest, ACommandWithoutContentIsRefused) {
  auto referral = std::make_shared<referral::v1::ExecuteBatchRequest>();
  referral->add_commands();
  EXPECT_EQ(test::FieldIn(bkn_.Execute({test::HeaderOf("bkn", "k-1"), referral}).status()),
            "commands[0].command");
  auto sanction = std::make_shared<sanction::v1::ExecuteBatchRequest>();
  sanction->add_commands();
  EXPECT_EQ(test::FieldIn(ppk_.Execute({test::HeaderOf("ppk/13.04", "p-1"), sanction}).status()),
            "commands[0].command");
}

TEST_F(DecidersTest, EachStatesItsSection) {
  EXPECT_EQ(bawaslu_.decider().section(), domain::Section::kIntake);
  EXPECT_EQ(bkn_.decider().section(), domain::Section::kReferral);
  EXPECT_EQ(ppk_.decider().section(), domain::Section::kSanction);
}

}  // namespace
}  // namespace selaras::node
