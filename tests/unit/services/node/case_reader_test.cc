#include "services/node/case_reader.h"

#include <set>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"

namespace selaras::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

class CaseReaderTest : public NodeTest {
 protected:
  static absl::StatusOr<query::v1::GetCaseResponse> Get(const test::CaseNode& node,
                                                        absl::string_view id,
                                                        const Viewer& viewer) {
    query::v1::GetCaseRequest request;
    request.set_case_id(std::string(id));
    return node.reader().GetCase(request, viewer, node.now);
  }
  static absl::StatusOr<query::v1::ListCasesResponse> List(
      const test::CaseNode& node, const query::v1::ListCasesRequest& request) {
    return node.reader().ListCases(request, node.viewer(), node.now);
  }
  static std::vector<std::string> IdsOf(const query::v1::ListCasesResponse& response) {
    std::vector<std::string> ids;
    for (const auto& found : response.cases()) ids.push_back(found.case_id());
    return ids;
  }
};

TEST_F(CaseReaderTest, TheOfficeSeesEverythingThatItRecorded) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  bawaslu_.Project();
  const auto seen = *bawaslu_.Case(outcome.case_id());
  EXPECT_EQ(seen.state(), query::v1::CASE_STATE_REFERRED);
  EXPECT_EQ(seen.holder(), "bawaslu/13");
  EXPECT_EQ(seen.waiting_for(), "bkn");
  EXPECT_EQ(seen.since().date(), "2024-10-11");
  EXPECT_THAT(seen.parties(), ElementsAre("bawaslu/13", "bkn"));
  EXPECT_EQ(seen.report_id(), outcome.report_id());
  EXPECT_EQ(seen.register_number(), "07/Reg/LP/PB/Kab/03.04/X/2024");
  EXPECT_EQ(seen.source(), "laporan");
  EXPECT_THAT(seen.motives(), ElementsAre("karier"));
  EXPECT_EQ(seen.election(), "PILKADA-2024");
  EXPECT_EQ(seen.phase(), event::v1::ELECTION_PHASE_FROM_PENETAPAN);
  EXPECT_EQ(seen.agency_region(), "13.04");
  EXPECT_EQ(seen.rank(), "III/d");
  EXPECT_TRUE(seen.identified());
  EXPECT_THAT(seen.violations_alleged(), ElementsAre("HD-06"));
  EXPECT_THAT(seen.violations_found(), ElementsAre("HD-06"));
  EXPECT_EQ(seen.respondent().name(), "Citra Contoh");
  EXPECT_EQ(seen.personal(), query::v1::PERSONAL_STATE_OPEN);
  ASSERT_THAT(seen.sections(), SizeIs(1));
  EXPECT_EQ(seen.sections(0).name(), "intake");
  EXPECT_EQ(seen.sections(0).revision(), 4u);
  EXPECT_EQ(seen.sections(0).verified_size(), 5u);
  EXPECT_EQ(seen.party_digest().size(), 64u);
  EXPECT_THAT(seen.allowed_commands(),
              ElementsAre("SupplementCase", "LinkCase", "SendCopy", "MakeRequest", "FlagConflict",
                          "AddAttachment", "RemoveAttachment", "PlaceLegalHold"))
      << "it waits for BKN";
}

TEST_F(CaseReaderTest, APartySeesWhatTheReferralRestatesAndNoMore) {
  const std::string id = RecommendedCase();
  for (const auto* node : {&bkn_, &ppk_}) {
    const auto seen = *node->Case(id);
    EXPECT_EQ(seen.report_id(), "");
    EXPECT_EQ(seen.register_number(), "");
    EXPECT_EQ(seen.source(), "");
    EXPECT_THAT(seen.motives(), IsEmpty());
    EXPECT_THAT(seen.violations_alleged(), IsEmpty());
    EXPECT_EQ(seen.respondent().nip(), test::kNip);
    EXPECT_EQ(seen.agency_region(), "13.04");
    EXPECT_THAT(seen.violations_found(), ElementsAre("HD-06"));
    EXPECT_THAT(seen.sections(), SizeIs(2));
  }
}

TEST_F(CaseReaderTest, AllowedCommandsAreThoseOfTheNodeWhoseTurnItIs) {
  const std::string id = bawaslu_.Must(Naming("b-1")).case_id();
  EXPECT_THAT(bawaslu_.Case(id)->allowed_commands(),
              UnorderedElementsAreArray({"IdentifyRespondent", "ReviewCase", "ClarifyRespondent",
                                         "ConcludeCase", "ReferCase", "LinkCase", "HandElsewhere",
                                         "DelegateCase", "SendCopy", "FlagConflict",
                                         "AddAttachment", "RemoveAttachment", "PlaceLegalHold"}));
  bawaslu_.Must(test::IntakeRequest("b-2", test::In(id, test::SomeReferral())));
  Exchange();
  EXPECT_THAT(bkn_.Case(id)->allowed_commands(), ElementsAre("ReceiveCase"));
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id)));
  EXPECT_THAT(
      bkn_.Case(id)->allowed_commands(),
      UnorderedElementsAreArray({"AssignCase", "VerifyCase", "DismissCase", "ReturnCase",
                                 "RecommendSanction", "CloseCase", "SendCopy", "FlagConflict",
                                 "AddAttachment", "RemoveAttachment", "PlaceLegalHold"}));
  bkn_.Must(test::ReferralRequest("k-2", test::SomeRecommendation(id)));
  Exchange();
  EXPECT_THAT(bkn_.Case(id)->allowed_commands(),
              UnorderedElementsAreArray({"RemindPpk", "WarnPpk", "BlockServices", "EscalateCase",
                                         "SendCopy", "MakeRequest", "FlagConflict", "AddAttachment",
                                         "RemoveAttachment", "PlaceLegalHold"}));
  EXPECT_THAT(ppk_.Case(id)->allowed_commands(), ElementsAre("ReceiveRecommendation"));
}

TEST_F(CaseReaderTest, ACaseOfOthersIsNotFoundAsIfItWereNotThere) {
  const std::string id = RecommendedCase();
  const Viewer stranger{.authorities = {"ppk/13.05"}};
  const absl::Status hidden = Get(bkn_, id, stranger).status();
  const absl::Status absent = Get(padang_, id, padang_.viewer()).status();
  EXPECT_TRUE(absl::IsNotFound(hidden));
  EXPECT_EQ(hidden, absent) << "the same words and the same details";
  query::v1::GetTimelineRequest timeline;
  timeline.set_case_id(id);
  EXPECT_EQ(bkn_.reader().GetTimeline(timeline, stranger, bkn_.now).status(), absent);
  EXPECT_THAT(bkn_.reader().ListCases({}, stranger, bkn_.now)->cases(), IsEmpty());
  EXPECT_THAT(bkn_.reader().ListChanges({}, stranger)->changes(), IsEmpty());
  query::v1::LookUpCasesRequest look_up;
  look_up.set_kind(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER);
  look_up.set_number("R-7/B-AK.02.02/SD/F/2024");
  EXPECT_THAT(bkn_.reader().LookUp(look_up, stranger)->case_ids(), IsEmpty());
  EXPECT_THAT(bkn_.reader().LookUp(look_up, {.authorities = {"ppk/13.04"}})->case_ids(),
              ElementsAre(id));
  EXPECT_TRUE(absl::IsNotFound(Get(bkn_, id, Viewer()).status()));
}

TEST_F(CaseReaderTest, TheSuccessorSeesWhatWasReferredToItsPredecessor) {
  auto referral = test::SomeReferral();
  *referral.mutable_occurred_at() = test::On("2024-08-20");
  const std::string id =
      bawaslu_
          .Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(), referral))
          .case_id();
  Exchange();
  const auto seen = Get(bkn_, id, {.authorities = {"bkn"}});
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->case_().waiting_for(), "kasn");
  EXPECT_TRUE(Get(bkn_, id, {.authorities = {"kasn"}}).ok());
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id)));
}

TEST_F(CaseReaderTest, AUniquePrefixOfAnIdIsEnough) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  bawaslu_.Must(Referring("b-2"));
  EXPECT_EQ(bawaslu_.Case(id.substr(0, 6))->case_id(), id);
  EXPECT_EQ(bawaslu_.Case(id.substr(0, 20))->case_id(), id);
  for (const std::string& wrong : {std::string(), id.substr(0, 5), std::string("ZZZZZZZZ"),
                                   id + "0", std::string("case/../")}) {
    EXPECT_EQ(test::FieldIn(bawaslu_.Case(wrong).status()), "case_id") << wrong;
  }
  EXPECT_TRUE(absl::IsNotFound(bawaslu_.Case("0000000000").status()));
}

TEST_F(CaseReaderTest, APrefixOfSeveralIdsIsRefusedAndNamesTwo) {
  // With six hexadecimal digits none of a few thousand ids would meet, so ids are made by hand.
  test::CaseNode forger(test::BawasluNode(), {});
  std::vector<std::string> entries;
  for (const char* end : {"aa", "bb"}) {
    event::v1::Event event;
    event.set_author("bawaslu/13");
    event.set_case_id(absl::StrCat("8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a", end));
    event.set_party_number(1);
    event.mutable_fact()->mutable_case_referred()->add_parties("bkn");
    entries.push_back(event.SerializeAsString());
  }
  ASSERT_TRUE(forger.store().Append({entries, {}, {}}).ok());
  bkn_.CopyOnly(forger, {{0}, {1}});
  bkn_.Project();
  const absl::Status several = bkn_.Case("8a63fd").status();
  EXPECT_EQ(test::ReasonIn(several), "AMBIGUOUS");
  EXPECT_THAT(std::string(several.message()), testing::HasSubstr("0aaa"));
  EXPECT_TRUE(bkn_.Case("8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0aa").ok());
  EXPECT_TRUE(absl::IsNotFound(Get(bkn_, "8a63fd", {.authorities = {"kemendagri"}}).status()))
      << "a stranger does not learn that there are several";
}

TEST_F(CaseReaderTest, PagesHoldEveryCaseOnceInTheOrderOfIds) {
  std::set<std::string> all;
  for (int i = 0; i < 23; ++i) all.insert(bawaslu_.Must(Naming(absl::StrCat("b-", i))).case_id());
  std::vector<std::string> paged;
  query::v1::ListCasesRequest request;
  request.set_page_size(5);
  int pages = 0;
  do {
    const auto page = List(bawaslu_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->cases_size(), 5);
    for (const auto& id : IdsOf(*page)) paged.push_back(id);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 5);
  EXPECT_EQ(paged, std::vector<std::string>(all.begin(), all.end()));
}

TEST_F(CaseReaderTest, PagesGoOnWhereMoreCasesAreThanOneScanReads) {
  std::set<std::string> all;
  std::vector<Request> requests;
  for (int i = 0; i < 600; ++i) requests.push_back(Naming(absl::StrCat("b-", i)));
  for (const auto& outcome : bawaslu_.ExecuteTogether(requests)) all.insert(outcome->case_id());
  query::v1::ListCasesRequest request;
  request.set_page_size(1'000);
  const auto page = List(bawaslu_, request);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(IdsOf(*page), std::vector<std::string>(all.begin(), all.end()));
  EXPECT_EQ(page->next_page_token(), "");
  bawaslu_.Project();
  EXPECT_EQ(IdsOf(*List(bawaslu_, request)), IdsOf(*page)) << "from both tables, each once";
}

TEST_F(CaseReaderTest, AFilterThatMatchesNothingAnswersAfterABoundedLookAndLetsTheCallerGoOn) {
  std::vector<Request> requests;
  for (int i = 0; i < 4'500; ++i) requests.push_back(Naming(absl::StrCat("b-", i)));
  bawaslu_.ExecuteTogether(requests);
  query::v1::ListCasesRequest request;
  request.set_agency_region("99");
  int pages = 0;
  do {
    const auto page = List(bawaslu_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->cases_size(), 0);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 2);
  request.Clear();
  request.set_page_size(1'000);
  std::set<std::string> listed;
  do {
    const auto page = List(bawaslu_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LT(page->ByteSizeLong(), std::size_t{1} << 21);
    for (const auto& id : IdsOf(*page)) EXPECT_TRUE(listed.insert(id).second);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed.size(), 4'500u);
}

TEST_F(CaseReaderTest, FiltersSelectByStateTurnAndRegion) {
  const std::string named = bawaslu_.Must(Naming("b-1")).case_id();
  const std::string referred = bawaslu_.Must(Referring("b-2")).case_id();
  query::v1::ListCasesRequest request;
  request.set_state(query::v1::CASE_STATE_REFERRED);
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), ElementsAre(referred));
  request.clear_state();
  request.set_waiting_for("bawaslu/13");
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), ElementsAre(named));
  request.clear_waiting_for();
  request.set_agency_region("13");
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), SizeIs(2));
  request.set_agency_region("13.04");
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), SizeIs(2));
  request.set_agency_region("1304");
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), SizeIs(2)) << "however it is written";
  request.set_agency_region("13.0");
  EXPECT_EQ(test::ReasonIn(List(bawaslu_, request).status()), "INVALID_FIELD")
      << "not every region that begins so, and no empty list for what is no region";
}

TEST_F(CaseReaderTest, ACodeThatIsUnknownIsRefusedAndIsNoEmptyList) {
  for (const std::string field : {"election", "violation", "holder", "waiting_for"}) {
    query::v1::ListCasesRequest request;
    request.GetReflection()->SetString(&request, request.GetDescriptor()->FindFieldByName(field),
                                       "nobody");
    EXPECT_EQ(test::ReasonIn(List(bawaslu_, request).status()), "INVALID_FIELD") << field;
  }
}

TEST_F(CaseReaderTest, WhatWaitsForAPredecessorWaitsForItsSuccessor) {
  auto referral = test::SomeReferral();
  *referral.mutable_occurred_at() = test::On("2024-08-20");
  const std::string id =
      bawaslu_
          .Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(), referral))
          .case_id();
  query::v1::ListCasesRequest request;
  request.set_waiting_for("bkn");
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), ElementsAre(id));
  request.set_waiting_for("kasn");
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), ElementsAre(id));
  request.set_waiting_for("bawaslu/13");
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), IsEmpty());
}

TEST_F(CaseReaderTest, AnEntryIsReadByThoseWhomItsCaseConcerns) {
  RecommendedCase();
  const auto may_read = [&](std::uint64_t place, const Viewer& viewer) {
    const auto may = bkn_.reader().MayRead(**bkn_.store().shared().Entry({place}), viewer);
    EXPECT_TRUE(may.ok()) << may.status();
    return may.ok() && *may;
  };
  EXPECT_TRUE(may_read(0, {.authorities = {"bkn"}}));
  EXPECT_TRUE(may_read(0, {.authorities = {"ppk/13.04"}}));
  EXPECT_TRUE(may_read(0, {.authorities = {"kasn"}, .whole_node = true}));
  EXPECT_FALSE(may_read(0, {.authorities = {"ppk/13.05"}}));
  EXPECT_FALSE(may_read(0, {}));
  const Viewer bawaslu{.authorities = {"bawaslu/13"}};
  const std::string of_report = **bawaslu_.store().shared().Entry({0});
  EXPECT_TRUE(*bawaslu_.reader().MayRead(of_report, bawaslu));
  EXPECT_FALSE(*bawaslu_.reader().MayRead(of_report, {.authorities = {"bkn"}}));
  EXPECT_FALSE(*bawaslu_.reader().MayRead("\xff", bawaslu)) << "nobody knows whom it concerns";
}

TEST_F(CaseReaderTest, BadPagesAreRefused) {
  query::v1::ListCasesRequest request;
  request.set_page_size(-1);
  EXPECT_EQ(test::FieldIn(List(bawaslu_, request).status()), "page_size");
  request.set_page_size(1'001);
  EXPECT_EQ(test::FieldIn(List(bawaslu_, request).status()), "page_size");
  request.set_page_size(0);
  request.set_page_token("case/zzz");
  EXPECT_EQ(test::FieldIn(List(bawaslu_, request).status()), "page_token");
  query::v1::ListReportsRequest reports;
  reports.set_page_token("?");
  EXPECT_EQ(test::FieldIn(bawaslu_.reader().ListReports(reports, bawaslu_.viewer()).status()),
            "page_token");
}

TEST_F(CaseReaderTest, AListTellsWhomToIdentify) {
  const std::string known = bawaslu_.Must(Naming("b-1")).case_id();
  const std::string open =
      bawaslu_.Must(test::IntakeRequest("b-2", test::SomeReport(), test::SomeRespondent("")))
          .case_id();
  bawaslu_.Project();
  query::v1::ListCasesRequest request;
  request.set_identity(query::v1::IDENTITY_FILTER_OPEN);
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), ElementsAre(open));
  request.set_identity(query::v1::IDENTITY_FILTER_KNOWN);
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), ElementsAre(known));
  bawaslu_.Must(test::IntakeRequest("b-3", test::In(open, test::SomeIdentity())));
  EXPECT_THAT(IdsOf(*List(bawaslu_, request)), SizeIs(2));
}

TEST_F(CaseReaderTest, NumbersOfOtherSystemsFindTheCaseWhereTheyMayBeKnown) {
  const auto number = [](event::v1::ReferenceKind kind, const char* raw) {
    event::v1::ExternalReference reference;
    reference.set_kind(kind);
    reference.set_raw(raw);
    return reference;
  };
  auto report = test::SomeReport();
  *report.add_references() = number(event::v1::REFERENCE_KIND_SIGAPLAPOR, "SigapLapor 77/2024");
  auto respondent = test::SomeRespondent();
  *respondent.add_references() = number(event::v1::REFERENCE_KIND_SIGAPLAPOR, "78/2024");
  *respondent.add_references() = number(event::v1::REFERENCE_KIND_SBT, "SBT 2024 / 77");
  auto referral = test::SomeReferral();
  *referral.add_references() = number(event::v1::REFERENCE_KIND_SRIKANDI, "S-77");
  const auto outcome = bawaslu_.Must(test::IntakeRequest("b-1", report, respondent, referral));
  Exchange();
  const auto found = [](const test::CaseNode& node, event::v1::ReferenceKind kind,
                        const char* raw) {
    query::v1::LookUpCasesRequest request;
    request.set_kind(kind);
    request.set_number(raw);
    const auto answer = node.reader().LookUp(request, node.viewer());
    return std::vector<std::string>(answer->case_ids().begin(), answer->case_ids().end());
  };
  const std::string& id = outcome.case_id();
  for (const char* raw : {"77/2024", "sigap lapor no. 78/2024"}) {
    EXPECT_THAT(found(bawaslu_, event::v1::REFERENCE_KIND_SIGAPLAPOR, raw), ElementsAre(id)) << raw;
    EXPECT_THAT(found(bkn_, event::v1::REFERENCE_KIND_SIGAPLAPOR, raw), IsEmpty()) << raw;
  }
  EXPECT_THAT(found(bawaslu_, event::v1::REFERENCE_KIND_SBT, "2024/77"), ElementsAre(id));
  EXPECT_THAT(found(bawaslu_, event::v1::REFERENCE_KIND_IDIS, "2024/77"), IsEmpty());
  EXPECT_THAT(found(bkn_, event::v1::REFERENCE_KIND_SRIKANDI, "s-77"), ElementsAre(id));
  EXPECT_EQ(bawaslu_.Case(id)->references_size(), 5);
  EXPECT_EQ(bkn_.Case(id)->references_size(), 2) << "letter and Srikandi";
  query::v1::GetReportRequest request;
  request.set_report_id(outcome.report_id());
  const auto shown = *bawaslu_.reader().GetReport(request, bawaslu_.viewer());
  ASSERT_THAT(shown.report().references(), SizeIs(1));
  EXPECT_EQ(shown.report().references(0).raw(), "SigapLapor 77/2024");
}

TEST_F(CaseReaderTest, ANumberThatCameLaterFindsTheCaseToo) {
  const std::string id = RecommendedCase();
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id)));
  const auto decided = ppk_.Must(test::SanctionRequest("p-2", test::SomeDecision(id)));
  command::v1::CorrectFact correction;
  correction.set_case_id(id);
  *correction.mutable_position() = decided.positions(0);
  correction.mutable_fields()->add_paths("personal.references");
  auto& references = *correction.mutable_new_personal()->mutable_references();
  references.Add()->set_kind(event::v1::REFERENCE_KIND_DECREE);
  references[0].set_raw(test::SomeDecision(id).decree_number());
  references.Add()->set_kind(event::v1::REFERENCE_KIND_IDIS);
  references[1].set_raw("SBT 5");
  correction.set_reason("dicatat di I-DIS");
  EXPECT_EQ(test::FieldIn(ppk_.Execute(test::SanctionRequest("p-3", correction)).status()),
            "commands[0].new_personal.references[1].raw");
  references[1].set_raw("I-DIS 5/2024");
  ppk_.Must(test::SanctionRequest("p-3", correction));
  Exchange();
  query::v1::LookUpCasesRequest request;
  request.set_kind(event::v1::REFERENCE_KIND_IDIS);
  request.set_number("5/2024");
  for (const auto* node : {&ppk_, &bkn_, &bawaslu_}) {
    EXPECT_THAT(node->reader().LookUp(request, node->viewer())->case_ids(), ElementsAre(id));
  }
}

TEST_F(CaseReaderTest, WhatDepartsFromARuleIsShownWithTheReasonAtEveryParty) {
  const auto referred = bawaslu_.Must(Referring("b-1"));
  Exchange();
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(referred.case_id())));
  auto recommendation = test::SomeRecommendation(referred.case_id());
  recommendation.set_sanction("R-1");
  recommendation.set_departure("register");
  bkn_.Must(test::ReferralRequest("k-2", recommendation));
  Exchange();
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
    const auto seen = *node->Case(referred.case_id());
    EXPECT_EQ(seen.stage(), "campaign");
    EXPECT_EQ(seen.calendar_phase(), event::v1::ELECTION_PHASE_FROM_PENETAPAN);
    ASSERT_THAT(seen.marks(), SizeIs(2)) << "each once: the conflict stands in several facts";
    EXPECT_EQ(seen.marks(0).code(), "CONFLICT");
    EXPECT_EQ(seen.marks(0).about(), "HD-06");
    EXPECT_EQ(seen.marks(1).code(), "SANCTION_LEVEL");
    EXPECT_EQ(seen.marks(1).rule(), "level_by_violation");
    EXPECT_EQ(seen.marks(1).reason(), "register");
    EXPECT_EQ(seen.marks(1).fact_name(), "sanction_recommended");
    EXPECT_NE(seen.marks(1).text(), "");
  }
}

TEST_F(CaseReaderTest, AFlagIsShownToTheOfficeThatRaisedItAndItsMarkToEveryParty) {
  auto naming = test::SomeRespondent();
  naming.set_role("penggerak");
  const auto referred =
      bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport(), naming, test::SomeReview(),
                                        test::SomeConclusion(), test::SomeReferral()));
  const std::string& id = referred.case_id();
  Exchange();
  command::v1::FlagConflict flag;
  flag.mutable_case_ref()->set_case_id(id);
  flag.set_authority("ppk/13.04");
  flag.set_reason("hubungan_keluarga");
  *flag.mutable_occurred_at() = test::On("2024-10-15");
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), flag));
  auto recommendation = test::SomeRecommendation(id);
  recommendation.set_conflict_departure("tanpa_ppk_lain");
  bkn_.Must(test::ReferralRequest("k-2", recommendation));
  Exchange();
  const auto at_bkn = *bkn_.Case(id);
  ASSERT_THAT(at_bkn.conflicts(), SizeIs(1));
  EXPECT_EQ(at_bkn.conflicts(0).authority(), "ppk/13.04");
  EXPECT_EQ(at_bkn.conflicts(0).reason(), "hubungan_keluarga");
  EXPECT_EQ(at_bkn.conflicts(0).occurred_at().date(), "2024-10-15");
  EXPECT_EQ(at_bkn.conflicts(0).flagged_by(), "bkn");
  for (const auto* node : {&bawaslu_, &bkn_, &ppk_}) {
    const auto seen = *node->Case(id);
    EXPECT_EQ(seen.role(), "penggerak");
    if (node != &bkn_) {
      EXPECT_THAT(seen.conflicts(), IsEmpty());
    }
    const auto& mark = seen.marks(seen.marks_size() - 1);
    EXPECT_EQ(mark.code(), "PPK_FLAGGED");
    EXPECT_EQ(mark.about(), "ppk/13.04");
    EXPECT_EQ(mark.reason(), "tanpa_ppk_lain");
    EXPECT_EQ(seen.DebugString().find("hubungan_keluarga") != std::string::npos, node == &bkn_);
  }
}

TEST_F(CaseReaderTest, ANikFindsTheCaseInTheOfficeThatRecordedItAndNowhereElse) {
  constexpr absl::string_view kNik = "1304050108660001";
  auto report = test::SomeReport();
  report.mutable_reporter()->set_nik("3201014107900002");
  auto named = test::SomeRespondent();
  named.mutable_respondent()->set_nik(std::string(kNik));
  const std::string id =
      bawaslu_
          .Must(test::IntakeRequest("b-1", report, named, test::SomeReview(),
                                    test::SomeConclusion(), test::SomeReferral()))
          .case_id();
  Exchange();
  const auto found = [](const test::CaseNode& node, absl::string_view nik,
                        absl::string_view nip = "") {
    query::v1::LookUpCasesRequest request;
    request.set_nik(std::string(nik));
    request.set_nip(std::string(nip));
    const auto answer = node.reader().LookUp(request, node.viewer());
    return std::vector<std::string>(answer->case_ids().begin(), answer->case_ids().end());
  };
  EXPECT_THAT(found(bawaslu_, "1304.0501.0866.0001"), ElementsAre(id));
  EXPECT_THAT(found(bawaslu_, kNik, test::kNip), ElementsAre(id));
  EXPECT_THAT(found(bawaslu_, kNik, test::kOtherNip), IsEmpty());
  EXPECT_THAT(found(bawaslu_, "3201014107900002"), IsEmpty()) << "the reporter is no respondent";
  EXPECT_EQ(bawaslu_.Case(id)->respondent().nik(), kNik);
  EXPECT_THAT(found(bkn_, kNik), IsEmpty());
  EXPECT_EQ(bkn_.Case(id)->respondent().nip(), test::kNip);
  EXPECT_EQ(bkn_.Case(id)->respondent().nik(), "");
  for (const auto& event : bawaslu_.Events()) {
    EXPECT_FALSE(event.plain().has_reporter());
    if (event.party_number() > 0) {
      EXPECT_EQ(event.plain().respondent().nik(), "");
    }
  }
}

TEST_F(CaseReaderTest, BadLookUpsAreRefused) {
  query::v1::LookUpCasesRequest request;
  request.set_number("1");
  EXPECT_EQ(test::FieldIn(bawaslu_.reader().LookUp(request, bawaslu_.viewer()).status()), "kind");
  request.set_kind(event::v1::REFERENCE_KIND_AGENDA);
  request.clear_number();
  EXPECT_EQ(test::FieldIn(bawaslu_.reader().LookUp(request, bawaslu_.viewer()).status()), "number");
  request.set_nip(std::string(test::kNip));
  EXPECT_EQ(test::FieldIn(bawaslu_.reader().LookUp(request, bawaslu_.viewer()).status()), "number");
  request.clear_kind();
  EXPECT_TRUE(bawaslu_.reader().LookUp(request, bawaslu_.viewer()).ok());
  request.set_nik("1304050113660001");
  EXPECT_EQ(test::FieldIn(bawaslu_.reader().LookUp(request, bawaslu_.viewer()).status()), "nik");
}

TEST_F(CaseReaderTest, ChangesTellWhatIsNewSinceACursor) {
  const std::string one = bawaslu_.Must(Naming("b-1")).case_id();
  bawaslu_.Project();
  const std::string two = bawaslu_.Must(Naming("b-2")).case_id();
  bawaslu_.Project();
  query::v1::ListChangesRequest request;
  auto changes = *bawaslu_.reader().ListChanges(request, bawaslu_.viewer());
  ASSERT_THAT(changes.changes(), SizeIs(2));
  EXPECT_EQ(changes.changes(0).case_id(), one);
  EXPECT_EQ(changes.changes(1).case_id(), two);
  request.set_after_cursor(changes.cursor());
  EXPECT_THAT(bawaslu_.reader().ListChanges(request, bawaslu_.viewer())->changes(), IsEmpty());
  bawaslu_.Must(test::IntakeRequest("b-3", test::In(one, test::SomeReview())));
  bawaslu_.Project();
  changes = *bawaslu_.reader().ListChanges(request, bawaslu_.viewer());
  ASSERT_THAT(changes.changes(), SizeIs(1));
  EXPECT_EQ(changes.changes(0).case_id(), one);
  EXPECT_EQ(changes.changes(0).cursor(), bawaslu_.Case(one)->revision());
  request.set_after_cursor(0);
  request.set_page_size(1);
  EXPECT_EQ(bawaslu_.reader().ListChanges(request, bawaslu_.viewer())->cursor(), 1u);
  request.set_after_cursor(~std::uint64_t{0});
  EXPECT_THAT(bawaslu_.reader().ListChanges(request, bawaslu_.viewer())->changes(), IsEmpty());
}

TEST_F(CaseReaderTest, AReportIsShownToItsOfficeAndItsReporterToFewerStill) {
  const std::string id = bawaslu_.Must(Naming("b-1")).report_id();
  query::v1::GetReportRequest request;
  request.set_report_id(id.substr(0, 8));
  const auto full =
      bawaslu_.reader().GetReport(request, {.authorities = {"bawaslu/13"}, .sees_reporters = true});
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->report().reporter().name(), "Budi Penyampai");
  EXPECT_EQ(full->report().place(), "lapangan bola Nagari Uji");
  EXPECT_EQ(full->report().chronology(), "Terlihat membagikan kaus di lapangan.");
  EXPECT_THAT(full->report().evidence(), SizeIs(1));
  EXPECT_EQ(full->report().known_on(), "2024-10-02");
  EXPECT_EQ(full->report().received_at().date(), "2024-10-05");
  const auto less = bawaslu_.reader().GetReport(request, {.authorities = {"bawaslu/13"}});
  ASSERT_TRUE(less.ok());
  EXPECT_FALSE(less->report().has_reporter());
  EXPECT_EQ(less->report().chronology(), "");
  EXPECT_EQ(less->report().source(), "laporan");
  EXPECT_TRUE(
      absl::IsNotFound(bawaslu_.reader()
                           .GetReport(request, {.authorities = {"bkn"}, .sees_reporters = true})
                           .status()));
  EXPECT_TRUE(absl::IsNotFound(bkn_.reader().GetReport(request, bkn_.viewer()).status()));
}

TEST_F(CaseReaderTest, ReportsArePagedToo) {
  std::set<std::string> all;
  for (int i = 0; i < 7; ++i) all.insert(bawaslu_.Must(Naming(absl::StrCat("b-", i))).report_id());
  std::vector<std::string> paged;
  query::v1::ListReportsRequest request;
  request.set_page_size(3);
  do {
    const auto page = bawaslu_.reader().ListReports(request, bawaslu_.viewer());
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& report : page->reports()) paged.push_back(report.report_id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(paged, std::vector<std::string>(all.begin(), all.end()));
  EXPECT_THAT(bawaslu_.reader().ListReports({}, {.authorities = {"bkn"}})->reports(), IsEmpty());
}

TEST_F(CaseReaderTest, ArrivedIsWhatThePeerAcknowledged) {
  const std::string id = RecommendedCase();
  auto arrivals = bawaslu_.Case(id)->arrivals();
  ASSERT_THAT(arrivals, SizeIs(2)) << "the referral, to BKN and to the PPK";
  for (const auto& arrival : arrivals) EXPECT_FALSE(arrival.arrived());
  storage::v1::StoredLink link;
  link.set_arrived_disclosed(1);
  link.mutable_verified_at()->set_seconds(1'740'000'000);
  ASSERT_TRUE(SaveLinkProgress(bawaslu_.store(), "bkn", link).ok());
  arrivals = bawaslu_.Case(id)->arrivals();
  for (const auto& arrival : arrivals) {
    EXPECT_EQ(arrival.arrived(), arrival.peer() == "bkn");
    EXPECT_EQ(arrival.position().log(), "bawaslu-13");
  }
  EXPECT_EQ(bawaslu_.Case(id)->sections(1).name(), "referral");
  EXPECT_EQ(bawaslu_.Case(id)->sections(1).verified_at().seconds(), 1'740'000'000);
  EXPECT_FALSE(bawaslu_.Case(id)->sections(0).has_verified_at()) << "the own log is current";
}

}  // namespace
}  // namespace selaras::node
