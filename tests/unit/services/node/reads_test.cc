#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/domain/refusal.h"
#include "services/node/rows.h"

namespace selaras::node {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class ReadsTest : public NodeTest {
 protected:
  // That somebody of the authority was shown these cases.
  static Request Read(absl::string_view authority, const std::vector<std::string>& cases,
                      absl::string_view purpose = "penanganan") {
    auto fact = std::make_shared<event::v1::PersonalDataRead>();
    fact->set_method("QueryService/GetCase");
    fact->set_purpose(std::string(purpose));
    fact->set_role("backoffice");
    for (const std::string& id : cases) fact->add_case_ids(id);
    Request request;
    request.header.set_authority(std::string(authority));
    request.header.mutable_officer()->set_officer_id("p-17");
    request.body = std::move(fact);
    return request;
  }
  static query::v1::ListReadsRequest Of(const std::string& case_id) {
    query::v1::ListReadsRequest request;
    request.set_case_id(case_id);
    return request;
  }
  static std::vector<std::string> PurposesIn(const query::v1::ListReadsResponse& answer) {
    std::vector<std::string> purposes;
    for (const query::v1::Read& read : answer.reads()) purposes.push_back(read.purpose());
    return purposes;
  }
};

TEST_F(ReadsTest, AReadIsAnEntryOfThePrivateLogAndOfNoOther) {
  const std::string id = RecommendedCase();
  const std::size_t shared = bkn_.Events().size();
  const std::size_t before = bkn_.PrivateEvents().size();
  std::size_t requests = 0;
  const auto count = [&] {
    requests = 0;
    EXPECT_TRUE(bkn_.store()
                    .Scan(log::Table::kRequest, "", "",
                          [&](absl::string_view, absl::string_view) { return ++requests > 0; })
                    .ok());
    return requests;
  };
  const std::size_t rows = count();
  const auto outcome = bkn_.Must(Read("bkn", {id}));
  EXPECT_THAT(outcome.positions(), IsEmpty());
  EXPECT_EQ(bkn_.Events().size(), shared);
  EXPECT_EQ(count(), rows) << "it is no request that could be repeated";
  const auto events = bkn_.PrivateEvents();
  ASSERT_THAT(events, SizeIs(before + 1));
  EXPECT_EQ(events.back().author(), "bkn");
  EXPECT_EQ(events.back().officer().officer_id(), "p-17");
  EXPECT_EQ(events.back().fact().personal_data_read().case_ids(0), id);
  EXPECT_EQ(events.back().subject_case(), event::v1::Event::SUBJECT_NOT_SET);
  EXPECT_EQ(events.back().personal_case(), event::v1::Event::PERSONAL_NOT_SET);
}

TEST_F(ReadsTest, WhatWasReadIsListedInTheOrderOfTheLogPageByPage) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  const std::string other = bawaslu_.Must(Referring("b-2", test::kOtherNip)).case_id();
  for (int i = 0; i < 5; ++i) {
    bawaslu_.Must(Read("bawaslu/13", i == 3 ? std::vector{other} : std::vector{id, other},
                       absl::StrCat("purpose-", i)));
  }
  bawaslu_.Project();
  query::v1::ListReadsRequest request = Of(id);
  request.set_page_size(3);
  auto page = *bawaslu_.reader().ListReads(request, bawaslu_.viewer());
  EXPECT_EQ(page.subject_id(), id);
  EXPECT_THAT(PurposesIn(page), testing::ElementsAre("purpose-0", "purpose-1", "purpose-2"));
  request.set_page_token(page.next_page_token());
  page = *bawaslu_.reader().ListReads(request, bawaslu_.viewer());
  EXPECT_THAT(PurposesIn(page), testing::ElementsAre("purpose-4"));
  EXPECT_THAT(page.next_page_token(), IsEmpty());
}

TEST_F(ReadsTest, AnAuthoritySeesWhatItsOwnPeopleRead) {
  const std::string id = RecommendedCase();
  bkn_.Must(Read("bkn", {id}, "by bkn"));
  bkn_.Must(Read("kasn", {id}, "by kasn"));
  bkn_.Project();
  EXPECT_THAT(PurposesIn(*bkn_.reader().ListReads(Of(id), {.authorities = {"bkn"}})),
              testing::ElementsAre("by bkn"));
  const Viewer all{.authorities = {"bkn", "kasn"}, .whole_node = true};
  EXPECT_THAT(PurposesIn(*bkn_.reader().ListReads(Of(id), all)), SizeIs(2));
}

TEST_F(ReadsTest, WhatWasReadByBreakGlassIsForTheOfficeOfTheReportToSee) {
  const std::string report_id = bawaslu_.Must(Naming("b-1")).report_id();
  for (const bool broken : {false, true}) {
    auto fact = std::make_shared<event::v1::PersonalDataRead>();
    fact->add_report_ids(report_id);
    fact->set_role("ops");
    fact->set_method("QueryService/GetReport");
    if (broken) fact->mutable_break_glass()->set_sequence(1);
    Request request;
    request.header.set_authority("bawaslu/ri");  // of a node that serves several
    request.body = std::move(fact);
    bawaslu_.Must(request);
  }
  bawaslu_.Project();
  query::v1::ListReadsRequest request;
  request.set_report_id(report_id);
  const auto seen = *bawaslu_.reader().ListReads(request, {.authorities = {"bawaslu/13"}});
  ASSERT_THAT(seen.reads(), SizeIs(1));
  EXPECT_TRUE(seen.reads(0).has_break_glass());
}

TEST_F(ReadsTest, WhoIsNoPartyIsToldThatThereIsNoSuchCase) {
  const std::string id = RecommendedCase();
  bkn_.Must(Read("bkn", {id}));
  bkn_.Project();
  const auto refused = bkn_.reader().ListReads(Of(id), {.authorities = {"ppk/13.05"}});
  EXPECT_EQ(domain::ReasonOf(refused.status()), "CASE_NOT_FOUND");
  EXPECT_EQ(domain::ReasonOf(bkn_.reader().ListReads({}, bkn_.viewer()).status()), "INVALID_FIELD");
}

TEST_F(ReadsTest, ReadsAreFoundAgainWhenEverythingIsDerivedAnew) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Must(Read("bawaslu/13", {id}));
  bawaslu_.Project();
  ASSERT_TRUE(Projector::Forget(bawaslu_.store()).ok());
  EXPECT_THAT(bawaslu_.reader().ListReads(Of(id), bawaslu_.viewer())->reads(), IsEmpty());
  bawaslu_.Project();
  EXPECT_THAT(bawaslu_.reader().ListReads(Of(id), bawaslu_.viewer())->reads(), SizeIs(1));
}

TEST_F(ReadsTest, WhoAskedWhetherAPersonHasAnOpenCaseIsFoundByTheNip) {
  const auto ask = [&](absl::string_view id, absl::string_view nip, absl::string_view why) {
    auto body = std::make_shared<command::v1::CheckOpenCases>();
    body->set_nip(std::string(nip));
    body->set_purpose(std::string(why));
    ppk_.Must({test::HeaderOf("ppk/13.04", id), std::move(body), true});
  };
  ask("one", test::kNip, "promosi");
  ask("two", test::kOtherNip, "mutasi");
  ask("three", test::kNip, "mutasi");
  query::v1::ListReadsRequest request;
  request.set_nip("19800101 200501 1 001");
  request.set_page_size(1);
  auto page = *ppk_.reader().ListReads(request, ppk_.viewer());
  EXPECT_THAT(PurposesIn(page), testing::ElementsAre("promosi"));
  EXPECT_EQ(page.reads(0).method(), "CheckOpenCases");
  request.set_page_token(page.next_page_token());
  page = *ppk_.reader().ListReads(request, ppk_.viewer());
  EXPECT_THAT(PurposesIn(page), testing::ElementsAre("mutasi"));
  EXPECT_THAT(page.next_page_token(), IsEmpty());
  EXPECT_THAT(ppk_.reader().ListReads(request, {.authorities = {"ppk/13.05"}})->reads(), IsEmpty());
}

TEST_F(ReadsTest, WhatIsRecordedIsThereAfterACrashAndWhatIsTooMuchIsRefusedWhole) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Must(Read("bawaslu/13", {id}));
  const std::size_t before = bawaslu_.PrivateEvents().size();
  const auto refused = bawaslu_.Execute(Read("bawaslu/13", std::vector<std::string>(2'000, id)));
  EXPECT_EQ(domain::ReasonOf(refused.status()), "TOO_MANY_READ");
  bawaslu_.Crash();
  EXPECT_THAT(bawaslu_.PrivateEvents(), SizeIs(before));
}

}  // namespace
}  // namespace selaras::node
