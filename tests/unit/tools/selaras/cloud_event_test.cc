#include "tools/selaras/cloud_event.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "selaras/event/v1/event.pb.h"

#include "io/cloudevents/v1/cloudevents.pb.h"
#include "storage/crypto/ed25519.h"
#include "storage/log/names.h"
#include "storage/log/note.h"
#include "tools/selaras/log_entry.h"

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

log::NoteSigner SignerOf(std::uint32_t generation) {
  return *log::NoteSigner::Make(
      log::OriginOf("bkn", generation),
      *crypto::SigningKey::FromSeed(std::string(32, static_cast<char>('a' + generation))));
}

// Closed twice, after 5 and after 8 leaves.
Origins SomeOrigins() {
  ledger::v1::GetCheckpointResponse head;
  for (const std::uint32_t generation : {1, 2}) {
    auto& past = *head.add_past_keys();
    past.set_verifier_key(SignerOf(generation).VerifierText());
    past.set_last_size(generation == 1 ? 5 : 8);
  }
  head.set_verifier_key(SignerOf(3).VerifierText());
  return *Origins::Of(head);
}

void ExpectSubject(const event::v1::Event& event, const std::string& subject) {
  const auto record = RecordOf(event);
  EXPECT_THAT(CloudEventLine(record, SomeOrigins()), HasSubstr("\"subject\":\"" + subject + "\""));
  io::cloudevents::v1::CloudEventBatch batch;
  ASSERT_TRUE(batch.ParseFromString(CloudEventBatch(record, SomeOrigins())));
  ASSERT_EQ(batch.events_size(), 1);
  EXPECT_EQ(batch.events(0).attributes().at("subject").ce_string(), subject);
}

TEST(CloudEventTest, WhatStandsInThePlaceOfWhatWasCutOffIsAnotherEvent) {
  EXPECT_EQ(SomeOrigins().At(0), "selaras/bkn");
  EXPECT_EQ(SomeOrigins().At(4), "selaras/bkn");
  EXPECT_EQ(SomeOrigins().At(5), "selaras/bkn/successor-2");
  EXPECT_EQ(SomeOrigins().At(8), "selaras/bkn/successor-3");
  event::v1::Event event;
  event.set_author("bkn");
  EXPECT_THAT(CloudEventLine(RecordOf(event), SomeOrigins()),
              HasSubstr("\"source\":\"selaras/bkn/successor-2\""));
  ledger::v1::GetCheckpointResponse wrong;
  wrong.set_verifier_key("none");
  EXPECT_EQ(Origins::Of(wrong).status().code(), absl::StatusCode::kInvalidArgument);
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
  EXPECT_EQ(CloudEventLine(record, SomeOrigins()), "");
  EXPECT_EQ(CloudEventBatch(record, SomeOrigins()), "");
}

TEST(CloudEventTest, OfAnEventThatHasNoFormInJsonThereIsNone) {
  event::v1::Event event;
  event.mutable_recorded_at()->set_seconds(253'402'300'800);  // in the year 10000
  const auto record = RecordOf(event);
  EXPECT_EQ(CloudEventLine(record, SomeOrigins()), "");
  EXPECT_THAT(EntryLine(record), testing::AllOf(HasSubstr("\"position\":\"bkn@7\""),
                                                testing::Not(HasSubstr("\"error\""))));
}

}  // namespace
}  // namespace selaras::cli
