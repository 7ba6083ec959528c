#include <set>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/domain/refusal.h"
#include "services/node/case_reader.h"

namespace selaras::node {
namespace {

using test::On;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class WorklistTest : public NodeTest {
 protected:
  void SetUp() override {
    for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) node->now = Day(19);
  }
  // Of February 2025, in the morning in Jakarta.
  static absl::Time Day(int day) {
    return absl::FromCivil(absl::CivilHour(2025, 2, day, 3), absl::UTCTimeZone());
  }
  void WatchEverywhere() {
    Exchange();
    for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_, &padang_}) node->Watch();
  }
  // A case of its own report that BKN gets; received on the day, if there is one.
  std::string Sent(int number, absl::string_view received = "") {
    auto report = test::SomeReport();
    report.set_register_number(absl::StrCat(number, "/Reg/LP/PB/Kab/03.04/X/2024"));
    auto referral = test::SomeReferral();
    referral.set_letter_number(absl::StrCat(number, "/PP.00.02/2024"));
    const std::string id = bawaslu_
                               .Must(test::IntakeRequest(
                                   absl::StrCat("b-", number), report,
                                   test::SomeRespondent(absl::StrCat("19800101200501100", number)),
                                   test::SomeReview(), test::SomeConclusion(), referral))
                               .case_id();
    Exchange();
    if (received.empty()) return id;
    auto receipt = test::SomeReceipt(id);
    *receipt.mutable_occurred_at() = On(received);
    bkn_.Must(test::ReferralRequest(absl::StrCat("k-", number), receipt));
    return id;
  }
  absl::StatusOr<query::v1::GetWorklistResponse> Ask(const query::v1::GetWorklistRequest& request,
                                                     test::CaseNode& node) {
    return node.reader().GetWorklist(request, node.viewer(), node.engine().deadlines(), node.now);
  }
  static query::v1::GetWorklistRequest Of(absl::string_view authority) {
    query::v1::GetWorklistRequest request;
    request.set_authority(std::string(authority));
    return request;
  }
  std::vector<std::string> IdsOf(const query::v1::GetWorklistRequest& request,
                                 test::CaseNode& node) {
    std::vector<std::string> ids;
    const auto response = Ask(request, node);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok()) return ids;
    for (const auto& item : response->items()) ids.push_back(item.case_id());
    return ids;
  }
};

TEST_F(WorklistTest, ListsWhatWaitsForAnAuthorityTheFirstDueFirst) {
  const std::string later = Sent(1, "2025-02-18");
  const std::string undated = Sent(2);
  const std::string sooner = Sent(3, "2025-02-16");
  WatchEverywhere();
  EXPECT_THAT(IdsOf(Of("bkn"), bkn_), ElementsAre(sooner, later, undated));
  EXPECT_THAT(IdsOf(Of("bawaslu/13"), bawaslu_), IsEmpty());

  const auto list = Ask(Of("bkn"), bkn_);
  ASSERT_TRUE(list.ok());
  const auto& first = list->items(0);
  EXPECT_EQ(first.due_on(), "2025-02-23");
  EXPECT_EQ(first.deadline(), "D-10");
  EXPECT_FALSE(first.overdue());
  EXPECT_EQ(first.state(), query::v1::CASE_STATE_RECEIVED);
  EXPECT_EQ(first.since().date(), "2025-02-16");
  EXPECT_EQ(first.revision(), 1U);
  EXPECT_EQ(first.respondent().nip(), "198001012005011003");
  EXPECT_THAT(first.allowed_commands(), Contains("VerifyCase"));
  EXPECT_FALSE(first.has_answers());
  const auto& last = list->items(2);
  EXPECT_EQ(last.due_on(), "");
  EXPECT_THAT(last.allowed_commands(), ElementsAre("ReceiveCase"));
  EXPECT_EQ(last.answers().log(), "bawaslu-13");
}

TEST_F(WorklistTest, WhatIsDoneLeavesTheListAndComesToWhoIsNext) {
  const std::string id = Sent(1, "2025-02-18");
  WatchEverywhere();
  auto verified = test::SomeVerification(id);
  *verified.mutable_occurred_at() = On("2025-02-19");
  bkn_.Must(test::ReferralRequest("k-8", verified, test::SomeRecommendation(id)));
  WatchEverywhere();
  EXPECT_THAT(IdsOf(Of("bkn"), bkn_), IsEmpty());
  EXPECT_THAT(IdsOf(Of("ppk/13.04"), ppk_), ElementsAre(id));
}

TEST_F(WorklistTest, ADueDayThatHasPassedIsOverdueUntilTheStepIsDone) {
  const std::string id = Sent(1, "2025-02-18");
  Sent(2);
  WatchEverywhere();
  query::v1::ListCasesRequest overdue;
  overdue.set_overdue(true);
  const auto ids = [&](test::CaseNode& node) {
    std::set<std::string> found;
    const auto response = node.reader().ListCases(overdue, node.viewer(), node.now);
    EXPECT_TRUE(response.ok()) << response.status();
    for (const auto& each : response->cases()) found.insert(each.case_id());
    return found;
  };
  bkn_.now = bawaslu_.now = Day(25);
  EXPECT_THAT(ids(bkn_), IsEmpty());
  bkn_.now = bawaslu_.now = Day(26);
  EXPECT_THAT(ids(bkn_), ElementsAre(id));
  EXPECT_THAT(ids(bawaslu_), ElementsAre(id));
  EXPECT_TRUE(Ask(Of("bkn"), bkn_)->items(0).overdue());
  bkn_.Must(test::ReferralRequest("k-8", test::SomeVerification(id)));
  WatchEverywhere();
  EXPECT_THAT(ids(bkn_), IsEmpty());
  EXPECT_THAT(ids(bawaslu_), IsEmpty());
}

TEST_F(WorklistTest, ShowsNothingOfAnAuthorityForWhomTheCallerDoesNotLook) {
  Sent(1, "2025-02-18");
  WatchEverywhere();
  const absl::Status of_others = Ask(Of("bkn"), bawaslu_).status();
  EXPECT_EQ(domain::ReasonOf(of_others), "NOT_YOUR_AUTHORITY");
  EXPECT_EQ(of_others.message(),
            "you do not look for bkn on this node; ask it for bawaslu/13, or ask the node of bkn");
  EXPECT_EQ(domain::ReasonOf(Ask(Of(""), bkn_).status()), "INVALID_FIELD");
  auto request = Of("bkn");
  request.set_page_token("xyz");
  EXPECT_EQ(domain::ReasonOf(Ask(request, bkn_).status()), "INVALID_FIELD");
}

TEST_F(WorklistTest, AnAuthorityThatThereIsNotIsRefusedAsInAListOfCases) {
  query::v1::ListCasesRequest list;
  list.set_waiting_for("nobody");
  const Viewer whole_store{.authorities = {}, .everything = true};
  for (const absl::Status& refused :
       {Ask(Of("nobody"), bkn_).status(),
        bkn_.reader()
            .GetWorklist(Of("nobody"), whole_store, bkn_.engine().deadlines(), bkn_.now)
            .status(),
        bkn_.reader().ListCases(list, bkn_.viewer(), bkn_.now).status()}) {
    EXPECT_EQ(domain::ReasonOf(refused), "INVALID_FIELD");
    EXPECT_THAT(refused.message(),
                testing::HasSubstr("the reference data know no \"nobody\"; selaras reference show "
                                   "authorities lists what they know"));
  }
}

TEST_F(WorklistTest, PagesJoinWithoutGapsOrRepetitions) {
  std::vector<std::string> ids;
  for (int i = 1; i <= 5; ++i) ids.push_back(Sent(i, absl::StrCat("2025-02-1", i)));
  WatchEverywhere();
  auto request = Of("bkn");
  request.set_page_size(2);
  std::vector<std::string> found;
  do {
    const auto response = Ask(request, bkn_);
    ASSERT_TRUE(response.ok()) << response.status();
    for (const auto& item : response->items()) found.push_back(item.case_id());
    request.set_page_token(response->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(found, ids);
}

TEST_F(WorklistTest, AnOfficerSeesWhatWasAssignedToThem) {
  const std::string mine = Sent(1, "2025-02-18");
  Sent(2, "2025-02-18");
  auto request = test::ReferralRequest("k-7");
  auto body = std::make_shared<referral::v1::ExecuteBatchRequest>();
  auto& assign = *body->add_commands()->mutable_assign_case();
  assign.set_case_id(mine);
  assign.set_unit("wasdal-2");
  request.body = std::move(body);
  bkn_.Must(request);
  WatchEverywhere();
  auto of_unit = Of("bkn");
  of_unit.set_assigned_to("wasdal-2");
  EXPECT_THAT(IdsOf(of_unit, bkn_), ElementsAre(mine));
}

}  // namespace
}  // namespace selaras::node
