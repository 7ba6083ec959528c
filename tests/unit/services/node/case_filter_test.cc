// Which cases ListCases finds.
#include "services/node/case_filter.h"

#include <map>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"

namespace selaras::node {
namespace {

using query::v1::ListCasesRequest;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class CaseFilterTest : public NodeTest {
 protected:
  static absl::StatusOr<std::vector<std::string>> Found(const test::CaseNode& node,
                                                        const ListCasesRequest& request) {
    const auto response = node.reader().ListCases(request, node.viewer(), node.now);
    if (!response.ok()) return response.status();
    std::vector<std::string> ids;
    for (const auto& found : response->cases()) ids.push_back(found.case_id());
    return ids;
  }
};

TEST_F(CaseFilterTest, FindsByHolderElectionViolationAndPublicStatus) {
  const std::string named = bawaslu_.Must(Naming("b-0", test::kOtherNip)).case_id();
  const std::string id = RecommendedCase();
  ListCasesRequest request;
  request.set_holder("bkn");
  EXPECT_THAT(*Found(bawaslu_, request), ElementsAre(id));
  request.set_holder("bawaslu/13");
  EXPECT_THAT(*Found(bawaslu_, request), ElementsAre(named));
  request = {};
  request.set_election("PILKADA-2024");
  EXPECT_THAT(*Found(bawaslu_, request), UnorderedElementsAre(id, named));
  request.set_election("PEMILU-2024");
  EXPECT_THAT(*Found(bawaslu_, request), IsEmpty());
  request = {};
  request.set_violation("HD-06");
  EXPECT_THAT(*Found(bawaslu_, request), UnorderedElementsAre(id, named)) << "alleged counts";
  EXPECT_THAT(*Found(ppk_, request), ElementsAre(id));
  request.set_violation("HD-07");
  EXPECT_THAT(*Found(bawaslu_, request), IsEmpty());
  request = {};
  request.set_public_status("menunggu_ppk");
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
    EXPECT_THAT(*Found(*node, request), ElementsAre(id)) << node->name();
    EXPECT_EQ(node->Case(id)->public_status(), "menunggu_ppk");
  }
  EXPECT_EQ(bawaslu_.Case(named)->public_status(), "") << "SBT does not know it yet";
  request.set_public_status("menunggu_verifikasi_bkn");
  EXPECT_THAT(*Found(bawaslu_, request), IsEmpty());
  request.set_public_status("menunggu");
  EXPECT_TRUE(absl::IsInvalidArgument(Found(bawaslu_, request).status()));
}

TEST_F(CaseFilterTest, APublicStatusFollowsTheReasonOfADismissal) {
  std::map<std::string, std::string> statuses;
  for (const char* reason : {"", "batal", "ditolak"}) {
    const std::string id = bawaslu_.Must(Referring(absl::StrCat("b-", reason))).case_id();
    Exchange();
    auto dismissal = test::SomeDismissal(id);
    dismissal.set_reason(reason);
    bkn_.Must(test::ReferralRequest(absl::StrCat("k-", reason), test::SomeReceipt(id), dismissal));
    bkn_.Project();
    statuses[reason] = bkn_.Case(id)->public_status();
  }
  EXPECT_EQ(statuses[""], "tidak_terbukti");
  EXPECT_EQ(statuses["batal"], "batal");
  EXPECT_EQ(statuses["ditolak"], "ditolak");
}

TEST_F(CaseFilterTest, WaitingSinceMeansThatDayOrLonger) {
  const std::string id = RecommendedCase();
  const std::string since = bkn_.Case(id)->since().date();
  ASSERT_FALSE(since.empty());
  ListCasesRequest request;
  request.set_waiting_since(since);
  EXPECT_THAT(*Found(bkn_, request), ElementsAre(id));
  request.set_waiting_since("2024-10-01");
  EXPECT_THAT(*Found(bkn_, request), IsEmpty()) << "it waits since later";
  request.set_waiting_since("2030-01-01");
  EXPECT_THAT(*Found(bkn_, request), ElementsAre(id));
  request.set_waiting_since("11-10-2024");
  EXPECT_TRUE(absl::IsInvalidArgument(Found(bkn_, request).status()));
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeDecision(id),
                                  test::SomeHandOver(id)));
  Exchange();
  request.set_waiting_since("2030-01-01");
  ASSERT_EQ(ppk_.Case(id)->waiting_for(), "");
  EXPECT_THAT(*Found(ppk_, request), IsEmpty()) << "it waits for nobody";
}

TEST_F(CaseFilterTest, FindsByANumberOfOneKindOrOfAny) {
  const std::string id = RecommendedCase();
  bawaslu_.Must(Naming("b-2", test::kOtherNip));
  bawaslu_.Project();
  ListCasesRequest request;
  request.mutable_reference()->set_raw("r-7/b-ak.02.02/sd/f/2024");
  for (const auto* node : {&bkn_, &ppk_}) {
    EXPECT_THAT(*Found(*node, request), ElementsAre(id)) << node->name();
  }
  request.mutable_reference()->set_kind(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER);
  EXPECT_THAT(*Found(ppk_, request), ElementsAre(id));
  request.mutable_reference()->set_kind(event::v1::REFERENCE_KIND_DECREE);
  EXPECT_THAT(*Found(ppk_, request), IsEmpty());
  request.mutable_reference()->clear_kind();
  request.set_state(query::v1::CASE_STATE_DECIDED);
  EXPECT_THAT(*Found(ppk_, request), IsEmpty()) << "filters narrow each other";
  request.clear_state();
  request.mutable_reference()->clear_raw();
  EXPECT_TRUE(absl::IsInvalidArgument(Found(ppk_, request).status()));
}

TEST_F(CaseFilterTest, CasesUnderOneNumberComePageByPage) {
  // The cases of one report share its register number.
  std::set<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    auto request =
        test::IntakeRequest(absl::StrCat("b-", i), test::SomeReport(), test::SomeRespondent());
    ids.insert(bawaslu_.Must(request).case_id());
  }
  bawaslu_.Project();
  ListCasesRequest request;
  request.mutable_reference()->set_kind(event::v1::REFERENCE_KIND_REGISTER);
  request.mutable_reference()->set_raw(bawaslu_.Case(*ids.begin())->register_number());
  request.set_page_size(2);
  std::vector<std::string> found;
  do {
    const auto page = bawaslu_.reader().ListCases(request, bawaslu_.viewer(), bawaslu_.now);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& each : page->cases()) found.push_back(each.case_id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(found, std::vector<std::string>(ids.begin(), ids.end()));
}

}  // namespace
}  // namespace selaras::node
