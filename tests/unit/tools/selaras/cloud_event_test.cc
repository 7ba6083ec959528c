#include "tools/selaras/cloud_event.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "selaras/event/v1/event.pb.h"

#include "io/cloudevents/v1/cloudevents.pb.h"

namespace selaras::cli {
namespace {

using testing::HasSubstr;

ledger::v1::EntryRecord RecordOf(const event::v1::Event& event) {
  ledger::v1::EntryRecord record;
  record.mutable_position()->set_log("bkn");
  record.mutable_position()->set_sequence(7);
  record.set_leaf_hash(std::string(32, 'h'));
  record.set_entry(event.SerializeAsString());
  return record;
}

void ExpectSubject(const event::v1::Event& event, const std::string& subject) {
  const auto record = RecordOf(event);
  EXPECT_THAT(CloudEventLine(record), HasSubstr("\"subject\":\"" + subject + "\""));
  io::cloudevents::v1::CloudEventBatch batch;
  ASSERT_TRUE(batch.ParseFromString(CloudEventBatch(record)));
  ASSERT_EQ(batch.events_size(), 1);
  EXPECT_EQ(batch.events(0).attributes().at("subject").ce_string(), subject);
}

// CloudEvents 1.0: the subject is a non-empty string.
TEST(CloudEventTest, TheSubjectIsTheCaseOrTheReportOrElseTheLog) {
  event::v1::Event event;
  event.set_author("bkn");
  event.mutable_fact()->mutable_log_key_replaced()->set_verifier_key("selaras/bkn+1+A");
  ExpectSubject(event, "bkn");
  event.set_report_id("4f2a9c1e-0000-8000-8000-000000000000");
  ExpectSubject(event, event.report_id());
  event.set_case_id("3f2a9c1e-0000-8000-8000-000000000000");
  ExpectSubject(event, event.case_id());
}

TEST(CloudEventTest, OfAnEntryThatWasNotDisclosedThereIsNone) {
  auto record = RecordOf({});
  record.clear_entry();
  EXPECT_EQ(CloudEventLine(record), "");
  EXPECT_EQ(CloudEventBatch(record), "");
}

}  // namespace
}  // namespace selaras::cli
