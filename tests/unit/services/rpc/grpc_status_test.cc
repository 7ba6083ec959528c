#include "services/rpc/grpc_status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/runtime/refusal.h"
#include "services/runtime/text.h"

namespace selaras::rpc {
namespace {

google::rpc::Status WireOf(const grpc::Status& status) {
  google::rpc::Status wire;
  EXPECT_TRUE(wire.ParseFromString(status.error_details()));
  return wire;
}

// The detail of that kind; a default one if there is none.
template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  Detail detail;
  const google::rpc::Status wire = WireOf(status);
  for (const google::protobuf::Any& any : wire.details()) {
    if (any.Is<Detail>()) any.UnpackTo(&detail);
  }
  return detail;
}

TEST(GrpcStatus, KeepsEveryCode) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status status = ToGrpc(absl::Status(static_cast<absl::StatusCode>(code), "why"));
    EXPECT_EQ(status.error_code(), code);
    EXPECT_EQ(status.error_message(), "why");
    EXPECT_EQ(WireOf(status).code(), code);
    EXPECT_EQ(WireOf(status).message(), "why");
  }
}

TEST(GrpcStatus, HasAnErrorInfoAlways) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(ToGrpc(absl::DataLossError("x")));
  EXPECT_EQ(info.domain(), "selaras");
  EXPECT_EQ(info.reason(), "DATA_LOSS");
}

TEST(GrpcStatus, CopiesTheDetailsOfARefusal) {
  const grpc::Status status = ToGrpc(runtime::BadField("command.source", "missing"));
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "INVALID_FIELD");
  EXPECT_EQ(DetailOf<google::rpc::BadRequest>(status).field_violations(0).field(),
            "command.source");
  EXPECT_EQ(WireOf(status).details_size(), 2);
}

TEST(GrpcStatus, KeepsOtherPayloadsHere) {
  absl::Status status = absl::InternalError("x");
  status.SetPayload("selaras/secret", absl::Cord("secret"));
  EXPECT_EQ(ToGrpc(status).error_details().find("secret"), std::string::npos);
}

TEST(GrpcStatus, SaysWhenToTryAgainOnlyIfThatHelps) {
  EXPECT_EQ(
      DetailOf<google::rpc::RetryInfo>(ToGrpc(absl::UnavailableError("x"))).retry_delay().seconds(),
      1);
  EXPECT_TRUE(DetailOf<google::rpc::RetryInfo>(ToGrpc(absl::ResourceExhaustedError("x")))
                  .has_retry_delay());
  EXPECT_FALSE(DetailOf<google::rpc::RetryInfo>(ToGrpc(absl::AbortedError("x"))).has_retry_delay());
}

TEST(GrpcStatus, LeavesTheRetryHintOfARefusal) {
  google::rpc::RetryInfo hint;
  hint.mutable_retry_delay()->set_seconds(7);
  absl::Status status = absl::ResourceExhaustedError("x");
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo",
                    absl::Cord(absl::string_view(hint.SerializeAsString())));
  const grpc::Status sent = ToGrpc(status);
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(sent).retry_delay().seconds(), 7);
  EXPECT_EQ(WireOf(sent).details_size(), 2);
}

TEST(GrpcStatus, FitsIntoTrailersWhateverIsInIt) {
  const std::string longer = absl::StrCat(std::string(5'000, 'x'), "\xFF\n");
  const grpc::Status status = ToGrpc(
      runtime::Refusal(absl::StatusCode::kAborted, "STALE_REVISION", longer, {{"what", longer}}));
  EXPECT_LE(status.error_message().size(), 1'024u);
  EXPECT_EQ(runtime::FindNoUtf8(status.error_message()), absl::string_view::npos);
  EXPECT_LE(status.error_details().size(), 3'072u);
  EXPECT_EQ(WireOf(status).message(), status.error_message());
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(), "STALE_REVISION");
}

TEST(GrpcStatus, ComesBackAsItWent) {
  const absl::Status status = runtime::BadField("command.source", "missing");
  EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  EXPECT_EQ(FromGrpc(grpc::Status::OK), absl::OkStatus());
  EXPECT_EQ(FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone", "junk")),
            absl::UnavailableError("gone"));
}

}  // namespace
}  // namespace selaras::rpc
