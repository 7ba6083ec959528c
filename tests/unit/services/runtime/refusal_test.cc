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

}  // namespace
}  // namespace selaras::runtime
