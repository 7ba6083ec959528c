#include "services/intake/reporter_reader.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/domain/decide_reporter.h"
#include "services/domain/receipt_code.h"
#include "services/node/rows.h"
#include "storage/log/receipt.h"
#include "tests/support/case_node.h"
#include "tests/support/refusals.h"
#include "tests/support/requests.h"

namespace selaras::intake {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class ReporterReaderTest : public testing::Test {
 protected:
  ReporterReader Reader() {
    return {bawaslu_.store(), bawaslu_.engine().keys(), bawaslu_.opener(),
            bawaslu_.engine().catalogue()};
  }
  static node::Request Issuing(absl::string_view id, absl::string_view report) {
    v1::IssueReceiptCode command;
    command.set_report_id(std::string(report));
    return test::IntakeRequest(id, command);
  }
  // As the service answers it.
  std::string Issue(absl::string_view id, absl::string_view report) {
    bawaslu_.Must(Issuing(id, report));
    return bawaslu_.engine().keys().ReceiptCode("bawaslu/13", report, id);
  }
  static node::Request Sending(absl::string_view id, absl::string_view report,
                               absl::string_view text) {
    v1::SendReporterMessage command;
    command.set_report_id(std::string(report));
    command.set_text(std::string(text));
    return test::IntakeRequest(id, command);
  }
  // As the ReporterService hands it to the sequencer.
  static node::Request Writing(absl::string_view id, absl::string_view report,
                               absl::string_view text) {
    auto body = std::make_shared<v1::ReceiveReporterMessage>();
    body->set_report_id(std::string(report));
    body->set_text(std::string(text));
    node::Request request;
    request.header.set_request_id(std::string(id));
    request.header.set_authority("bawaslu/13");
    request.body = std::move(body);
    request.single = true;
    request.id_space = absl::StrCat("\nreporter/", report, "/");
    return request;
  }
  std::string ReportOf(absl::string_view code) {
    bawaslu_.Project();
    const auto opened = Reader().ReportOf(code);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() && *opened ? (*opened)->report_id : std::string();
  }
  v1::GetReportStatusResponse Status(absl::string_view report) {
    const auto status = Reader().Status(report);
    EXPECT_TRUE(status.ok()) << status.status();
    return status.ok() ? *status : v1::GetReportStatusResponse();
  }
  // Who wrote what, e.g. `< text` from the reporter.
  std::vector<std::string> Messages(absl::string_view report) {
    std::vector<std::string> lines;
    const auto messages = Reader().Messages(report);
    EXPECT_TRUE(messages.ok()) << messages.status();
    if (!messages.ok()) return lines;
    for (const auto& message : messages->messages()) {
      lines.push_back(absl::StrCat(message.from_office() ? "> " : "< ", message.text()));
      EXPECT_TRUE(message.has_written_at());
    }
    return lines;
  }
  std::string Open() {
    return bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport())).report_id();
  }
  void Exchange() {
    for (int round = 0; round < 3; ++round) {
      for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) node->Project();
      for (auto [a, b] : {std::pair{&bawaslu_, &bkn_}, {&bawaslu_, &ppk_}, {&bkn_, &ppk_}}) {
        a->Copy(*b);
        b->Copy(*a);
      }
    }
    for (test::CaseNode* node : {&bawaslu_, &bkn_, &ppk_}) node->Project();
  }

  test::CaseNode bawaslu_{test::BawasluNode(), {test::BknNode(), test::TanahDatar()}, 1};
  test::CaseNode bkn_{test::BknNode(), {test::BawasluNode(), test::TanahDatar()}, 2};
  test::CaseNode ppk_{test::TanahDatar(), {test::BawasluNode(), test::BknNode()}, 3};
};

TEST_F(ReporterReaderTest, TheReceiptProvesTheDayAndTellsNothingThatIsProtected) {
  const std::string report = Open();
  bawaslu_.Must(test::IntakeRequest("b-2", test::SomeReport()));
  const auto response = Reader().Receipt(report);
  ASSERT_TRUE(response.ok()) << response.status();
  const auto receipt = log::ParseReceipt(response->receipt());
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const auto checkpoint = log::ReadUnverified(receipt->checkpoint);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->origin, "selaras/bawaslu-13");
  EXPECT_TRUE(log::VerifyReceipt(*receipt, receipt->extra, *checkpoint).ok());
  event::v1::Event event;
  ASSERT_TRUE(event.ParseFromString(receipt->extra));
  EXPECT_EQ(event.report_id(), report);
  EXPECT_TRUE(event.fact().has_report_received());
  EXPECT_EQ(event.occurred_at().date(), test::SomeReport().received_at().date());
  EXPECT_EQ(event.personal_case(), event::v1::Event::PERSONAL_NOT_SET);
  EXPECT_EQ(receipt->extra.find(test::SomeReport().register_number()), std::string::npos);
  EXPECT_EQ(receipt->extra.find(test::SomeReport().source()), std::string::npos);
  EXPECT_FALSE(Reader().Receipt("3f2a9c1e-0000-8000-8000-000000000000").ok());
}

TEST_F(ReporterReaderTest, ACodeOpensItsReportAndNothingElseDoes) {
  const std::string report = Open();
  const std::string other =
      bawaslu_.Must(test::IntakeRequest("b-2", test::SomeReport())).report_id();
  const std::string code = Issue("c-1", report);
  EXPECT_EQ(domain::ReadReceiptCode(code), code);
  EXPECT_EQ(ReportOf(code), report);
  EXPECT_EQ(ReportOf("0000-0000-0000-0000"), "");
  EXPECT_NE(Issue("c-1b", other), code);
  EXPECT_EQ(ReportOf(code), report);
}

TEST_F(ReporterReaderTest, ARepeatedRequestMakesTheSameCodeOnce) {
  const std::string report = Open();
  const std::string code = Issue("c-1", report);
  const std::uint64_t size = bawaslu_.store().private_log().size().value;
  EXPECT_EQ(Issue("c-1", report), code);
  EXPECT_EQ(bawaslu_.store().private_log().size().value, size);
  EXPECT_EQ(ReportOf(code), report);
}

TEST_F(ReporterReaderTest, ANewCodeReplacesTheOldOneAlsoBeforeItIsDerived) {
  const std::string report = Open();
  const std::string old = Issue("c-1", report);
  EXPECT_EQ(ReportOf(old), report);
  bawaslu_.Must(Issuing("c-2", report));
  const auto replaced = Reader().ReportOf(old);  // nothing was derived since
  ASSERT_TRUE(replaced.ok());
  EXPECT_FALSE(replaced->has_value());
  EXPECT_EQ(ReportOf(Issue("c-2", report)), report);
  EXPECT_EQ(ReportOf(old), "");
}

TEST_F(ReporterReaderTest, TheCodeIsStoredNowhere) {
  const std::string report = Open();
  const std::string code = Issue("c-1", report);
  bawaslu_.Project();
  std::string all;
  for (const log::Table table : {log::Table::kState, log::Table::kRequest, log::Table::kView}) {
    ASSERT_TRUE(bawaslu_.store()
                    .Scan(table, "", "",
                          [&](absl::string_view key, absl::string_view value) {
                            absl::StrAppend(&all, key, value);
                            return true;
                          })
                    .ok());
  }
  for (const auto& events : {bawaslu_.Events(), bawaslu_.PrivateEvents()}) {
    for (const auto& event : events) all += event.SerializeAsString();
  }
  std::string digits = code;
  std::erase(digits, '-');
  EXPECT_THAT(all, Not(HasSubstr(code)));
  EXPECT_THAT(all, Not(HasSubstr(digits)));
}

TEST_F(ReporterReaderTest, ACodeIsMadeByItself) {
  const std::string report = Open();
  v1::IssueReceiptCode command;
  command.set_report_id(report);
  v1::SendReporterMessage message;
  message.set_report_id(report);
  message.set_text("Halo.");
  const auto outcome = bawaslu_.Execute(test::IntakeRequest("c-1", command, message));
  EXPECT_EQ(test::FieldIn(outcome.status()), "commands[0].issue_receipt_code");
}

TEST_F(ReporterReaderTest, BothSidesWriteAndNothingIsLostInACrash) {
  const std::string report = Open();
  bawaslu_.Must(Writing("m-1", report, "Apa kabar laporan saya?"));
  bawaslu_.Must(Sending("s-1", report, "Mohon lengkapi bukti."));
  bawaslu_.Must(Writing("m-2", report, "Terlampir."));
  bawaslu_.Crash();
  EXPECT_THAT(Messages(report),
              ElementsAre("< Apa kabar laporan saya?", "> Mohon lengkapi bukti.", "< Terlampir."));
  EXPECT_EQ(Status(report).messages_from_office(), 1U);
}

TEST_F(ReporterReaderTest, TheSameIdWritesOnceAndBelongsToOneReport) {
  const std::string report = Open();
  const std::string other =
      bawaslu_.Must(test::IntakeRequest("b-2", test::SomeReport())).report_id();
  EXPECT_FALSE(bawaslu_.Must(Writing("m-1", report, "Satu.")).repeated_request());
  EXPECT_TRUE(bawaslu_.Must(Writing("m-1", report, "Satu.")).repeated_request());
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(Writing("m-1", report, "Dua.")).status()),
            "REQUEST_ID_REUSED");
  EXPECT_FALSE(bawaslu_.Must(Writing("m-1", other, "Dua.")).repeated_request());
  EXPECT_FALSE(bawaslu_.Must(Sending("m-1", report, "Tiga.")).repeated_request())
      << "an officer's ids are another space";
  EXPECT_THAT(Messages(report), ElementsAre("< Satu.", "> Tiga."));
  EXPECT_THAT(Messages(other), ElementsAre("< Dua."));
}

TEST_F(ReporterReaderTest, AFullMailboxTakesMessagesAgainOnceTheOfficeAnswers) {
  const std::string report = Open();
  std::vector<node::Request> many;  // also within one commit
  for (int i = 0; i <= domain::kUnansweredMax; ++i) {
    many.push_back(Writing(absl::StrCat("m-", i), report, "Halo?"));
  }
  const auto outcomes = bawaslu_.ExecuteTogether(many);
  for (int i = 0; i < domain::kUnansweredMax; ++i) {
    EXPECT_TRUE(outcomes[static_cast<std::size_t>(i)].ok()) << i;
  }
  EXPECT_EQ(test::ReasonIn(outcomes.back().status()), "MAILBOX_FULL");
  EXPECT_EQ(test::ReasonIn(bawaslu_.Execute(Writing("m-x", report, "Halo?")).status()),
            "MAILBOX_FULL");
  bawaslu_.Must(Sending("s-1", report, "Sedang dikaji."));
  EXPECT_TRUE(bawaslu_.Execute(Writing("m-x", report, "Terima kasih.")).ok());
}

TEST_F(ReporterReaderTest, TheStatusFollowsTheStepsOfTheOtherAgencies) {
  const auto outcome = bawaslu_.Must(
      test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(), test::SomeReview(),
                          test::SomeConclusion(), test::SomeReferral()));
  const std::string& report = outcome.report_id();
  const std::string& id = outcome.case_id();
  EXPECT_EQ(Status(report).status(), "forwarded");
  EXPECT_EQ(Status(report).since().date(), "2024-10-11");
  Exchange();
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id)));
  bkn_.Must(test::ReferralRequest("k-2", test::SomeRecommendation(id)));
  Exchange();
  EXPECT_EQ(Status(report).status(), "handled_by_competent_body");
  ppk_.Must(test::SanctionRequest("p-1", test::SomePpkReceipt(id), test::SomeSummons(id),
                                  test::SomeExamination(id), test::SomeDecision(id)));
  Exchange();
  const auto status = Status(report);
  EXPECT_EQ(status.status(), "decided");
  EXPECT_EQ(status.office(), "bawaslu/13");
  EXPECT_EQ(status.received_at().date(), "2024-10-05");
  ASSERT_THAT(status.cases(), SizeIs(1));
  EXPECT_EQ(status.cases(0).status(), "decided");
  EXPECT_THAT(status.status_text(), Not(IsEmpty()));
  for (const char* told : {"bkn", "ppk", "Contoh", "B-2", "B-1"}) {
    EXPECT_THAT(status.DebugString(), Not(HasSubstr(told)));
  }
}

TEST_F(ReporterReaderTest, WhatIsAskedOfTheReporterShowsUntilItCame) {
  const auto outcome =
      bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent()));
  EXPECT_EQ(Status(outcome.report_id()).status(), "under_review");
  v1::RequestCompletion command;
  command.set_report_id(outcome.report_id());
  command.add_parts("bukti");
  *command.mutable_occurred_at() = test::On("2024-10-06");
  bawaslu_.Must(test::IntakeRequest("b-2", command));
  const auto status = Status(outcome.report_id());
  EXPECT_EQ(status.status(), "completion_requested");
  EXPECT_EQ(status.since().date(), "2024-10-06");
  EXPECT_EQ(status.cases(0).status(), "under_review");
}

TEST_F(ReporterReaderTest, WhoGaveInformationWithoutANameFollowsWhatBecameOfIt) {
  v1::ReceiveReport anonymous = test::SomeReport();
  anonymous.set_source("informasi_awal");
  anonymous.clear_reporter();
  const std::string report = bawaslu_.Must(test::IntakeRequest("b-1", anonymous)).report_id();
  const std::string code = Issue("c-1", report);
  EXPECT_EQ(ReportOf(code), report);
  EXPECT_EQ(Status(report).status(), "received");
  v1::ReceiveReport finding = anonymous;
  finding.set_source("temuan");
  finding.set_derived_from(report);
  bawaslu_.Must(test::IntakeRequest("b-2", finding, test::SomeRespondent(), test::SomeReview()));
  bawaslu_.Project();
  const auto status = Status(report);
  EXPECT_EQ(status.status(), "being_examined");
  EXPECT_THAT(status.cases(), SizeIs(1));
}

TEST_F(ReporterReaderTest, NothingOfItIsInTheSharedLogNorMovesACase) {
  const auto outcome =
      bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent()));
  bawaslu_.Project();
  const std::uint64_t size = bawaslu_.store().shared().size().value;
  const auto before = bawaslu_.Case(outcome.case_id());
  const std::string code = Issue("c-1", outcome.report_id());
  bawaslu_.Must(Writing("m-1", outcome.report_id(), "Rahasia sekali."));
  bawaslu_.Must(Sending("s-1", outcome.report_id(), "Jawaban rahasia."));
  bawaslu_.Project();
  EXPECT_EQ(bawaslu_.store().shared().size().value, size);
  const auto after = bawaslu_.Case(outcome.case_id());
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_EQ(after->SerializeAsString(), before->SerializeAsString());
}

TEST_F(ReporterReaderTest, OnlyWhoMaySeeReportersReadsTheMessagesOfAReport) {
  const std::string report = Open();
  bawaslu_.Must(Writing("m-1", report, "Rahasia sekali."));
  query::v1::GetReportRequest request;
  request.set_report_id(report);
  node::Viewer viewer = bawaslu_.viewer();
  auto shown = bawaslu_.reader().GetReport(request, viewer);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_THAT(shown->report().messages(), IsEmpty());
  viewer.sees_reporters = true;
  shown = bawaslu_.reader().GetReport(request, viewer);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_THAT(shown->report().messages(), SizeIs(1));
  EXPECT_EQ(shown->report().messages(0).text(), "Rahasia sekali.");
  EXPECT_EQ(shown->report().messages(0).position().log(), "bawaslu-13/private");
  const auto listed = bawaslu_.reader().ListReports({}, viewer);
  ASSERT_TRUE(listed.ok());
  EXPECT_THAT(listed->reports(0).messages(), IsEmpty());
}

}  // namespace
}  // namespace selaras::intake
