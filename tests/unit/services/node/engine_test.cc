#include "services/node/engine.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "node_test_base.h"
#include "services/node/subjects.h"
#include "storage/crypto/sha256.h"
#include "storage/log/note.h"
#include "storage/log/receipt.h"
#include "tests/support/full_store.h"

namespace selaras::node {
namespace {

using test::IntakeRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class EngineTest : public NodeTest {
 protected:
  std::uint64_t Size() const { return bawaslu_.store().shared().size().value; }
  std::uint64_t PrivateSize() const { return bawaslu_.store().private_log().size().value; }
  std::size_t Rows(log::Table table) const {
    std::size_t count = 0;
    EXPECT_TRUE(bawaslu_.store()
                    .Scan(table, "", "",
                          [&](absl::string_view, absl::string_view) {
                            ++count;
                            return true;
                          })
                    .ok());
    return count;
  }
  std::string Refused(const Request& request) {
    const std::uint64_t before = Size() + PrivateSize();
    const std::size_t requests = Rows(log::Table::kRequest);
    const std::size_t states = Rows(log::Table::kState);
    const Outcome outcome = bawaslu_.Execute(request);
    EXPECT_FALSE(outcome.ok());
    EXPECT_EQ(Size() + PrivateSize(), before) << "nothing is written";
    EXPECT_EQ(Rows(log::Table::kRequest), requests) << "refusals are not remembered";
    EXPECT_EQ(Rows(log::Table::kState), states);
    const std::string field = test::FieldIn(outcome.status());
    return field.empty() ? test::ReasonIn(outcome.status()) : field;
  }
};

TEST_F(EngineTest, AnAnswerNamesEverythingThatWasDoneAndACheckpointThatCoversIt) {
  const auto outcome = bawaslu_.Must(Referring("b-1"));
  EXPECT_FALSE(outcome.repeated_request());
  ASSERT_THAT(outcome.positions(), SizeIs(5));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(outcome.positions(i).log(), "bawaslu-13");
    EXPECT_EQ(outcome.positions(i).sequence(), static_cast<std::uint64_t>(i));
  }
  ASSERT_THAT(outcome.steps(), SizeIs(5));
  EXPECT_EQ(outcome.steps(0).report_id(), outcome.report_id());
  EXPECT_EQ(outcome.steps(4).case_id(), outcome.case_id());
  EXPECT_EQ(PrivateSize(), 2u) << "report details and motives";
  const auto checkpoint = log::OpenCheckpoint(bawaslu_.signer().verifier(), outcome.checkpoint());
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->checkpoint.size.value, 5u);
}

TEST_F(EngineTest, ARepeatHasOneEffectAndTheSameAnswer) {
  auto first = bawaslu_.Must(Referring("b-1"));
  bawaslu_.Must(Naming("b-2"));
  const std::uint64_t size = Size();
  auto again = bawaslu_.Must(Referring("b-1"));
  EXPECT_TRUE(again.repeated_request());
  EXPECT_EQ(Size(), size);
  const auto later = log::OpenCheckpoint(bawaslu_.signer().verifier(), again.checkpoint());
  ASSERT_TRUE(later.ok());
  EXPECT_EQ(later->checkpoint.size.value, size);
  for (auto* outcome : {&first, &again}) {
    outcome->clear_repeated_request();
    outcome->clear_checkpoint();
    outcome->clear_receipts();
  }
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
}

TEST_F(EngineTest, EachEntryOfASingleCommandComesWithItsReceiptAlsoWhenItIsRepeated) {
  Request single = Referring("b-1");
  single.single = true;
  const auto first = bawaslu_.Must(single);
  bawaslu_.Must(Naming("b-2"));
  const auto again = bawaslu_.Must(single);
  ASSERT_GT(first.positions_size(), 0);
  for (const auto* outcome : {&first, &again}) {
    ASSERT_EQ(outcome->receipts_size(), outcome->positions_size());
    for (int i = 0; i < outcome->receipts_size(); ++i) {
      const auto receipt = log::ParseReceipt(outcome->receipts(i));
      ASSERT_TRUE(receipt.ok()) << receipt.status();
      EXPECT_EQ(receipt->index.value, outcome->positions(i).sequence());
      EXPECT_EQ(receipt->checkpoint, outcome->checkpoint());
      const auto opened = log::OpenCheckpoint(bawaslu_.signer().verifier(), receipt->checkpoint);
      ASSERT_TRUE(opened.ok()) << opened.status();
      EXPECT_TRUE(log::VerifyReceipt(*receipt, receipt->extra, opened->checkpoint).ok());
    }
  }
  EXPECT_NE(again.checkpoint(), first.checkpoint());
}

TEST_F(EngineTest, ABatchAsksForItsReceiptsItself) {
  EXPECT_EQ(bawaslu_.Must(Referring("b-1")).receipts_size(), 0);
}

TEST_F(EngineTest, ARepeatAfterACrashHasOneEffectAndTheSameAnswer) {
  const auto first = bawaslu_.Must(Referring("b-1"));
  bawaslu_.Crash();
  const auto again = bawaslu_.Must(Referring("b-1"));
  EXPECT_TRUE(again.repeated_request());
  EXPECT_EQ(again.case_id(), first.case_id());
  EXPECT_EQ(Size(), 5u);
}

TEST_F(EngineTest, ARepeatInTheSameBatchHasOneEffectAndTheSameAnswer) {
  const auto outcomes = bawaslu_.ExecuteTogether({Naming("b-1"), Naming("b-1"), Naming("b-2")});
  ASSERT_TRUE(outcomes[0].ok() && outcomes[1].ok() && outcomes[2].ok());
  EXPECT_FALSE(outcomes[0]->repeated_request());
  EXPECT_TRUE(outcomes[1]->repeated_request());
  EXPECT_EQ(outcomes[1]->case_id(), outcomes[0]->case_id());
  EXPECT_EQ(outcomes[1]->checkpoint(), outcomes[0]->checkpoint());
  EXPECT_NE(outcomes[2]->case_id(), outcomes[0]->case_id());
  EXPECT_EQ(Size(), 4u);
}

TEST_F(EngineTest, AnotherBodyUnderTheSameIdIsRefused) {
  bawaslu_.Must(Naming("b-1"));
  EXPECT_EQ(Refused(Referring("b-1")), "REQUEST_ID_REUSED");
  Request other_officer = Naming("b-1");
  other_officer.header.mutable_officer()->set_officer_id("petugas-8");
  EXPECT_EQ(Refused(other_officer), "REQUEST_ID_REUSED");
  const auto outcomes = bawaslu_.ExecuteTogether({Naming("b-2"), Referring("b-2")});
  EXPECT_TRUE(outcomes[0].ok());
  EXPECT_TRUE(absl::IsAlreadyExists(outcomes[1].status())) << "also within a batch";
}

TEST_F(EngineTest, TraceRevisionAndValidateOnlyMakeNoOtherBody) {
  const auto outcome = bawaslu_.Must(Naming("b-1"));
  Request again = Naming("b-1");
  again.header.set_trace_id("0af7651916cd43dd");
  auto* expected = again.header.add_expected_revisions();
  expected->set_case_id(outcome.case_id());
  expected->set_revision(77);
  again.header.set_validate_only(true);
  const auto repeated = bawaslu_.Must(again);
  EXPECT_TRUE(repeated.repeated_request());
}

TEST_F(EngineTest, TheSameIdOfAnotherAuthorityIsAnotherRequest) {
  const std::string id = bawaslu_.Must(Referring("x-1")).case_id();
  Exchange();
  bkn_.Must(test::ReferralRequest("x-1", test::SomeReceipt(id)));
  Request of_kasn = test::ReferralRequest("x-1", test::SomeVerification(id));
  of_kasn.header.set_authority("kasn");
  EXPECT_EQ(test::ReasonIn(bkn_.Execute(of_kasn).status()), "CASE_NOT_FOUND") << "not: reused";
}

// Two PPKs at one node: what the one is a party to does not exist for the other.
TEST_F(EngineTest, AnAuthorityOfTheNodeThatIsNoPartyIsAnsweredAsIfThereWereNoCase) {
  const std::string id = bawaslu_.Must(Referring("b-1")).case_id();
  Exchange();
  bkn_.Must(test::ReferralRequest("k-1", test::SomeReceipt(id), test::SomeVerification(id),
                                  test::SomeRecommendation(id)));
  test::CaseNode both({"ppk-both", {"ppk/13.04", "ppk/13.05"}},
                      {test::BawasluNode(), {"bkn", {"bkn", "kasn"}}});
  both.CopyOnly(bawaslu_, {{4}});
  both.CopyOnly(bkn_, {{0}, {1}, {2}});
  both.Project();
  ASSERT_TRUE(both.Case(id).ok()) << both.Case(id).status();
  const std::string unknown = "00000000-0000-0000-0000-000000000001";
  const auto refused = [&](const std::string& case_id, Request request) {
    request.header.set_authority("ppk/13.05");
    const absl::Status status = both.Execute(request).status();
    EXPECT_EQ(test::ReasonIn(status), "CASE_NOT_FOUND") << status;
    return absl::StrReplaceAll(status.message(), {{case_id, "ID"}});
  };
  const auto received = [&](const std::string& case_id) {
    return refused(case_id, test::SanctionRequest("p-1", test::SomePpkReceipt(case_id)));
  };
  const auto taken_back = [&](const std::string& case_id) {
    command::v1::VoidFact taken;
    taken.set_case_id(case_id);
    taken.mutable_position()->set_log("bkn");
    taken.set_reason("salah");
    return refused(case_id, test::SanctionRequest("p-2", taken));
  };
  const auto expected = [&](const std::string& case_id) {
    Request request = test::SanctionRequest("p-3", test::SomePpkReceipt(case_id));
    auto* revision = request.header.add_expected_revisions();
    revision->set_case_id(case_id);
    revision->set_revision(7);
    return refused(case_id, request);
  };
  EXPECT_EQ(received(id), received(unknown));
  EXPECT_EQ(taken_back(id), taken_back(unknown));
  EXPECT_EQ(expected(id), expected(unknown));
  both.Must(test::SanctionRequest("p-4", test::SomePpkReceipt(id)));
}

// Also of a command that would be refused for what else stands in it.
TEST_F(EngineTest, AReportOfAnotherOfficeOfTheNodeIsAnsweredAsIfThereWereNone) {
  test::CaseNode both({"bawaslu-both", {"bawaslu/13", "bawaslu/12"}}, {});
  const std::string id = both.Must(Naming("b-1")).report_id();
  const std::string unknown = "00000000-0000-0000-0000-000000000001";
  const auto refused = [&](const std::string& report_id) {
    intake::v1::RequestCompletion command;  // without the parts that are required
    command.set_report_id(report_id);
    Request request = IntakeRequest("b-2", command);
    request.header.set_authority("bawaslu/12");
    const absl::Status status = both.Execute(request).status();
    EXPECT_EQ(test::ReasonIn(status), "REPORT_NOT_FOUND") << status;
    return absl::StrReplaceAll(status.message(), {{report_id, "ID"}});
  };
  EXPECT_EQ(refused(id), refused(unknown));
}

TEST_F(EngineTest, ARefusedRequestMayComeAgainWithTheSameId) {
  auto unknown = test::SomeRespondent("");
  const Request refused = IntakeRequest("b-1", test::SomeReport(), unknown, test::SomeReferral());
  EXPECT_EQ(Refused(refused), "RULE");
  EXPECT_FALSE(bawaslu_.Must(Referring("b-1")).repeated_request());
}

TEST_F(EngineTest, ValidateOnlyDecidesAndWritesNothing) {
  Request request = Referring("b-1");
  request.header.set_validate_only(true);
  const auto outcome = bawaslu_.Must(request);
  EXPECT_THAT(outcome.positions(), IsEmpty());
  EXPECT_THAT(outcome.steps(), SizeIs(5));
  EXPECT_EQ(Size() + PrivateSize(), 0u);
  EXPECT_EQ(Rows(log::Table::kRequest) + Rows(log::Table::kState), 0u);
  request.header.clear_validate_only();
  EXPECT_EQ(bawaslu_.Must(request).case_id(), outcome.case_id());
  Request wrong = IntakeRequest("b-2", test::SomeReferral());
  wrong.header.set_validate_only(true);
  EXPECT_EQ(Refused(wrong), "commands[0].case_ref.opened_by");
}

TEST_F(EngineTest, ABatchIsAllOrNothing) {
  auto wrong = test::SomeConclusion();
  wrong.clear_violations_found();
  wrong.add_violations_found("HD-99");
  EXPECT_EQ(Refused(IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(),
                                  test::SomeReview(), wrong)),
            "commands[3].violations_found");
  EXPECT_EQ(Refused(IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(),
                                  test::SomeReferral(), test::SomeConclusion())),
            "MOVE_NOT_ALLOWED");
}

TEST_F(EngineTest, ACommandNamesTheReportAndTheCaseThatAnEarlierOneOpens) {
  auto second = test::SomeRespondent(test::kOtherNip);
  auto review = test::SomeReview();
  review.mutable_case_ref()->set_opened_by(2);
  const auto outcome = bawaslu_.Must(
      IntakeRequest("b-1", test::SomeReport(), test::SomeRespondent(), second, review));
  EXPECT_NE(outcome.steps(1).case_id(), outcome.steps(2).case_id());
  EXPECT_EQ(outcome.steps(3).case_id(), outcome.steps(2).case_id());
  EXPECT_EQ(outcome.case_id(), outcome.steps(2).case_id());

  for (const std::uint32_t wrong : {0u, 2u, 7u}) {
    auto elsewhere = test::SomeReview();
    elsewhere.mutable_case_ref()->set_opened_by(wrong);
    EXPECT_EQ(Refused(IntakeRequest("b-2", test::SomeReport(), test::SomeRespondent(), elsewhere)),
              "commands[2].case_ref.opened_by");
  }
  auto nowhere = test::SomeReview();
  nowhere.clear_case_ref();
  EXPECT_EQ(Refused(IntakeRequest("b-2", nowhere)), "commands[0].case_ref");
  auto no_report = test::SomeRespondent();
  EXPECT_EQ(Refused(IntakeRequest("b-2", no_report)), "commands[0].report.opened_by");
  no_report.clear_report();
  EXPECT_EQ(Refused(IntakeRequest("b-2", no_report)), "commands[0].report");
}

TEST_F(EngineTest, RowsOfARegisterThatNameOneReportMeetInIt) {
  auto report = test::SomeReport();
  report.set_report_key("LP/7");
  report.set_if_absent(true);
  const auto first = bawaslu_.Must(IntakeRequest("row-1", report, test::SomeRespondent()));
  const auto second =
      bawaslu_.Must(IntakeRequest("row-2", report, test::SomeRespondent(test::kOtherNip)));
  EXPECT_EQ(second.report_id(), first.report_id());
  EXPECT_FALSE(first.steps(0).unchanged());
  EXPECT_TRUE(second.steps(0).unchanged());
  EXPECT_EQ(Size(), 3u);

  auto changed = report;
  changed.set_place("lapangan lain");
  EXPECT_EQ(Refused(IntakeRequest("row-3", changed, test::SomeRespondent())), "REPORT_DIFFERS");
  report.set_if_absent(false);
  EXPECT_EQ(Refused(IntakeRequest("row-4", report)), "REPORT_DIFFERS");
}

TEST_F(EngineTest, AReportIsMetAlsoWithinABatchAndABatchOfBatches) {
  auto report = test::SomeReport();
  report.set_report_key("LP/7");
  report.set_if_absent(true);
  auto second = test::SomeRespondent(test::kOtherNip);
  second.mutable_report()->set_opened_by(1);
  const auto outcomes = bawaslu_.ExecuteTogether(
      {IntakeRequest("row-1", report, report, second), IntakeRequest("row-2", report)});
  ASSERT_TRUE(outcomes[0].ok()) << outcomes[0].status();
  ASSERT_TRUE(outcomes[1].ok()) << outcomes[1].status();
  EXPECT_TRUE(outcomes[0]->steps(1).unchanged());
  EXPECT_TRUE(outcomes[1]->steps(0).unchanged());
  EXPECT_EQ(Size(), 2u);
}

TEST_F(EngineTest, ARequestThatChangesNothingIsRememberedAllTheSame) {
  auto report = test::SomeReport();
  report.set_report_key("LP/7");
  report.set_if_absent(true);
  bawaslu_.Must(IntakeRequest("row-1", report));
  EXPECT_FALSE(bawaslu_.Must(IntakeRequest("row-2", report)).repeated_request());
  EXPECT_TRUE(bawaslu_.Must(IntakeRequest("row-2", report)).repeated_request());
  EXPECT_EQ(Refused(IntakeRequest("row-2", test::SomeReport())), "REQUEST_ID_REUSED");
}

TEST_F(EngineTest, AStaleRevisionIsRefused) {
  const std::string id = bawaslu_.Must(Naming("b-1")).case_id();
  Request request = IntakeRequest("b-2", test::In(id, test::SomeReview()));
  auto* expected = request.header.add_expected_revisions();
  expected->set_case_id(id);
  expected->set_revision(0);
  EXPECT_EQ(Refused(request), "STALE_REVISION");
  EXPECT_TRUE(absl::IsAborted(bawaslu_.Execute(request).status()));
  request.header.mutable_expected_revisions(0)->set_revision(1);
  EXPECT_TRUE(bawaslu_.Execute(request).ok());
  Request unknown = IntakeRequest("b-3", test::In(id, test::SomeConclusion()));
  unknown.header.add_expected_revisions()->set_case_id("8a63fd54-7ad3-8c1f-9e05-2b7d4b1c0a11");
  EXPECT_EQ(Refused(unknown), "CASE_NOT_FOUND");
}

TEST_F(EngineTest, LaterRequestsOfABatchSeeTheEarlierOnes) {
  const std::string id = bawaslu_.Must(Naming("b-1")).case_id();
  const auto outcomes =
      bawaslu_.ExecuteTogether({IntakeRequest("b-2", test::In(id, test::SomeReview())),
                                IntakeRequest("b-3", test::In(id, test::SomeReview())),
                                IntakeRequest("b-4", test::In(id, test::SomeConclusion()))});
  EXPECT_TRUE(outcomes[0].ok());
  EXPECT_EQ(test::ReasonIn(outcomes[1].status()), "MOVE_NOT_ALLOWED");
  EXPECT_TRUE(outcomes[2].ok());
  EXPECT_EQ(outcomes[2]->positions(0).sequence(), 3u);
}

TEST_F(EngineTest, VeryManyRequestsAreCommittedInSeveralUnits) {
  std::vector<Request> requests;
  requests.reserve(300);
  for (int i = 0; i < 300; ++i) requests.push_back(Naming(absl::StrCat("b-", i)));
  const auto outcomes = bawaslu_.ExecuteTogether(requests);
  for (const auto& outcome : outcomes) ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(Size(), 600u);
  EXPECT_EQ(PrivateSize(), 600u);
  EXPECT_NE(outcomes.front()->checkpoint(), outcomes.back()->checkpoint());
}

TEST_F(EngineTest, TheNumberOfCommandsIsLimited) {
  EXPECT_EQ(Refused(IntakeRequest("b-1")), "commands");
  auto body = std::make_shared<intake::v1::ExecuteBatchRequest>();
  for (int i = 0; i < 65; ++i) test::Put(test::SomeReport(), body->add_commands());
  EXPECT_EQ(Refused({test::HeaderOf("bawaslu/13", "b-1"), body}), "commands");
  body->mutable_commands()->RemoveLast();
  EXPECT_TRUE(bawaslu_.Execute({test::HeaderOf("bawaslu/13", "b-1"), body}).ok());
}

TEST_F(EngineTest, ACommandWithoutContentIsRefused) {
  auto intake = std::make_shared<intake::v1::ExecuteBatchRequest>();
  intake->add_commands();
  EXPECT_EQ(Refused({test::HeaderOf("bawaslu/13", "b-1"), intake}), "commands[0].command");
}

TEST_F(EngineTest, ASingleCommandIsRefusedByTheNamesOfItsOwnFields) {
  auto report = test::SomeReport();
  report.set_region("99");
  Request request = IntakeRequest("b-1", report);
  EXPECT_EQ(Refused(request), "commands[0].region");
  request.single = true;
  EXPECT_EQ(Refused(request), "command.region");
}

TEST_F(EngineTest, TheNumberOfExpectedRevisionsIsLimited) {
  Request request = Naming("b-1");
  for (int i = 0; i < 65; ++i) request.header.add_expected_revisions();
  EXPECT_EQ(Refused(request), "header.expected_revisions");
}

TEST_F(EngineTest, TheNodeActsOnlyForItsOwnAuthorities) {
  Request request = Naming("b-1");
  request.header.set_authority("bawaslu/12");
  EXPECT_EQ(Refused(request), "NOT_YOUR_CASE");
  request.header.set_authority("nobody");
  EXPECT_EQ(Refused(request), "header.authority");
}

TEST_F(EngineTest, RecordedAtNeverGoesBack) {
  bawaslu_.Must(Naming("b-1"));
  const absl::Time first = bawaslu_.now;
  bawaslu_.now -= absl::Hours(5);
  bawaslu_.Must(Naming("b-2"));
  bawaslu_.Crash();
  bawaslu_.Must(Naming("b-3"));
  bawaslu_.now = first + absl::Milliseconds(1'500);
  bawaslu_.Must(Naming("b-4"));
  std::vector<std::pair<std::int64_t, int>> times;
  for (const auto& event : bawaslu_.Events()) {
    times.emplace_back(event.recorded_at().seconds(), event.recorded_at().nanos());
  }
  const std::int64_t at = absl::ToUnixSeconds(first);
  EXPECT_THAT(times,
              ElementsAre(testing::Pair(at, 0), testing::Pair(at, 0), testing::Pair(at, 0),
                          testing::Pair(at, 0), testing::Pair(at, 0), testing::Pair(at, 0),
                          testing::Pair(at + 1, 500'000'000), testing::Pair(at + 1, 500'000'000)));
}

TEST_F(EngineTest, ANewKeyIsStatedInTheLogAndBothKeysSignThat) {
  bawaslu_.Must(Referring("k-1"));
  const std::uint64_t before = Size();
  const log::NoteSigner next = *log::NoteSigner::Make(
      bawaslu_.signer().name(), *crypto::SigningKey::FromSeed(std::string(32, 'n')));
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  ASSERT_TRUE(bawaslu_.engine().ReplaceLogKey(next, "bawaslu/13", now).ok());
  ASSERT_EQ(Size(), before + 1);
  const auto stated = ReadEvent(bawaslu_.store().shared(), {before});
  EXPECT_EQ(stated->fact().log_key_replaced().verifier_key(), next.VerifierText());
  EXPECT_EQ(stated->subject_case(), event::v1::Event::SUBJECT_NOT_SET);
  EXPECT_EQ(stated->author(), "bawaslu/13");
  const std::string note = bawaslu_.store().shared().checkpoint().note;
  EXPECT_TRUE(log::OpenCheckpoint(bawaslu_.signer().verifier(), note).ok());
  EXPECT_TRUE(log::OpenCheckpoint(next.verifier(), note).ok());

  // The same once more changes nothing, and commands go on.
  ASSERT_TRUE(bawaslu_.engine().ReplaceLogKey(next, "bawaslu/13", now).ok());
  EXPECT_EQ(Size(), before + 1);
  bawaslu_.Must(Referring("k-2"));
}

TEST_F(EngineTest, AChangeOfKeysThatWasStatedAndNotSignedIsSignedByTheNextStart) {
  const log::NoteSigner next = *log::NoteSigner::Make(
      bawaslu_.signer().name(), *crypto::SigningKey::FromSeed(std::string(32, 'n')));
  event::v1::Event stated;
  stated.mutable_fact()->mutable_log_key_replaced()->set_verifier_key(next.VerifierText());
  ASSERT_TRUE(bawaslu_.store().Append({{stated.SerializeAsString()}, {}, {}}).ok());
  ASSERT_TRUE(bawaslu_.engine().ReplaceLogKey(next, "bawaslu/13", absl::UnixEpoch()).ok());
  EXPECT_EQ(Size(), 1u);
  EXPECT_EQ(bawaslu_.store().shared().keys()->newest().VerifierText(), next.VerifierText());
}

TEST_F(EngineTest, WhatHasNotHappenedYetIsRefused) {
  const std::string id = bawaslu_.Must(Naming("b-1")).case_id();
  const auto at = [&](absl::Duration later) {
    auto review = test::In(id, test::SomeReview());
    review.mutable_occurred_at()->mutable_instant()->set_seconds(
        absl::ToUnixSeconds(bawaslu_.now + later));
    return IntakeRequest("b-2", review);
  };
  EXPECT_EQ(Refused(at(absl::Minutes(6))), "commands[0].occurred_at");
  auto tomorrow = test::In(id, test::SomeReview());
  tomorrow.mutable_occurred_at()->set_date("2025-02-21");
  EXPECT_EQ(Refused(IntakeRequest("b-2", tomorrow)), "commands[0].occurred_at");
  auto report = test::SomeReport();
  report.mutable_received_at()->set_date("2030-01-01");
  EXPECT_EQ(Refused(IntakeRequest("b-2", report)), "commands[0].received_at");
  command::v1::CorrectFact correction;
  correction.set_case_id(id);
  correction.mutable_position()->set_log("bawaslu-13");
  correction.mutable_position()->set_sequence(1);
  correction.mutable_fields()->add_paths("occurred_at");
  correction.mutable_new_occurred_at()->set_date("2030-01-01");
  correction.set_reason("salah ketik");
  EXPECT_EQ(Refused(IntakeRequest("b-2", correction)), "commands[0].new_occurred_at");
  EXPECT_TRUE(bawaslu_.Execute(at(absl::Minutes(4))).ok()) << "clocks of offices differ a little";
}

TEST_F(EngineTest, TodayIsTodayInTheOfficesZone) {
  bawaslu_.now = absl::FromUnixSeconds(1'740'067'200);  // 2025-02-20 16:00 UTC
  const std::string id = bawaslu_.Must(Naming("b-1")).case_id();
  auto review = test::In(id, test::SomeReview());
  review.mutable_occurred_at()->set_date("2025-02-21");
  EXPECT_EQ(Refused(IntakeRequest("b-2", review)), "commands[0].occurred_at");
  review.mutable_occurred_at()->set_zone("WIT");
  EXPECT_TRUE(bawaslu_.Execute(IntakeRequest("b-2", review)).ok());
}

TEST_F(EngineTest, IdsAreTheSameWhenABatchIsRepeatedElsewhereAndUnguessable) {
  const auto outcome = bawaslu_.Must(Naming("b-1"));
  test::CaseNode twin(test::BawasluNode(), {}, 1);
  EXPECT_EQ(twin.Must(Naming("b-1")).case_id(), outcome.case_id()) << "the same keys";
  test::CaseNode other(test::BawasluNode(), {}, 99);
  EXPECT_NE(other.Must(Naming("b-1")).case_id(), outcome.case_id()) << "other keys";
  EXPECT_TRUE(IsUuid(outcome.case_id()));
  EXPECT_TRUE(IsUuid(outcome.report_id()));
}

TEST_F(EngineTest, EqualInputsWriteEqualEntries) {
  test::CaseNode twin(test::BawasluNode(), {}, 1);
  bawaslu_.Must(Referring("b-1"));
  twin.Must(Referring("b-1"));
  EXPECT_EQ(twin.store().shared().checkpoint().checkpoint.root,
            bawaslu_.store().shared().checkpoint().checkpoint.root);
}

TEST_F(EngineTest, TheDigestOfARequestIsSchemeOneForEver) {
  const std::string bytes = CanonicalRequest(Naming("b-1"));
  EXPECT_THAT(bytes, testing::StartsWith("selaras.intake.v1.ExecuteBatchRequest\n"));
  EXPECT_EQ(CanonicalRequest(Naming("b-2")), bytes) << "the id is no part of it";
  EXPECT_NE(CanonicalRequest(Referring("b-1")), bytes);
  EXPECT_EQ(base::HexEncode(crypto::Sha256(bytes).view()),
            "c57728dd6d5446c3e09a51a5348cbe1d662a7bbca3f40a2df439a3278ebd339c");
  EXPECT_EQ(kDigestScheme, 1u);
}

TEST_F(EngineTest, WhatCouldNotBeWrittenIsNotAnsweredAndNothingRestsOnIt) {
  bawaslu_.Must(Naming("b-0"));
  test::FullStore full(bawaslu_.store());
  full.FillAfter(0);
  auto engine = Engine::Make(
      full, bawaslu_.decider(), bawaslu_.opener(), bawaslu_.subject_keys(), bawaslu_.random(),
      {.authorities = {"bawaslu/13"}, .catalogue = test::ShippedCatalogue()});
  ASSERT_TRUE(engine.ok()) << engine.status();
  const Request refused = IntakeRequest("b-9");
  const Request first = Naming("b-1");
  const Request reused = Referring("b-1");
  const Request* requests[] = {&refused, &first, &reused};
  const auto outcomes = (*engine)->Execute(requests, bawaslu_.now);
  EXPECT_TRUE(absl::IsInvalidArgument(outcomes[0].status())) << "it rests on nothing";
  EXPECT_TRUE(absl::IsUnavailable(outcomes[1].status()));
  EXPECT_TRUE(absl::IsUnavailable(outcomes[2].status()))
      << "the id was not used: " << outcomes[2].status();
  EXPECT_EQ(Size(), 2u);
}

}  // namespace
}  // namespace selaras::node
