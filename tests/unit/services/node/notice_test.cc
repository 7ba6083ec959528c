// What a PPK tells an office of Bawaslu, from node to node.
#include "absl/strings/match.h"

#include "node_test_base.h"
#include "services/node/statistics.h"
#include "tests/support/recount.h"

namespace selaras::node {
namespace {

using test::IntakeRequest;
using test::SanctionRequest;
using testing::ElementsAre;
using testing::IsEmpty;

class NoticeTest : public NodeTest {
 protected:
  // A notice that reached the office.
  std::string Noticed(absl::string_view id = "p-1", absl::string_view nip = test::kNip) {
    const std::string notice = ppk_.Must(SanctionRequest(id, test::SomeNotice(nip))).case_id();
    Exchange();
    return notice;
  }
  Request Receiving(absl::string_view id, absl::string_view notice) {
    return IntakeRequest(id, test::In(notice, intake::v1::ReceiveNotice()));
  }
  // A report of the notice whose case goes to BKN; gives the case.
  std::string Referred(absl::string_view notice) {
    const std::string id =
        bawaslu_
            .Must(IntakeRequest("b-report", test::SomeReportOf(notice), test::SomeRespondent(),
                                test::SomeReview(), test::SomeConclusion(), test::SomeReferral()))
            .case_id();
    Exchange();
    return id;
  }
  static std::string ReasonOf(test::CaseNode& node, const Request& request) {
    return test::ReasonIn(node.Execute(request).status());
  }
  static query::v1::Report ReportAt(const test::CaseNode& node, const std::string& report_id,
                                    bool sees_reporters) {
    query::v1::GetReportRequest request;
    request.set_report_id(report_id);
    Viewer viewer = node.viewer();
    viewer.sees_reporters = sees_reporters;
    const auto response = node.reader().GetReport(request, viewer);
    EXPECT_TRUE(response.ok()) << response.status();
    return response->report();
  }
  static std::uint64_t CasesAt(const test::CaseNode& node) {
    const StatisticsReader reader(node.store(), node.directory(), node.decider().section());
    const auto response = reader.GetStatistics({}, node.viewer(), node.now);
    EXPECT_TRUE(response.ok()) << response.status();
    for (const auto& figure : response->figures()) {
      if (figure.name() == "cases") return figure.count();
    }
    return 0;
  }
  static std::vector<std::string> Listed(const test::CaseNode& node,
                                         query::v1::IdentityFilter identity) {
    query::v1::ListCasesRequest request;
    request.set_identity(identity);
    std::vector<std::string> ids;
    const auto page = node.reader().ListCases(request, node.viewer(), node.now);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const auto& found : page->cases()) ids.push_back(found.case_id());
    return ids;
  }
};

TEST_F(NoticeTest, TheOfficeAddressedSeesItAndNobodyElse) {
  const std::string id = Noticed();
  for (const auto* node : {&ppk_, &bawaslu_}) {
    const auto seen = *node->Case(id);
    EXPECT_EQ(seen.state(), query::v1::CASE_STATE_NOTICED) << node->name();
    EXPECT_EQ(seen.holder(), "ppk/13.04");
    EXPECT_EQ(seen.waiting_for(), "bawaslu/13");
    EXPECT_THAT(seen.parties(), ElementsAre("ppk/13.04", "bawaslu/13"));
    EXPECT_EQ(seen.election(), "PILKADA-2024");
    EXPECT_EQ(seen.incident_on(), "2024-10-01");
    EXPECT_EQ(seen.agency_region(), "13.04");
    EXPECT_EQ(seen.rank(), "III/d");
    EXPECT_THAT(seen.violations_alleged(), ElementsAre("HD-06"));
    EXPECT_EQ(seen.respondent().nip(), test::kNip);
    EXPECT_TRUE(seen.identified());
    EXPECT_EQ(seen.party_digest(), ppk_.Case(id)->party_digest());
  }
  EXPECT_THAT(bawaslu_.Case(id)->allowed_commands(), ElementsAre("ReceiveNotice"));
  for (const auto* node : {&bkn_, &padang_}) {
    EXPECT_TRUE(absl::IsNotFound(node->Case(id).status())) << node->name();
    EXPECT_THAT(node->LookUp(event::v1::REFERENCE_KIND_LETTER, "800/3/BKPSDM/2024"), IsEmpty());
    EXPECT_THAT(node->DisclosedBy(ppk_), IsEmpty());
  }
  EXPECT_THAT(bawaslu_.LookUp(event::v1::REFERENCE_KIND_LETTER, "800/3/BKPSDM/2024", test::kNip),
              ElementsAre(id));
}

TEST_F(NoticeTest, BothHoldTheSameWhenItIsReceived) {
  const std::string id = Noticed();
  bawaslu_.Must(Receiving("b-1", id));
  Exchange();
  for (const auto* node : {&ppk_, &bawaslu_}) {
    const auto seen = *node->Case(id);
    EXPECT_EQ(seen.state(), query::v1::CASE_STATE_NOTICE_RECEIVED) << node->name();
    EXPECT_EQ(seen.holder(), "bawaslu/13");
    EXPECT_EQ(seen.waiting_for(), "");
    EXPECT_EQ(seen.party_digest(), ppk_.Case(id)->party_digest());
    EXPECT_THAT(seen.contradictions(), IsEmpty());
  }
  EXPECT_EQ(ReasonOf(bawaslu_, Receiving("b-2", id)), "MOVE_NOT_ALLOWED");
  EXPECT_TRUE(bawaslu_.Must(Receiving("b-1", id)).repeated_request());
}

TEST_F(NoticeTest, OneThatWasTakenBackIsSeenAsThatByBoth) {
  const auto told = ppk_.Must(SanctionRequest("p-1", test::SomeNotice()));
  Exchange();
  ppk_.Must(SanctionRequest("p-2", VoidOf(told.case_id(), told.positions(0))));
  Exchange();
  EXPECT_EQ(bawaslu_.Case(told.case_id())->party_digest(),
            ppk_.Case(told.case_id())->party_digest());
  EXPECT_EQ(bawaslu_.Case(told.case_id())->waiting_for(), "");
  EXPECT_EQ(ReasonOf(bawaslu_, Receiving("b-1", told.case_id())), "RULE");
}

TEST_F(NoticeTest, ValidateOnlyWritesNothing) {
  auto notice = SanctionRequest("p-1", test::SomeNotice());
  notice.header.set_validate_only(true);
  EXPECT_EQ(ppk_.Must(notice).positions_size(), 0);
  EXPECT_THAT(ppk_.Events(), IsEmpty());
  const std::string id = Noticed();
  auto receipt = Receiving("b-1", id);
  receipt.header.set_validate_only(true);
  bawaslu_.Must(receipt);
  EXPECT_EQ(bawaslu_.Case(id)->state(), query::v1::CASE_STATE_NOTICED);
  EXPECT_THAT(bawaslu_.Events(), IsEmpty());
}

TEST_F(NoticeTest, AReportNamesANoticeThatItsOfficeReceived) {
  const std::string id = Noticed();
  const auto refused = [&](absl::string_view request, absl::string_view notice) {
    return ReasonOf(bawaslu_, IntakeRequest(request, test::SomeReportOf(notice)));
  };
  EXPECT_EQ(refused("b-1", id), "INVALID_FIELD") << "not received yet";
  bawaslu_.Must(Receiving("b-2", id));
  EXPECT_EQ(refused("b-3", "8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11"), "INVALID_FIELD");
  EXPECT_EQ(refused("b-4", "notice"), "INVALID_FIELD");
  const std::string ordinary = bawaslu_.Must(Naming("b-5")).case_id();
  EXPECT_EQ(refused("b-6", ordinary), "INVALID_FIELD") << "no notice";
  const auto opened = bawaslu_.Must(IntakeRequest("b-7", test::SomeReportOf(id)));
  EXPECT_EQ(ReportAt(bawaslu_, opened.report_id(), true).notice_case_id(), id);
  EXPECT_EQ(ReportAt(bawaslu_, opened.report_id(), false).notice_case_id(), "");
}

TEST_F(NoticeTest, NothingThatLeavesTheOfficeSaysThatAReportCameOfIt) {
  const std::string notice = Noticed();
  bawaslu_.Must(Receiving("b-1", notice));
  const std::string id = Referred(notice);
  EXPECT_EQ(bkn_.Case(id)->state(), query::v1::CASE_STATE_REFERRED);
  std::set<std::string> tags;
  for (const auto& event : bawaslu_.Events()) {
    if (event.case_id() == notice) {
      tags.insert(event.request_tag());
      continue;
    }
    EXPECT_FALSE(absl::StrContains(event.SerializeAsString(), notice));
    EXPECT_FALSE(absl::StrContains(event.SerializeAsString(), "kepala_daerah"));
    EXPECT_FALSE(tags.contains(event.request_tag()));
    for (const auto& citation : event.citations()) {
      EXPECT_NE(citation.position().log(), ppk_.name());
      EXPECT_NE(citation.position().sequence(), 0u) << "the receipt";
    }
  }
}

TEST_F(NoticeTest, ARequestThatReceivesANoticeDoesNothingElse) {
  const std::string one = Noticed("p-1");
  const std::string two = Noticed("p-2", test::kOtherNip);
  const auto receive = [](absl::string_view id) {
    return test::In(id, intake::v1::ReceiveNotice());
  };
  const Request mixed = IntakeRequest("b-1", receive(one), test::SomeReport());
  EXPECT_EQ(ReasonOf(bawaslu_, mixed), "RULE") << "its entries would carry the same tag";
  EXPECT_THAT(bawaslu_.Events(), IsEmpty());
  bawaslu_.Must(IntakeRequest("b-2", receive(one), receive(two)));
}

TEST_F(NoticeTest, ItIsCountedAsAReportAndNeverAsACase) {
  const std::string notice = Noticed();
  EXPECT_EQ(CasesAt(ppk_), 0u);
  EXPECT_EQ(CasesAt(bawaslu_), 0u);
  bawaslu_.Must(Receiving("b-1", notice));
  Exchange();
  EXPECT_EQ(CasesAt(bawaslu_), 0u);
  Referred(notice);
  EXPECT_EQ(CasesAt(bawaslu_), 1u);
  EXPECT_EQ(CasesAt(ppk_), 0u);
  const auto other = ppk_.Must(SanctionRequest("p-9", test::SomeNotice(test::kOtherNip)));
  ppk_.Must(SanctionRequest("p-10", VoidOf(other.case_id(), other.positions(0))));
  Exchange();
  EXPECT_EQ(CasesAt(ppk_), 0u) << "taken back";
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) {
    EXPECT_EQ(test::DifferenceFromRecount(*node), "");
  }
}

TEST_F(NoticeTest, TheQueueOfThoseToIdentifyLeavesItOut) {
  const std::string unknown = Noticed("p-1", "");
  EXPECT_FALSE(bawaslu_.Case(unknown)->identified());
  EXPECT_TRUE(bawaslu_.Case(Noticed("p-2"))->identified());
  EXPECT_THAT(Listed(bawaslu_, query::v1::IDENTITY_FILTER_OPEN), IsEmpty());
  EXPECT_THAT(Listed(bawaslu_, query::v1::IDENTITY_FILTER_KNOWN), IsEmpty());
  EXPECT_EQ(Listed(bawaslu_, query::v1::IDENTITY_FILTER_UNSPECIFIED).size(), 2u);
}

TEST_F(NoticeTest, ItStandsInTheWorklistOfTheOfficeUntilItIsReceived) {
  const std::string id = Noticed();
  bawaslu_.Watch();
  const auto work = [&] {
    query::v1::GetWorklistRequest request;
    request.set_authority("bawaslu/13");
    const auto response = bawaslu_.reader().GetWorklist(
        request, bawaslu_.viewer(), bawaslu_.engine().deadlines(), bawaslu_.now);
    EXPECT_TRUE(response.ok()) << response.status();
    return *response;
  };
  ASSERT_EQ(work().items_size(), 1);
  const auto item = work().items(0);
  EXPECT_EQ(item.case_id(), id);
  EXPECT_EQ(item.state(), query::v1::CASE_STATE_NOTICED);
  EXPECT_THAT(item.allowed_commands(), ElementsAre("ReceiveNotice"));
  EXPECT_EQ(item.respondent().nip(), test::kNip);
  EXPECT_EQ(item.revision(), 0u);
  EXPECT_EQ(item.due_on(), "") << "no time limit is known";
  auto receipt = Receiving("b-1", id);
  auto* expected = receipt.header.add_expected_revisions();
  expected->set_case_id(id);
  expected->set_revision(item.revision());
  bawaslu_.Must(receipt);
  bawaslu_.Watch();
  EXPECT_THAT(work().items(), IsEmpty());
}

TEST_F(NoticeTest, ItsStepsAreInTheTimelineOfBoth) {
  const std::string id = Noticed();
  bawaslu_.Must(Receiving("b-1", id));
  Exchange();
  for (const auto* node : {&ppk_, &bawaslu_}) {
    query::v1::GetTimelineRequest request;
    request.set_case_id(id);
    const auto timeline = node->reader().GetTimeline(request, node->viewer(), node->now);
    ASSERT_TRUE(timeline.ok()) << timeline.status();
    ASSERT_EQ(timeline->steps_size(), 2) << node->name();
    EXPECT_EQ(timeline->steps(0).fact_name(), "violation_noticed");
    EXPECT_EQ(timeline->steps(0).personal().summary(), test::SomeNotice().summary());
    EXPECT_EQ(timeline->steps(1).fact_name(), "notice_received");
    EXPECT_EQ(timeline->steps(1).citations(0).position().log(), ppk_.name());
  }
}

}  // namespace
}  // namespace selaras::node
