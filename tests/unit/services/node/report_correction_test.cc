// CorrectFact and VoidFact of what an office keeps about its reports.
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "node_test_base.h"
#include "services/node/statistics.h"

namespace selaras::node {
namespace {

using command::v1::CorrectFact;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class ReportCorrectionTest : public NodeTest {
 protected:
  ReportCorrectionTest() {
    auto respondent = test::SomeRespondent();
    respondent.add_motives("karier");
    const auto outcome = bawaslu_.Must(test::IntakeRequest("b-1", test::SomeReport(), respondent));
    report_id_ = outcome.report_id();
    case_id_ = outcome.case_id();
    bawaslu_.Project();
  }

  static Viewer Reporters() { return {.authorities = {"bawaslu/13"}, .sees_reporters = true}; }
  query::v1::Report Shown(const Viewer& viewer = Reporters()) const {
    query::v1::GetReportRequest request;
    request.set_report_id(report_id_);
    const auto response = bawaslu_.reader().GetReport(request, viewer);
    EXPECT_TRUE(response.ok()) << response.status();
    return response->report();
  }
  google::protobuf::RepeatedPtrField<query::v1::TimelineStep> Steps() const {
    return Shown().steps();
  }
  // Where the step of that name stands that came last.
  event::v1::Position PlaceOf(absl::string_view fact_name) const {
    event::v1::Position place;
    for (const auto& step : Steps()) {
      if (step.fact_name() == fact_name) place = step.position();
    }
    EXPECT_THAT(place.log(), Not(IsEmpty())) << fact_name;
    return place;
  }
  CorrectFact Correction(absl::string_view fact_name,
                         const std::vector<std::string>& fields) const {
    CorrectFact command;
    command.set_report_id(report_id_);
    *command.mutable_position() = PlaceOf(fact_name);
    for (const std::string& field : fields) command.mutable_fields()->add_paths(field);
    command.set_reason("salah ketik");
    return command;
  }
  CorrectFact Received(absl::string_view day) const {
    CorrectFact command = Correction("report_received", {"occurred_at"});
    *command.mutable_new_occurred_at() = test::On(day);
    return command;
  }
  CorrectFact Known(absl::string_view day) const {
    CorrectFact command = Correction("report_details_recorded", {"known_on"});
    command.mutable_new_fact()->mutable_report_details_recorded()->set_known_on(std::string(day));
    return command;
  }
  CorrectFact Source(absl::string_view source) const {
    CorrectFact command = Correction("report_details_recorded", {"source"});
    command.mutable_new_fact()->mutable_report_details_recorded()->set_source(std::string(source));
    return command;
  }
  template <typename Command>
  absl::Status Try(const Command& command) {
    return bawaslu_.Execute(test::IntakeRequest(absl::StrCat("r-", ++requests_), command)).status();
  }
  absl::Status Try(const intake::v1::RegisterReport& command) {
    auto batch = std::make_shared<intake::v1::ExecuteBatchRequest>();
    *batch->add_commands()->mutable_register_report() = command;
    const auto header = test::HeaderOf("bawaslu/13", absl::StrCat("r-", ++requests_));
    return bawaslu_.Execute({header, std::move(batch)}).status();
  }
  template <typename Command>
  void Must(const Command& command) {
    ASSERT_EQ(Try(command), absl::OkStatus());
    bawaslu_.Project();
  }
  command::v1::VoidFact Void(absl::string_view fact_name) const {
    command::v1::VoidFact command;
    command.set_report_id(report_id_);
    *command.mutable_position() = PlaceOf(fact_name);
    command.set_reason("keliru");
    return command;
  }
  std::vector<std::string> FoundBy(event::v1::ReferenceKind kind, absl::string_view number) const {
    return bawaslu_.LookUp(kind, number);
  }

  std::string report_id_;
  std::string case_id_;
  int requests_ = 0;
};

TEST_F(ReportCorrectionTest, TheDayOfReceiptIsCorrectedAndTheFirstOneStaysOnRecord) {
  Must(Received("2024-10-07"));
  EXPECT_EQ(Shown().received_at().date(), "2024-10-07");
  const auto steps = Steps();
  ASSERT_EQ(steps[0].fact_name(), "report_received");
  EXPECT_EQ(steps[0].occurred_at().date(), "2024-10-05");
  EXPECT_EQ(steps[1].fact_name(), "fact_corrected");
  EXPECT_EQ(steps[1].personal().reason_text(), "salah ketik");
  EXPECT_EQ(steps[1].citations(0).position().sequence(), steps[0].position().sequence());
}

TEST_F(ReportCorrectionTest, ElectionAndRegionOfTheReportAreCorrected) {
  CorrectFact command = Correction("report_received", {"election", "region"});
  auto& received = *command.mutable_new_fact()->mutable_report_received();
  received.set_election("PEMILU-2024");
  received.set_region("13.05");
  Must(command);
  EXPECT_EQ(Shown().election(), "PEMILU-2024");
  EXPECT_EQ(Shown().region(), "13.05");
}

TEST_F(ReportCorrectionTest, WhatRuleEightProtectsIsCorrectedInThePrivateLogOnly) {
  const std::size_t shared = bawaslu_.Events().size();
  CorrectFact command = Correction(
      "report_details_recorded", {"source", "known_on", "personal.reporter.phone", "personal.place",
                                  "personal.chronology", "personal.evidence"});
  auto& details = *command.mutable_new_fact()->mutable_report_details_recorded();
  details.set_source("temuan");
  details.set_known_on("2024-10-03");
  auto& personal = *command.mutable_new_personal();
  personal.mutable_reporter()->set_phone("080000000002");
  personal.mutable_reporter()->set_name("tidak disebut");
  personal.set_place("balai nagari");
  personal.set_chronology("Membagikan kaus di balai.");
  personal.add_evidence()->set_sha256(std::string(32, '\x11'));
  Must(command);
  EXPECT_EQ(bawaslu_.Events().size(), shared);
  const query::v1::Report shown = Shown();
  EXPECT_EQ(shown.source(), "temuan");
  EXPECT_EQ(shown.known_on(), "2024-10-03");
  EXPECT_EQ(shown.reporter().phone(), "080000000002");
  EXPECT_EQ(shown.reporter().name(), "Budi Penyampai") << "what is not named stays";
  EXPECT_EQ(shown.place(), "balai nagari");
  EXPECT_EQ(shown.chronology(), "Membagikan kaus di balai.");
  EXPECT_EQ(shown.evidence(0).sha256(), std::string(32, '\x11'));
  EXPECT_EQ(shown.register_number(), test::SomeReport().register_number());
  EXPECT_EQ(bawaslu_.Case(case_id_)->source(), "temuan");
}

TEST_F(ReportCorrectionTest, WhoMayNotSeeReportersSeesNoStepOfThePrivateLog) {
  Must(Source("temuan"));
  const query::v1::Report less = Shown({.authorities = {"bawaslu/13"}});
  EXPECT_EQ(less.source(), "temuan");
  for (const auto& step : less.steps()) EXPECT_EQ(step.position().log(), "bawaslu-13");
  EXPECT_THAT(less.steps(), SizeIs(1));
  EXPECT_THAT(Shown().steps(), SizeIs(3));
}

TEST_F(ReportCorrectionTest, ACorrectedNumberFindsTheCase) {
  CorrectFact command = Correction("report_details_recorded", {"personal.references"});
  auto& number = *command.mutable_new_personal()->add_references();
  number.set_kind(event::v1::REFERENCE_KIND_REGISTER);
  number.set_raw("70/Reg/LP/PB/Kab/03.04/X/2024");
  Must(command);
  EXPECT_THAT(FoundBy(event::v1::REFERENCE_KIND_REGISTER, "70/reg/lp/pb/kab/03.04/x/2024"),
              ElementsAre(case_id_));
  EXPECT_EQ(Shown().register_number(), "70/Reg/LP/PB/Kab/03.04/X/2024");
  EXPECT_EQ(bawaslu_.Case(case_id_)->register_number(), "70/Reg/LP/PB/Kab/03.04/X/2024");
}

TEST_F(ReportCorrectionTest, MotivesAreCorrectedWhereTheCaseKeepsThem) {
  CorrectFact command;
  command.set_case_id(case_id_);
  ASSERT_TRUE(bawaslu_.Case(case_id_)->has_details());
  *command.mutable_position() = bawaslu_.Case(case_id_)->details();
  command.mutable_fields()->add_paths("motives");
  command.set_reason("salah ketik");
  auto& details = *command.mutable_new_fact()->mutable_case_details_recorded();
  details.add_motives("utang_budi");
  details.add_motives("persaudaraan");
  const std::size_t shared = bawaslu_.Events().size();
  Must(command);
  EXPECT_EQ(bawaslu_.Events().size(), shared);
  EXPECT_THAT(bawaslu_.Case(case_id_)->motives(), ElementsAre("utang_budi", "persaudaraan"));
  details.add_motives("gosip");
  EXPECT_EQ(test::FieldIn(Try(command)), "commands[0].new_fact.motives");
}

TEST_F(ReportCorrectionTest, WhoFollowsTheCasesOfTheReportLooksAgain) {
  const std::uint64_t before = bawaslu_.Case(case_id_)->revision();
  Must(Source("temuan"));
  const std::uint64_t between = bawaslu_.Case(case_id_)->revision();
  EXPECT_GT(between, before);
  Must(Received("2024-10-06"));
  EXPECT_GT(bawaslu_.Case(case_id_)->revision(), between);
}

TEST_F(ReportCorrectionTest, TimeLimitsRunFromTheCorrectedDays) {
  const auto due = [&] {
    query::v1::GetCaseRequest request;
    request.set_case_id(case_id_);
    const auto facts = bawaslu_.reader().FactsOf(case_id_, Reporters());
    std::vector<std::string> days;
    for (const auto& fact : facts->report) {
      days.push_back(fact.fact().has_report_received()
                         ? fact.occurred_at().date()
                         : fact.fact().report_details_recorded().known_on());
    }
    return days;
  };
  EXPECT_THAT(due(), ElementsAre("2024-10-05", "2024-10-02"));
  Must(Received("2024-10-08"));
  Must(Known("2024-10-07"));
  EXPECT_THAT(due(), ElementsAre("2024-10-08", "2024-10-07"));
}

TEST_F(ReportCorrectionTest, NumbersFollowTheCorrectedSource) {
  const auto by_source = [&](absl::string_view source) -> std::uint64_t {
    query::v1::GetStatisticsRequest request;
    request.add_by(query::v1::STATISTICS_DIMENSION_REPORT_SOURCE);
    const StatisticsReader reader(bawaslu_.store(), bawaslu_.directory(),
                                  bawaslu_.decider().section());
    const auto response = reader.GetStatistics(request, bawaslu_.viewer(), bawaslu_.now);
    EXPECT_TRUE(response.ok()) << response.status();
    for (const auto& cell : response->tables(0).cells()) {
      if (cell.value() == source) return cell.count();
    }
    return 0;
  };
  EXPECT_EQ(by_source("laporan"), 1U);
  Must(Source("temuan"));
  EXPECT_EQ(by_source("laporan"), 0U);
  EXPECT_EQ(by_source("temuan"), 1U);
}

TEST_F(ReportCorrectionTest, TheDayBeforeACorrectionTheReportWasKnownAsItWasThen) {
  const std::string day = "2025-02-20";  // in Jakarta
  bawaslu_.now += absl::Hours(72);
  Must(Source("temuan"));
  query::v1::GetCaseRequest request;
  request.set_case_id(case_id_);
  EXPECT_EQ(bawaslu_.reader().GetCase(request, Reporters(), bawaslu_.now)->case_().source(),
            "temuan");
  request.mutable_as_known()->set_on(day);
  request.mutable_as_known()->set_known_by(query::v1::KNOWN_BY_AUTHORS);
  EXPECT_EQ(bawaslu_.reader().GetCase(request, Reporters(), bawaslu_.now)->case_().source(),
            "laporan");
}

TEST_F(ReportCorrectionTest, WhatReceivingWouldRefuseIsRefusedOfItsCorrection) {
  EXPECT_EQ(test::FieldIn(Try(Received("2024-10-01"))), "commands[0].new_occurred_at")
      << "before it was known";
  EXPECT_EQ(test::FieldIn(Try(Received("2031-01-01"))), "commands[0].new_occurred_at") << "not yet";
  CorrectFact undated = Correction("report_received", {"occurred_at"});
  EXPECT_EQ(test::FieldIn(Try(undated)), "commands[0].new_occurred_at");
  EXPECT_EQ(test::FieldIn(Try(Known("2024-10-06"))), "commands[0].new_fact.known_on");
  EXPECT_EQ(test::FieldIn(Try(Known("kemarin"))), "commands[0].new_fact.known_on");
  EXPECT_EQ(test::FieldIn(Try(Source("gosip"))), "commands[0].new_fact.source");
  CorrectFact region = Correction("report_received", {"region"});
  region.mutable_new_fact()->mutable_report_received()->set_region("99.99");
  EXPECT_EQ(test::FieldIn(Try(region)), "commands[0].new_fact.region");
  CorrectFact origin = Correction("report_received", {"derived_from"});
  origin.mutable_new_fact()->mutable_report_received()->set_derived_from(report_id_);
  EXPECT_EQ(test::ReasonIn(Try(origin)), "RULE");
  CorrectFact notice = Correction("report_details_recorded", {"notice_case_id"});
  notice.mutable_new_fact()->mutable_report_details_recorded()->set_notice_case_id(case_id_);
  EXPECT_EQ(test::FieldIn(Try(notice)), "commands[0].fields");
  CorrectFact place = Correction("report_details_recorded", {"personal.place"});
  place.mutable_new_personal()->set_place(std::string(501, 'x'));
  EXPECT_EQ(test::FieldIn(Try(place)), "commands[0].new_personal.place");
  CorrectFact nik = Correction("report_details_recorded", {"personal.reporter"});
  nik.mutable_new_personal()->mutable_reporter()->set_nik("12");
  EXPECT_EQ(test::FieldIn(Try(nik)), "commands[0].new_personal.reporter.nik");
  CorrectFact number = Correction("report_details_recorded", {"personal.references"});
  number.mutable_new_personal()->add_references()->set_kind(event::v1::REFERENCE_KIND_DECREE);
  number.mutable_new_personal()->mutable_references(0)->set_raw("SK 1");
  EXPECT_EQ(test::FieldIn(Try(number)), "commands[0].new_personal.references.kind");
  CorrectFact reasonless = Received("2024-10-06");
  reasonless.clear_reason();
  EXPECT_EQ(test::FieldIn(Try(reasonless)), "commands[0].reason");
}

TEST_F(ReportCorrectionTest, NothingProtectedComesIntoTheSharedLog) {
  CorrectFact command = Correction("report_received", {"personal.chronology"});
  command.mutable_new_personal()->set_chronology("rahasia");
  const absl::Status status = Try(command);
  EXPECT_EQ(test::FieldIn(status), "commands[0].fields");
  EXPECT_THAT(std::string(status.message()), HasSubstr("private log"));
  CorrectFact summary = Correction("report_details_recorded", {"personal.summary"});
  EXPECT_EQ(test::FieldIn(Try(summary)), "commands[0].fields");
}

TEST_F(ReportCorrectionTest, OnlyTheOfficeOfTheReportCorrectsIt) {
  CorrectFact command = Source("temuan");
  EXPECT_EQ(test::FieldIn(bkn_.Execute(test::ReferralRequest("k-1", command)).status()),
            "commands[0].report_id");
  command.set_case_id(case_id_);
  EXPECT_EQ(test::FieldIn(Try(command)), "commands[0].report_id") << "not both";
  command.clear_case_id();
  command.set_report_id("6f9619ff-8b86-8011-b42d-00c04fc964ff");
  EXPECT_EQ(test::ReasonIn(Try(command)), "REPORT_NOT_FOUND");
  command.set_report_id(report_id_);
  command.mutable_position()->set_sequence(99);
  EXPECT_EQ(test::FieldIn(Try(command)), "commands[0].position");
}

TEST_F(ReportCorrectionTest, AMessageStandsAsItWasWritten) {
  intake::v1::SendReporterMessage message;
  message.set_report_id(report_id_);
  message.set_text("Mohon datang.");
  Must(message);
  CorrectFact command = Source("temuan");
  command.mutable_position()->set_sequence(bawaslu_.PrivateEvents().size() - 1);
  EXPECT_EQ(test::ReasonIn(Try(command)), "RULE");
}

TEST_F(ReportCorrectionTest, TheNewestFactOfAReportIsTakenBackWithWhatThePrivateLogKeepsOfIt) {
  intake::v1::RegisterReport command;
  command.set_report_id(report_id_);
  command.set_register_number("71/Reg/2024");
  *command.mutable_occurred_at() = test::On("2024-10-06");
  Must(command);
  EXPECT_EQ(Shown().register_number(), "71/Reg/2024");
  EXPECT_EQ(test::ReasonIn(Try(Void("report_received"))), "RULE") << "the opening";
  command::v1::VoidFact kept = Void("report_details_recorded");
  EXPECT_EQ(test::ReasonIn(Try(kept)), "RULE") << "corrected, not taken back";
  command::v1::VoidFact registered = Void("report_registered");
  // The private log has a fact of that name as well; the shared one is meant.
  for (const auto& step : Steps()) {
    const bool shared = step.position().log() == "bawaslu-13";
    if (shared && step.fact().has_report_registered()) {
      *registered.mutable_position() = step.position();
    }
  }
  Must(registered);
  EXPECT_EQ(Shown().register_number(), test::SomeReport().register_number());
  int voided = 0;
  for (const auto& step : Steps()) voided += step.voided() ? 1 : 0;
  EXPECT_EQ(voided, 2);
  EXPECT_EQ(Try(command), absl::OkStatus()) << "it may be registered anew";
}

TEST_F(ReportCorrectionTest, AnActIsNotMovedBehindTheDayOnWhichItWasReported) {
  CorrectFact command;
  command.set_case_id(case_id_);
  query::v1::GetTimelineRequest request;
  request.set_case_id(case_id_);
  const auto timeline = *bawaslu_.reader().GetTimeline(request, Reporters(), bawaslu_.now);
  *command.mutable_position() = timeline.steps(0).position();
  command.mutable_fields()->add_paths("incident_on");
  command.mutable_new_fact()->mutable_respondent_named()->set_incident_on("2024-10-06");
  command.set_reason("salah ketik");
  EXPECT_EQ(test::FieldIn(Try(command)), "commands[0].new_fact.incident_on");
  Must(Received("2024-10-08"));
  EXPECT_EQ(Try(command), absl::OkStatus());
}

TEST_F(ReportCorrectionTest, EverythingIsTheSameAfterACrashAndDerivedAnew) {
  Must(Received("2024-10-07"));
  Must(Source("temuan"));
  const query::v1::Report before = Shown();
  bawaslu_.Crash();
  bawaslu_.Project();
  EXPECT_EQ(Shown().SerializeAsString(), before.SerializeAsString());
}

}  // namespace
}  // namespace selaras::node
