#include "services/rpc/done.h"

#include <optional>

#include <gtest/gtest.h>

namespace selaras::rpc {
namespace {

TEST(Done, AnswersOnce) {
  std::optional<absl::Status> answer;
  const Done done([&](const absl::Status& status) { answer = status; });
  EXPECT_FALSE(answer.has_value());
  done(absl::OkStatus());
  EXPECT_EQ(answer, absl::OkStatus());
}

TEST(Done, AnswersForWhoeverForgets) {
  std::optional<absl::Status> answer;
  {
    std::optional<Done> copy;
    {
      const Done done([&](const absl::Status& status) { answer = status; });
      copy = done;
    }
    EXPECT_FALSE(answer.has_value());
  }
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->code(), absl::StatusCode::kUnavailable);
}

TEST(DoneDeathTest, StopsAProgramThatAnswersTwice) {
  const Done done([](const absl::Status&) {});
  done(absl::OkStatus());
  EXPECT_DEATH(done(absl::OkStatus()), "answered once");
}

}  // namespace
}  // namespace selaras::rpc
