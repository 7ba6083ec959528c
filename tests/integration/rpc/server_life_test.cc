#include <future>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "grpc/health/v1/health.pb.h"
#include "services/runtime/files.h"
#include "tests/integration/rpc/raw_client.h"
#include "tests/integration/rpc/serving.h"

namespace selaras::test {
namespace {

using ServerLife = Serving;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

int HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  const auto answer = Call<HealthCheckResponse>(channel, kHealthCheck, request);
  return answer.ok() ? answer->status() : HealthCheckResponse::SERVICE_UNKNOWN;
}

TEST_F(ServerLife, WritesItsAddressWhileItServes) {
  EXPECT_EQ(*runtime::ReadFile(config_.address_file(), 100), server_->address() + "\n");
  EXPECT_TRUE(absl::StartsWith(server_->address(), "127.0.0.1:"));
  EXPECT_FALSE(absl::EndsWith(server_->address(), ":0"));
  server_->Stop();
  EXPECT_FALSE(runtime::ReadFile(config_.address_file(), 100).ok());
}

TEST_F(ServerLife, DoesNotBeginAtAnAddressInUse) {
  config_.set_listen(server_->address());
  const auto second = Start();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(second.status().message(),
            "listen " + server_->address() +
                ": the address is in use; stop the other program, or choose another port");
}

TEST_F(ServerLife, DoesNotBeginAtAnAddressOfAnotherMachine) {
  for (const char* listen : {"192.0.2.1:0", "no-such-host.invalid:0"}) {
    config_.set_listen(listen);
    const auto second = Start();
    EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(absl::StartsWith(second.status().message(),
                                 std::string("listen ") + listen + ": cannot listen: "))
        << second.status();
  }
}

TEST_F(ServerLife, MayBeginAgainWhereItEnded) {
  config_.set_listen(server_->address());
  HealthOf(As("ops"), "");  // a connection that winds down
  server_->Stop();
  server_.reset();
  const auto again = Start();
  EXPECT_TRUE(again.ok()) << again.status();
}

TEST_F(ServerLife, ShowsItsHealthForEveryService) {
  const auto ops = As("ops");
  for (const char* service : {"", "selaras.intake.v1.IntakeService",
                              "selaras.query.v1.QueryService", "selaras.ledger.v1.LedgerService"}) {
    EXPECT_EQ(HealthOf(ops, service), HealthCheckResponse::SERVING) << service;
  }
  EXPECT_EQ(HealthOf(ops, "other"), HealthCheckResponse::SERVICE_UNKNOWN);
  server_->SetServing(false);
  EXPECT_EQ(HealthOf(ops, ""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(HealthOf(ops, "selaras.query.v1.QueryService"), HealthCheckResponse::NOT_SERVING);
  server_->SetServing(true);
  EXPECT_EQ(HealthOf(ops, ""), HealthCheckResponse::SERVING);
}

TEST_F(ServerLife, ListsAndDescribesItsServicesToForeignTools) {
  // ServerReflectionRequest: list_services is field 7, file_containing_symbol field 4.
  const auto ops = As("ops");
  const Answers list = StreamBytes(ops, kReflection, std::string("\x3a\x00", 2));
  ASSERT_EQ(list.messages.size(), 1u) << list.status;
  for (const char* service : {"selaras.intake.v1.IntakeService", "selaras.query.v1.QueryService",
                              "selaras.ledger.v1.LedgerService", "grpc.health.v1.Health",
                              "grpc.reflection.v1alpha.ServerReflection"}) {
    EXPECT_TRUE(absl::StrContains(list.messages[0], service)) << service;
    const std::string name = service;
    const Answers file =
        StreamBytes(ops, kReflection, std::string("\x22") + static_cast<char>(name.size()) + name);
    ASSERT_EQ(file.messages.size(), 1u) << file.status;
    EXPECT_TRUE(absl::StrContains(file.messages[0], "proto3")) << service;
  }
}

TEST_F(ServerLife, EndsAfterTheCallsUnderWay) {
  std::promise<void> arrived;
  std::promise<void> stopping;
  answer_report_ = [&](const auto&, auto* response, const rpc::Done& done) {
    arrived.set_value();
    stopping.get_future().wait();
    response->mutable_outcome()->set_report_id("x");
    done(absl::OkStatus());
  };
  const auto office = As("office");
  auto answer = std::async(std::launch::async, [&] {
    return Call<intake::v1::ReceiveReportResponse>(office, kReceiveReport, Command("bawaslu/13"));
  });
  arrived.get_future().wait();
  auto stop = std::async(std::launch::async, [&] { server_->Stop(); });
  // It takes no new calls from when it says so.
  while (CallBytes(As("ops"), kHealthCheck, "").ok()) {
  }
  stopping.set_value();
  const auto answered = answer.get();
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_EQ(answered->outcome().report_id(), "x");
  stop.get();
}

TEST_F(ServerLife, EndsWithoutTheCallsThatDoNot) {
  server_->Stop();
  config_.mutable_limits()->set_drain_ms(50);
  auto started = Start();
  ASSERT_TRUE(started.ok()) << started.status();
  server_ = *std::move(started);

  std::promise<void> arrived;
  std::promise<void> stopped;
  answer_report_ = [&](const auto&, auto*, const rpc::Done& done) {
    arrived.set_value();
    stopped.get_future().wait();
    done(absl::OkStatus());
  };
  const auto office = As("office");
  auto answer = std::async(std::launch::async, [&] {
    return Call<intake::v1::ReceiveReportResponse>(office, kReceiveReport, Command("bawaslu/13"));
  });
  arrived.get_future().wait();
  server_->Stop();
  EXPECT_FALSE(answer.get().ok());
  stopped.set_value();
}

}  // namespace
}  // namespace selaras::test
