// What an office of Bawaslu sends on tells of no reporter (rule 8).
#include <string>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"

namespace selaras::node {
namespace {

using testing::HasSubstr;
using testing::Not;

class SentOnTest : public NodeTest {
 protected:
  // How the office refuses a command about the case; nothing was written then.
  template <typename Command>
  std::string Refused(const Command& command) {
    const std::uint64_t size = bawaslu_.Events().size() + bawaslu_.PrivateEvents().size();
    const auto answer =
        bawaslu_.Execute(test::IntakeRequest(absl::StrCat("r-", ++requests_), command));
    EXPECT_FALSE(answer.ok());
    EXPECT_EQ(bawaslu_.Events().size() + bawaslu_.PrivateEvents().size(), size);
    return std::string(answer.status().message());
  }
  std::string Concluded(const intake::v1::ReceiveReport& report) {
    return bawaslu_
        .Must(test::IntakeRequest("b-1", report, test::SomeRespondent(), test::SomeReview(),
                                  test::SomeConclusion()))
        .case_id();
  }
  static intake::v1::ReferCase Referral(absl::string_view case_id, absl::string_view summary) {
    auto command = test::In(case_id, test::SomeReferral());
    command.set_summary(std::string(summary));
    return command;
  }
  static intake::v1::SupplementCase Supplement(absl::string_view case_id,
                                               absl::string_view summary) {
    intake::v1::SupplementCase command;
    command.set_summary(std::string(summary));
    return test::In(case_id, command);
  }
  static command::v1::CorrectFact CorrectionOf(absl::string_view case_id,
                                               const event::v1::Position& position,
                                               absl::string_view path) {
    command::v1::CorrectFact command;
    command.set_case_id(std::string(case_id));
    *command.mutable_position() = position;
    command.mutable_fields()->add_paths(std::string(path));
    command.set_reason("salah ketik");
    return command;
  }

  int requests_ = 0;
};

TEST_F(SentOnTest, ASummaryWithSomethingOfTheReporterIsRefusedInEveryCommandThatCarriesOne) {
  const std::string id = Concluded(test::SomeReport());
  EXPECT_THAT(Refused(Referral(id, "Menurut Budi.")), HasSubstr("summary: "));
  intake::v1::DelegateCase delegation;
  delegation.set_to("bawaslu/ri");
  delegation.set_kind("pelimpahan");
  delegation.set_summary("HP 0800-0000-0001.");
  EXPECT_THAT(Refused(test::In(id, delegation)), HasSubstr("summary: "));
  delegation.set_summary("Dilimpahkan.");
  delegation.set_reason_text("Warga Jorong Rahasia.");
  EXPECT_THAT(Refused(test::In(id, delegation)), HasSubstr("reason_text: "));

  const auto referred =
      bawaslu_.Must(test::IntakeRequest("b-2", Referral(id, "Diduga mendukung calon.")))
          .positions(0);
  EXPECT_THAT(Refused(Supplement(id, "Penyampai menambah bukti.")), HasSubstr("summary: "));
  auto correction = CorrectionOf(id, referred, "personal.summary");
  correction.mutable_new_personal()->set_summary("Dari BUDI.");
  EXPECT_THAT(Refused(correction), HasSubstr("new_personal.summary: "));
  correction.mutable_new_personal()->set_summary("Dari warga.");
  correction.set_reason("kata Budi");
  EXPECT_THAT(Refused(correction), HasSubstr("reason: "));
  auto voided = VoidOf(id, referred);
  voided.set_reason("kata Budi");
  EXPECT_THAT(Refused(voided), HasSubstr("reason: "));
}

TEST_F(SentOnTest, WhatStaysInTheOfficeMayNameTheReporter) {
  const std::string id = Concluded(test::SomeReport());
  command::v1::FlagConflict conflict;
  conflict.set_authority("ppk/13.04");
  conflict.set_reason("ikut_terlapor");
  conflict.set_reason_text("Kata Budi Penyampai.");
  bawaslu_.Must(test::IntakeRequest("b-2", test::In(id, conflict)));
}

TEST_F(SentOnTest, AReporterWhoWasCorrectedIsProtectedUnderBothNames) {
  const auto outcome =
      bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(),
                                        test::SomeReview(), test::SomeConclusion()));
  command::v1::CorrectFact correction;
  correction.set_report_id(outcome.report_id());
  correction.mutable_position()->set_log(bawaslu_.store().private_log().name());
  correction.mutable_fields()->add_paths("personal.reporter.name");
  correction.mutable_new_personal()->mutable_reporter()->set_name("Wulan Uji");
  correction.set_reason("salah orang");
  bawaslu_.Must(test::IntakeRequest("b-2", correction));
  for (const char* summary : {"Menurut Budi.", "Menurut Wulan."}) {
    EXPECT_THAT(Refused(Referral(outcome.case_id(), summary)), HasSubstr("the name")) << summary;
  }
}

TEST_F(SentOnTest, WhoGaveTheInformationThatAFindingCameOfIsProtectedToo) {
  auto information = test::SomeReport();
  information.set_source("informasi_awal");
  const std::string first = bawaslu_.Must(test::IntakeRequest("b-0", information)).report_id();
  auto finding = test::SomeReport();
  finding.set_source("temuan");
  finding.clear_reporter();
  finding.set_derived_from(first);
  const std::string id = Concluded(finding);
  EXPECT_THAT(Refused(Referral(id, "Menurut Budi.")), HasSubstr("the name"));
}

TEST_F(SentOnTest, ADryRunRefusesTheSame) {
  Request request =
      test::IntakeRequest("r-1", Referral(Concluded(test::SomeReport()), "Menurut Budi."));
  request.header.set_validate_only(true);
  EXPECT_THAT(bawaslu_.Execute(request).status().message(), HasSubstr("summary: "));
}

TEST_F(SentOnTest, AnotherOfficeHasNothingToCompareWith) {
  auto referral = Referral(Concluded(test::SomeReport()), "Diduga mendukung calon.");
  bawaslu_.Must(test::IntakeRequest("b-2", referral));
  const std::string id = referral.case_ref().case_id();
  Exchange();
  auto receipt = test::SomeReceipt(id);
  receipt.set_agenda_number("07/Reg/LP/PB/Kab/03.04/X/2024");
  bkn_.Must(test::ReferralRequest("k-1", receipt));
}

TEST_F(SentOnTest, NoTimeOfDayLeavesAndTheOfficeKeepsIts) {
  auto report = test::SomeReport();
  report.mutable_received_at()->mutable_instant()->set_seconds(1'728'100'800);  // 11:00 WIB
  const std::string id = Concluded(report);
  auto referral = Referral(id, "");
  referral.mutable_occurred_at()->mutable_instant()->set_seconds(1'728'612'000);  // 09:00 WIB
  const auto referred = bawaslu_.Must(test::IntakeRequest("b-2", referral)).positions(0);
  auto correction = CorrectionOf(id, referred, "occurred_at");
  correction.mutable_new_occurred_at()->mutable_instant()->set_seconds(1'728'525'600);
  bawaslu_.Must(test::IntakeRequest("b-3", correction));
  Exchange();
  const auto events = bawaslu_.Events();
  EXPECT_TRUE(events.front().occurred_at().has_instant());
  int sent = 0;
  for (const auto& event : events) {
    if (event.party_number() == 0) continue;
    ++sent;
    EXPECT_FALSE(event.occurred_at().has_instant());
    EXPECT_FALSE(event.fact().fact_corrected().new_occurred_at().has_instant());
    if (event.fact().has_case_referred()) {
      EXPECT_EQ(event.occurred_at().date(), "2024-10-11");
    }
  }
  EXPECT_EQ(sent, 2);
  query::v1::GetTimelineRequest request;
  request.set_case_id(id);
  const auto shown = bkn_.reader().GetTimeline(request, bkn_.viewer(), bkn_.now);
  ASSERT_TRUE(shown.ok());
  ASSERT_EQ(shown->steps_size(), 2);
  EXPECT_EQ(shown->steps(0).occurred_at().date(), "2024-10-11");
  EXPECT_EQ(shown->steps(1).fact().fact_corrected().new_occurred_at().date(), "2024-10-10");
  EXPECT_THAT(shown->DebugString(), Not(HasSubstr("instant")));
}

}  // namespace
}  // namespace selaras::node
