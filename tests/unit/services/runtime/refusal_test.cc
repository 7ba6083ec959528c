#include "services/runtime/refusal.h"

#include <string>

#include "absl/strings/cord.h"
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace selaras::runtime {
namespace {

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload =
      status.GetPayload("type.googleapis.com/" + std::string(detail.GetTypeName()));
  EXPECT_TRUE(payload.has_value() && detail.ParseFromString(std::string(*payload)));
  return detail;
}

TEST(Refusal, CarriesAReasonForPrograms) {
  const absl::Status status =
      Refusal(absl::StatusCode::kUnavailable, "DRAINING", "stops", {{"node", "bkn"}});
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "DRAINING");
  EXPECT_EQ(info.domain(), "selaras");
  EXPECT_EQ(info.metadata().at("node"), "bkn");
}

TEST(Refusal, OfAFieldNamesIt) {
  const absl::Status status = BadField("header.authority", "missing");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "header.authority: missing");
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "INVALID_FIELD");
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(), "header.authority");
}

TEST(Refusal, SaysWhenToComeBackToTheNanosecond) {
  const absl::Status status =
      RetryAfter(Refusal(absl::StatusCode::kResourceExhausted, "TOO_MANY", "too many"),
                 absl::Seconds(2) + absl::Nanoseconds(5));
  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  EXPECT_EQ(retry.retry_delay().seconds(), 2);
  EXPECT_EQ(retry.retry_delay().nanos(), 5);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "TOO_MANY");
}

}  // namespace
}  // namespace selaras::runtime
