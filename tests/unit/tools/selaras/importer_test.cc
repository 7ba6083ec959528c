#include "tools/selaras/import/importer.h"

#include <map>
#include <set>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_node.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/import/report.h"

namespace selaras::cli {
namespace {

// By view: clang and Debian's Abseil do not agree on the name of the constructor from a string.
absl::Cord AsCord(absl::string_view bytes) { return absl::Cord(bytes); }

using registers::Plan;
using testing::ElementsAre;
using testing::HasSubstr;

absl::Status WithReason(absl::StatusCode code, const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  google::rpc::Status wire;
  wire.add_details()->PackFrom(info);
  absl::Status status(code, "refused by a rule");
  status.SetPayload(kDetailsUrl, AsCord(wire.SerializeAsString()));
  return status;
}

command::v1::CommandOutcome Written() {
  command::v1::CommandOutcome outcome;
  outcome.add_positions()->set_log("node");
  return outcome;
}

command::v1::CommandOutcome Repeated() {
  command::v1::CommandOutcome outcome = Written();
  outcome.set_repeated_request(true);
  return outcome;
}

// A row of Bawaslu's register: a report and a respondent.
Plan IntakeRow(int line, const std::string& report) {
  std::vector<intake::v1::IntakeCommand> commands(2);
  commands[0].mutable_receive_report()->set_report_key(report);
  commands[1].mutable_name_respondent()->mutable_report()->set_opened_by(0);
  Plan plan;
  plan.line = line;
  plan.number = report;
  plan.request_id = absl::StrCat(report, ":", line);
  plan.authority = "bawaslu/13";
  plan.commands = std::move(commands);
  registers::BawasluRow row;
  row.register_number = report;
  row.nip = "1";
  plan.row = std::move(row);
  return plan;
}

Plan ReferralRow(int line, const std::string& letter) {
  std::vector<referral::v1::ReferralCommand> commands(1);
  commands[0].mutable_receive_case()->set_agenda_number("AG-1");
  Plan plan;
  plan.line = line;
  plan.number = letter;
  plan.request_id = absl::StrCat(letter, ":", line);
  plan.authority = "bkn";
  plan.look_up = registers::LookUp{event::v1::REFERENCE_KIND_REFERRAL_LETTER, letter, "1"};
  plan.commands = std::move(commands);
  registers::BknRow row;
  row.referral_letter = letter;
  row.nip = "1";
  row.recommendation_letter = "R-1";
  plan.row = std::move(row);
  return plan;
}

class ImporterTest : public testing::Test {
 protected:
  std::vector<RowState> Run(std::vector<registers::PlannedRow> rows) {
    source_.rows = std::move(rows);
    Importer importer(fake_, clock_, options_, nullptr);
    result_ = importer.Run(source_);
    std::vector<RowState> states;
    states.reserve(result_.rows.size());
    for (const RowOutcome& row : result_.rows) states.push_back(row.state);
    return states;
  }

  test::NodeAnswers node_;
  test::FakeNode fake_{node_};
  test::FakeClock clock_;
  ImportOptions options_;
  registers::Register source_;
  Importer::Result result_;
};

TEST_F(ImporterTest, RowsOfOneReportAreSentInTheOrderOfTheFile) {
  std::map<std::string, std::vector<std::string>> sent;
  node_.intake = [&](const intake::v1::ExecuteBatchRequest& request) {
    sent[request.commands(0).receive_report().report_key()].push_back(
        request.header().request_id());
    return Written();
  };
  std::vector<registers::PlannedRow> rows;
  for (int line = 2; line < 202; ++line)
    rows.push_back(IntakeRow(line, absl::StrCat("r", line % 7)));
  EXPECT_THAT(Run(std::move(rows)), testing::Each(RowState::kImported));
  for (const auto& [report, ids] : sent) {
    std::vector<int> lines;
    for (const std::string& id : ids) lines.push_back(std::stoi(id.substr(id.find(':') + 1)));
    EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end())) << report;
  }
}

TEST_F(ImporterTest, ARowIsSentForItsAuthorityUnderItsRequestId) {
  node_.intake = [&](const intake::v1::ExecuteBatchRequest& request) {
    EXPECT_EQ(request.header().authority(), "bawaslu/13");
    EXPECT_EQ(request.header().request_id(), "r:2");
    EXPECT_FALSE(request.header().validate_only());
    return Written();
  };
  EXPECT_THAT(Run({IntakeRow(2, "r")}), ElementsAre(RowState::kImported));
}

TEST_F(ImporterTest, BadAndRepeatedRowsAreNotSent) {
  EXPECT_THAT(Run({registers::Refusal{2, "r", "terlapor_nip", "17 digits"},
                   registers::Duplicate{3, 1, "r"}}),
              ElementsAre(RowState::kRefused, RowState::kDuplicate));
  EXPECT_EQ(result_.rows[0].column, "terlapor_nip");
}

TEST_F(ImporterTest, ASecondRunChangesNothingAndSaysSo) {
  options_.log_size = 1;
  node_.intake = [](const auto&) { return Repeated(); };
  EXPECT_THAT(Run({IntakeRow(2, "r"), IntakeRow(3, "r")}), testing::Each(RowState::kUnchanged));
  std::ostringstream out;
  const Output output("selaras", &out, &out, {});
  EXPECT_THAT(SummaryText(Summarise("f", source_, result_, false), output),
              HasSubstr("nothing changed"));
}

TEST_F(ImporterTest, ARowWhoseAnswerWasLostCountsAsImportedByThisRun) {
  options_.log_size = 7;
  int calls = 0;
  node_.intake = [&](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    if (++calls == 1) return absl::UnavailableError("connection reset");
    command::v1::CommandOutcome outcome = Repeated();
    outcome.mutable_positions(0)->set_sequence(7);
    return outcome;
  };
  EXPECT_THAT(Run({IntakeRow(2, "r")}), ElementsAre(RowState::kImported));
}

TEST_F(ImporterTest, ARefusalOfOneRowDoesNotStopTheOthers) {
  node_.intake = [](const intake::v1::ExecuteBatchRequest& request)
      -> absl::StatusOr<command::v1::CommandOutcome> {
    if (request.header().request_id() == "r:2") return absl::InvalidArgumentError("bad field");
    return Written();
  };
  EXPECT_THAT(Run({IntakeRow(2, "r"), IntakeRow(3, "r")}),
              ElementsAre(RowState::kRefused, RowState::kImported));
  EXPECT_EQ(result_.rows[0].why, "bad field");
}

TEST_F(ImporterTest, ARowOfAnotherAuthoritysCaseIsRefusedForItsRegion) {
  node_.intake = [&](const intake::v1::ExecuteBatchRequest&) {
    return WithReason(absl::StatusCode::kPermissionDenied, "NOT_YOUR_CASE");
  };
  EXPECT_THAT(Run({IntakeRow(2, "a")}), ElementsAre(RowState::kRefused));
  EXPECT_EQ(result_.rows[0].column, "kode_wilayah");
}

TEST_F(ImporterTest, ANodeThatIsRestartedMeanwhileMakesNoDifference) {
  int calls = 0;
  node_.intake = [&](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    if (++calls % 4 != 0) return absl::UnavailableError("connection reset");
    return Written();
  };
  std::vector<registers::PlannedRow> rows;
  for (int line = 2; line < 40; ++line) rows.push_back(IntakeRow(line, absl::StrCat("r", line)));
  EXPECT_THAT(Run(std::move(rows)), testing::Each(RowState::kImported));
  EXPECT_TRUE(result_.stopped.ok());
}

TEST_F(ImporterTest, ANodeThatStaysAwayLeavesRowsUnsent) {
  node_.intake = [](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    return absl::UnavailableError("connection refused");
  };
  EXPECT_THAT(Run({IntakeRow(2, "r"), IntakeRow(3, "r")}), testing::Each(RowState::kUnsent));
  EXPECT_TRUE(absl::IsUnavailable(result_.stopped));
  EXPECT_EQ(ExitCodeOf({Summarise("f", source_, result_, false)}), ExitCode::kUnreachable);
}

TEST_F(ImporterTest, ANodeThatIsBusyIsGivenTheTimeItAsksFor) {
  options_.in_flight = 1;
  const absl::Time start = clock_.Now();
  int calls = 0;
  node_.intake = [&](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    if (++calls > 1) return Written();
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(7);
    google::rpc::Status wire;
    wire.add_details()->PackFrom(retry);
    absl::Status busy = absl::ResourceExhaustedError("queue full");
    busy.SetPayload(kDetailsUrl, AsCord(wire.SerializeAsString()));
    return busy;
  };
  EXPECT_THAT(Run({IntakeRow(2, "r")}), ElementsAre(RowState::kImported));
  EXPECT_GE(clock_.Now() - start, absl::Seconds(7));
}

TEST_F(ImporterTest, ARowWhoseCaseIsNotHereIsSentAgainAsTheLinksAdvance) {
  std::uint64_t arrived = 0;
  node_.get_node = [&] {
    ledger::v1::GetNodeResponse node;
    auto* log = node.add_logs();
    log->set_log("bawaslu-13");
    log->set_mirror(true);
    log->set_size(arrived < 5 ? ++arrived : arrived);
    return node;
  };
  node_.look_up_cases = [&](const query::v1::LookUpCasesRequest& request) {
    EXPECT_EQ(request.number(), "L1");
    query::v1::LookUpCasesResponse found;
    if (arrived == 5) found.add_case_ids("the-case");
    return found;
  };
  node_.referral = [](const referral::v1::ExecuteBatchRequest& request) {
    EXPECT_EQ(request.commands(0).receive_case().case_id(), "the-case");
    return Written();
  };
  EXPECT_THAT(Run({ReferralRow(2, "L1")}), ElementsAre(RowState::kImported));
}

TEST_F(ImporterTest, ARowThatReliesOnWhatIsNotHereYetIsPendingToo) {
  options_.wait = absl::ZeroDuration();
  node_.get_node = [] { return ledger::v1::GetNodeResponse(); };
  node_.look_up_cases = [](const auto&) {
    query::v1::LookUpCasesResponse found;
    found.add_case_ids("the-case");
    return found;
  };
  node_.referral = [](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    return WithReason(absl::StatusCode::kFailedPrecondition, "NOT_HERE_YET");
  };
  EXPECT_THAT(Run({ReferralRow(2, "L1")}), ElementsAre(RowState::kPending));
}

TEST_F(ImporterTest, PendingRowsAreGivenUpWhenNothingHappensAnyMore) {
  node_.get_node = [] { return ledger::v1::GetNodeResponse(); };
  node_.look_up_cases = [](const auto&) { return query::v1::LookUpCasesResponse(); };
  const absl::Time start = clock_.Now();
  EXPECT_THAT(Run({ReferralRow(2, "L1")}), ElementsAre(RowState::kPending));
  EXPECT_GE(clock_.Now() - start, options_.wait);
  EXPECT_LE(clock_.Now() - start, options_.wait * 2);
  EXPECT_EQ(ExitCodeOf({Summarise("f", source_, result_, false)}), ExitCode::kPending);
}

TEST_F(ImporterTest, SeveralCasesUnderOneNumberAreRefusedNotGuessed) {
  node_.look_up_cases = [](const auto&) {
    query::v1::LookUpCasesResponse found;
    found.add_case_ids("one");
    found.add_case_ids("two");
    return found;
  };
  EXPECT_THAT(Run({ReferralRow(2, "L1")}), ElementsAre(RowState::kRefused));
  EXPECT_THAT(result_.rows[0].why, HasSubstr("one, two"));
}

TEST_F(ImporterTest, ARowWhoseRequestCameBackAfterARestoreIsJudgedByItsCase) {
  node_.look_up_cases = [](const auto&) {
    query::v1::LookUpCasesResponse found;
    found.add_case_ids("the-case");
    return found;
  };
  node_.referral = [](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    return WithReason(absl::StatusCode::kAlreadyExists, "REQUEST_RECOVERED");
  };
  std::string recorded = "R-2";
  node_.get_case = [&](const auto&) {
    query::v1::GetCaseResponse response;
    response.mutable_case_()->set_case_id("the-case");
    response.mutable_case_()->set_personal(query::v1::PERSONAL_STATE_OPEN);
    auto* letter = response.mutable_case_()->add_references();
    letter->set_kind(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER);
    letter->set_raw(recorded);
    return response;
  };
  node_.get_timeline = [](const auto&) { return query::v1::GetTimelineResponse(); };
  EXPECT_THAT(Run({ReferralRow(2, "L1")}), ElementsAre(RowState::kChanged));
  ASSERT_EQ(result_.rows[0].differences.size(), 1u);
  recorded = result_.rows[0].differences[0].in_file;
  EXPECT_THAT(Run({ReferralRow(2, "L1")}), ElementsAre(RowState::kUnchanged));
}

TEST_F(ImporterTest, AChangedRowIsShownAsADifferenceAndRefused) {
  node_.look_up_cases = [](const auto&) {
    query::v1::LookUpCasesResponse found;
    found.add_case_ids("the-case");
    return found;
  };
  node_.referral = [](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    return WithReason(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED");
  };
  node_.get_case = [](const auto&) {
    query::v1::GetCaseResponse response;
    response.mutable_case_()->set_case_id("the-case");
    response.mutable_case_()->set_personal(query::v1::PERSONAL_STATE_OPEN);
    auto* letter = response.mutable_case_()->add_references();
    letter->set_kind(event::v1::REFERENCE_KIND_RECOMMENDATION_LETTER);
    letter->set_raw("R-2");
    return response;
  };
  node_.get_timeline = [](const auto&) { return query::v1::GetTimelineResponse(); };
  EXPECT_THAT(Run({ReferralRow(2, "L1")}), ElementsAre(RowState::kChanged));
  ASSERT_EQ(result_.rows[0].differences.size(), 1u);
  EXPECT_EQ(result_.rows[0].differences[0].column, "nomor_rekomendasi");
  EXPECT_EQ(result_.rows[0].differences[0].recorded, "R-2");
  EXPECT_EQ(result_.rows[0].differences[0].in_file, "R-1");
  EXPECT_EQ(ExitCodeOf({Summarise("f", source_, result_, false)}), ExitCode::kRefused);
}

TEST_F(ImporterTest, ADryRunAsksTheNodeToWriteNothingAndDoesNotWait) {
  options_.dry_run = true;
  node_.intake = [](const intake::v1::ExecuteBatchRequest& request) {
    EXPECT_TRUE(request.header().validate_only());
    return command::v1::CommandOutcome();
  };
  node_.look_up_cases = [](const auto&) { return query::v1::LookUpCasesResponse(); };
  const absl::Time start = clock_.Now();
  EXPECT_THAT(Run({IntakeRow(2, "r"), ReferralRow(3, "L1")}),
              ElementsAre(RowState::kImported, RowState::kPending));
  EXPECT_EQ(clock_.Now(), start);
}

TEST_F(ImporterTest, AnErrorThatEveryRowWouldMeetStopsTheRun) {
  options_.in_flight = 1;
  int calls = 0;
  node_.intake = [&](const auto&) -> absl::StatusOr<command::v1::CommandOutcome> {
    ++calls;
    return absl::UnauthenticatedError("no certificate");
  };
  EXPECT_THAT(Run({IntakeRow(2, "r"), IntakeRow(3, "q")}), testing::Each(RowState::kUnsent));
  EXPECT_EQ(calls, 1);
}

TEST(ImportExitCode, PendingWinsOverRefusedAndUnreachableOverBoth) {
  cli::v1::ImportSummary refused, pending, unsent;
  refused.add_refused();
  pending.add_pending();
  unsent.set_unsent(1);
  EXPECT_EQ(ExitCodeOf(std::vector<cli::v1::ImportSummary>{}), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf({refused}), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf({refused, pending}), ExitCode::kPending);
  EXPECT_EQ(ExitCodeOf({refused, pending, unsent}), ExitCode::kUnreachable);
}

TEST(RefusedCsv, QuotesWhatNeedsItAndDefusesFormulas) {
  cli::v1::ImportSummary summary;
  summary.set_file("a,b.csv");
  auto* row = summary.add_refused();
  row->set_nomor_register("=1+1");
  row->set_line(7);
  row->set_column("terlapor_nip");
  row->set_why("17 \"digits\"");
  EXPECT_EQ(RefusedCsv({summary}),
            "file,line,nomor_register,column,why\r\n"
            "\"a,b.csv\",7,'=1+1,terlapor_nip,\"17 \"\"digits\"\"\"\r\n");
}

// A row of BKN's register that was imported, with another number of the agenda.
class AmendedImportTest : public ImporterTest {
 protected:
  AmendedImportTest() {
    options_.mode = ImportMode::kAmend;
    node_.look_up_cases = [](const query::v1::LookUpCasesRequest&) {
      query::v1::LookUpCasesResponse found;
      found.add_case_ids("c1");
      return found;
    };
    node_.get_case = [](const query::v1::GetCaseRequest& request) {
      query::v1::GetCaseResponse found;
      query::v1::Case* shown = found.mutable_case_();
      shown->set_case_id(request.case_id());
      shown->set_state(query::v1::CASE_STATE_RECEIVED);
      shown->set_personal(query::v1::PERSONAL_STATE_OPEN);
      query::v1::Section* section = shown->add_sections();
      section->set_name("referral");
      section->set_writer("bkn");
      section->set_revision(3);
      return found;
    };
    node_.get_timeline = [this](const query::v1::GetTimelineRequest&) {
      query::v1::GetTimelineResponse timeline;
      query::v1::TimelineStep* step = timeline.add_steps();
      step->set_author("bkn");
      step->mutable_position()->set_log("bkn");
      step->mutable_fact()->mutable_case_received();
      step->set_personal_state(query::v1::PERSONAL_STATE_OPEN);
      event::v1::ExternalReference* agenda = step->mutable_personal()->add_references();
      agenda->set_kind(event::v1::REFERENCE_KIND_AGENDA);
      agenda->set_raw(agenda_);
      return timeline;
    };
  }

  static Plan Row() {
    Plan plan = ReferralRow(2, "L-1");
    auto& row = std::get<registers::BknRow>(plan.row);
    row.recommendation_letter.clear();
    row.agenda_number = "AG-1";
    return plan;
  }

  std::string agenda_ = "AG-7";
};

TEST_F(AmendedImportTest, ARowThatSaysSomethingElseIsAmendedUnderAGenerationOfItsOwn) {
  node_.referral = [&](const referral::v1::ExecuteBatchRequest& request) {
    EXPECT_EQ(request.header().request_id(), "register-case:c1:4");
    EXPECT_EQ(request.header().expected_revisions(0).case_id(), "c1");
    EXPECT_EQ(request.header().expected_revisions(0).revision(), 3U);
    EXPECT_EQ(request.commands_size(), 1);
    EXPECT_TRUE(request.commands(0).has_correct_fact());
    agenda_ = "AG-1";
    return Written();
  };
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kAmended));
  ASSERT_EQ(result_.rows[0].differences.size(), 1U);
  EXPECT_EQ(result_.rows[0].differences[0].column, "nomor_agenda");
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kUnchanged));
}

TEST_F(AmendedImportTest, ACaseThatSomebodyElseChangesMeanwhileIsLookedAtAgain) {
  int sent = 0;
  node_.referral =
      [&](const referral::v1::ExecuteBatchRequest&) -> absl::StatusOr<command::v1::CommandOutcome> {
    if (++sent == 1) return absl::AlreadyExistsError("another body under this id");
    if (sent == 2) return absl::AbortedError("stale revision");
    return Written();
  };
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kAmended));
  EXPECT_EQ(sent, 3);
}

TEST_F(AmendedImportTest, WhatTheNodeRefusesIsRefusedWithWhatWouldHaveChanged) {
  node_.referral =
      [](const referral::v1::ExecuteBatchRequest&) -> absl::StatusOr<command::v1::CommandOutcome> {
    return WithReason(absl::StatusCode::kFailedPrecondition, "RULE");
  };
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kRefused));
  EXPECT_EQ(result_.rows[0].differences.size(), 1U);
}

TEST_F(AmendedImportTest, SeveralCandidatesAreNeverPickedFrom) {
  node_.look_up_cases = [](const query::v1::LookUpCasesRequest&) {
    query::v1::LookUpCasesResponse found;
    found.add_case_ids("c1");
    found.add_case_ids("c2");
    return found;
  };
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kRefused));
  EXPECT_THAT(result_.rows[0].why, HasSubstr("c1, c2"));
}

TEST_F(AmendedImportTest, AnUndoTakesBackAndAsksForNothingTwice) {
  options_.mode = ImportMode::kUndo;
  options_.reason = "import undone: batch b";
  agenda_ = "AG-1";
  node_.referral = [&](const referral::v1::ExecuteBatchRequest& request) {
    EXPECT_EQ(request.commands_size(), 1);
    if (request.header().validate_only()) {  // asks whether an import recorded the row
      EXPECT_TRUE(request.commands(0).has_receive_case());
      return Repeated();
    }
    EXPECT_EQ(request.commands(0).void_fact().reason(), "import undone: batch b");
    return Written();
  };
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kUndone));
  node_.look_up_cases = [](const query::v1::LookUpCasesRequest&) {
    return query::v1::LookUpCasesResponse();
  };
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kUnchanged));
}

TEST_F(AmendedImportTest, AnUndoLeavesAloneWhatNoImportRecorded) {
  options_.mode = ImportMode::kUndo;
  agenda_ = "AG-1";
  node_.referral = [&](const referral::v1::ExecuteBatchRequest& request) {
    EXPECT_TRUE(request.header().validate_only()) << "nothing is taken back";
    return Written();
  };
  EXPECT_THAT(Run({Row()}), ElementsAre(RowState::kRefused));
  EXPECT_THAT(result_.rows[0].why, HasSubstr("no import recorded it"));
}

}  // namespace
}  // namespace selaras::cli
