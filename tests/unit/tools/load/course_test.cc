#include "tools/load/course.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "services/domain/nip.h"

namespace selaras::load {
namespace {

using command::v1::CommandOutcome;

const RunOfLoad kRun{"load-0011", "bawaslu/13"};

TEST(SyntheticNip, IsWellFormedAndAnotherOneForAnotherNumber) {
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const std::string nip = SyntheticNip(i * 2'999);
    EXPECT_TRUE(domain::ParseNip(nip, domain::EmploymentStatus::kPns).ok()) << nip;
    EXPECT_TRUE(seen.insert(nip).second) << nip;
  }
}

TEST(Course, SendsOneCommandAfterTheOtherAboutWhatWasOpened) {
  Course course(kRun, 3, 0);
  CommandOutcome answer;
  const auto received = course.Next(answer);
  ASSERT_EQ(received.commands_size(), 1);
  EXPECT_TRUE(received.commands(0).has_receive_report());
  EXPECT_EQ(received.header().authority(), "bawaslu/13");
  EXPECT_EQ(received.header().trace_id(), "load-0011");

  answer.set_report_id("the report");
  EXPECT_EQ(course.Next(answer).commands(0).name_respondent().report().report_id(), "the report");
  answer.set_case_id("the case");
  EXPECT_EQ(course.Next(answer).commands(0).review_case().case_ref().case_id(), "the case");
  EXPECT_EQ(course.Next(answer).commands(0).conclude_case().case_ref().case_id(), "the case");
  EXPECT_TRUE(course.Next(answer).commands(0).has_receive_report());
}

TEST(Course, PutsWholeLivesIntoABatch) {
  Course course(kRun, 0, 2);
  const auto batch = course.Next({});
  ASSERT_EQ(batch.commands_size(), 8);
  EXPECT_EQ(batch.commands(5).name_respondent().report().opened_by(), 4U);
  EXPECT_EQ(batch.commands(6).review_case().case_ref().opened_by(), 5U);
  EXPECT_EQ(batch.commands(7).conclude_case().case_ref().opened_by(), 5U);
}

TEST(Course, SendsEachCaseOnIfTheRunDoes) {
  RunOfLoad run = kRun;
  run.refers = true;
  EXPECT_EQ(ReportsPerRequestMax(run.refers), 12);
  Course in_batches(run, 0, 2);
  const auto batch = in_batches.Next({});
  ASSERT_EQ(batch.commands_size(), 10);
  EXPECT_EQ(batch.commands(4).refer_case().case_ref().opened_by(), 1U);
  EXPECT_EQ(batch.commands(9).refer_case().case_ref().opened_by(), 6U);

  Course singly(run, 0, 0);
  CommandOutcome answer;
  answer.set_case_id("the case");
  for (int step = 0; step < 4; ++step) singly.Next(answer);
  EXPECT_EQ(singly.Next(answer).commands(0).refer_case().case_ref().case_id(), "the case");
  EXPECT_TRUE(singly.Next(answer).commands(0).has_receive_report());
}

TEST(Course, NeverUsesARequestIdTwice) {
  std::set<std::string> ids;
  for (int caller = 0; caller < 20; ++caller) {
    Course course(kRun, caller, 1);
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(ids.insert(course.Next({}).header().request_id()).second);
    }
  }
  EXPECT_NE(NewRun("a", "bawaslu/13").id, NewRun("b", "bawaslu/13").id);
}

}  // namespace
}  // namespace selaras::load
