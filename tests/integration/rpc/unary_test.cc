#include <chrono>
#include <future>
#include <string>

#include "absl/strings/match.h"
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "selaras/query/v1/query.pb.h"

#include "tests/integration/rpc/raw_client.h"
#include "tests/integration/rpc/serving.h"

namespace selaras::test {
namespace {

using Unary = Serving;
using intake::v1::ReceiveReportRequest;
using intake::v1::ReceiveReportResponse;

TEST_F(Unary, AnswersWhenItCanFromAnyThread) {
  answer_report_ = [](const auto& request, auto* response, const rpc::Done& done) {
    response->mutable_outcome()->set_report_id("report of " + request.header().authority());
    done(absl::OkStatus());
  };
  const auto answer =
      Call<ReceiveReportResponse>(As("office"), kReceiveReport, Command("bawaslu/13"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->outcome().report_id(), "report of bawaslu/13");
}

TEST_F(Unary, PassesOnErrorsOfTheHandler) {
  const absl::Status status =
      Call<query::v1::GetCaseResponse>(As("ops"), kGetCase, query::v1::GetCaseRequest()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "no such case");
}

TEST_F(Unary, AnswersForAHandlerThatForgets) {
  answer_report_ = [](const auto&, auto*, const rpc::Done&) {};
  const absl::Status status =
      Call<ReceiveReportResponse>(As("office"), kReceiveReport, Command("bawaslu/13")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(status.message(), "try again"));
}

TEST_F(Unary, RefusesBytesThatAreNoRequest) {
  for (const std::string bytes : {"\xFF\xFF\xFF\xFF", "\x0a\x7f", "\x0a\x02\x0a\xFF"}) {
    const absl::Status status = CallBytes(As("office"), kReceiveReport, bytes).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  }
}

TEST_F(Unary, RefusesFieldsThatItDoesNotKnow) {
  ReceiveReportRequest request = Command("bawaslu/13");
  auto* command = request.mutable_command();
  command->GetReflection()->MutableUnknownFields(command)->AddVarint(4'711, 1);
  const absl::Status status =
      Call<ReceiveReportResponse>(As("office"), kReceiveReport, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "command: unknown field 4711")) << status;
}

TEST_F(Unary, RefusesMessagesOverTheLimit) {
  ReceiveReportRequest request = Command("bawaslu/13");
  request.mutable_command()->set_place(std::string(200'000, 'x'));
  EXPECT_EQ(Call<ReceiveReportResponse>(As("office"), kReceiveReport, request).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(Unary, IsUnimplementedUnlessAdded) {
  EXPECT_EQ(CallBytes(As("office"), kExecuteBatch, "").status().code(),
            absl::StatusCode::kUnimplemented);
}

TEST_F(Unary, KeepsItsMessagesForAHandlerWhoseCallerWentAway) {
  std::promise<void> arrived;
  std::promise<void> caller_gone;
  std::promise<std::string> seen;
  answer_report_ = [&](const auto& request, auto* response, const rpc::Done& done) {
    arrived.set_value();
    caller_gone.get_future().wait();
    seen.set_value(request.command().source());
    response->mutable_outcome()->set_report_id("x");
    done(absl::OkStatus());
  };
  grpc::ClientContext context;
  const std::string bytes = Command("bawaslu/13").SerializeAsString();
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer answer;
  std::promise<grpc::Status> result;
  grpc::GenericStub stub(As("office"));
  stub.UnaryCall(&context, kReceiveReport, {}, &request, &answer,
                 [&](const grpc::Status& status) { result.set_value(status); });
  arrived.get_future().wait();
  context.TryCancel();
  EXPECT_EQ(result.get_future().get().error_code(), grpc::StatusCode::CANCELLED);
  server_->Stop();  // waits until gRPC has dropped its side of the call
  server_.reset();
  caller_gone.set_value();
  EXPECT_EQ(seen.get_future().get(), "laporan");
}

TEST(UnaryDeathTest, StopsAProgramThatServesWhatTheContractDoesNotHave) {
  runtime::SystemClock clock;
  runtime::Logger log(clock, runtime::Level::kError, [](absl::string_view) {});
  const runtime::Access access({});
  rpc::Service service("selaras.query.v1.QueryService", access, log);
  const auto none = [](const auto&, const rpc::CallInfo&) {
    return absl::StatusOr<query::v1::GetCaseResponse>(absl::UnknownError(""));
  };
  using query::v1::GetCaseRequest;
  using query::v1::GetCaseResponse;
  const auto add = [&](rpc::Service* to, const char* method) {
    to->Unary<GetCaseRequest, GetCaseResponse>(method, none);
  };
  EXPECT_DEATH(add(&service, "GetCafe"), "no method");
  EXPECT_DEATH(add(&service, "ListCases"), "other messages");
  rpc::Service misspelt("selaras.query.v1.QueryServices", access, log);
  EXPECT_DEATH(add(&misspelt, "GetCase"), "no service");
}

}  // namespace
}  // namespace selaras::test
