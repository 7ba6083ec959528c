#include "tools/load/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selaras::load {
namespace {

using command::v1::CommandOutcome;
using testing::HasSubstr;

TEST(CheckExactly, AcceptsTheSameEntriesInAnyOrder) {
  EXPECT_TRUE(CheckExactly({}, {}).ok());
  EXPECT_TRUE(CheckExactly({7, 5, 6}, {5, 6, 7}).ok());
}

TEST(CheckExactly, NamesAnAcknowledgedEntryThatIsNotThere) {
  const absl::Status lost = CheckExactly({5, 6, 7}, {5, 7});
  EXPECT_EQ(lost.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(lost.message()), HasSubstr("1 acknowledged"));
  EXPECT_THAT(std::string(lost.message()), HasSubstr("first is 6"));
}

TEST(CheckExactly, NamesAnEntryThatNobodyAcknowledged) {
  const absl::Status extra = CheckExactly({5}, {5, 8, 9});
  EXPECT_EQ(extra.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(extra.message()), HasSubstr("2 entries"));
  EXPECT_THAT(std::string(extra.message()), HasSubstr("first is 8"));
}

TEST(CheckExactly, RefusesOneEntryAsTheAnswerToTwoRequests) {
  EXPECT_EQ(CheckExactly({5, 5}, {5}).code(), absl::StatusCode::kDataLoss);
}

CommandOutcome AnOutcome() {
  CommandOutcome outcome;
  outcome.set_report_id("r");
  outcome.set_checkpoint("of 6 leaves");
  outcome.add_receipts("by 6 leaves");
  auto* position = outcome.add_positions();
  position->set_log("bawaslu-13");
  position->set_sequence(5);
  return outcome;
}

TEST(CheckSameAnswer, AcceptsProofsAgainstALaterCheckpoint) {
  CommandOutcome again = AnOutcome();
  again.set_repeated_request(true);
  again.set_checkpoint("of 9 leaves");
  again.set_receipts(0, "by 9 leaves");
  EXPECT_TRUE(CheckSameAnswer(AnOutcome(), again).ok());
}

TEST(CheckSameAnswer, RefusesOneThatWasDoneOnceMore) {
  EXPECT_EQ(CheckSameAnswer(AnOutcome(), AnOutcome()).code(), absl::StatusCode::kDataLoss);
}

TEST(CheckSameAnswer, RefusesOtherPositionsAndIds) {
  CommandOutcome elsewhere = AnOutcome();
  elsewhere.set_repeated_request(true);
  elsewhere.mutable_positions(0)->set_sequence(6);
  EXPECT_EQ(CheckSameAnswer(AnOutcome(), elsewhere).code(), absl::StatusCode::kDataLoss);
  CommandOutcome other = AnOutcome();
  other.set_repeated_request(true);
  other.set_report_id("s");
  EXPECT_EQ(CheckSameAnswer(AnOutcome(), other).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace selaras::load
