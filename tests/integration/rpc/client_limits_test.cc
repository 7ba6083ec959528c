#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include <gtest/gtest.h>

#include "selaras/query/v1/query.pb.h"

#include "google/rpc/error_details.pb.h"
#include "tests/integration/rpc/raw_client.h"
#include "tests/integration/rpc/serving.h"

namespace selaras::test {
namespace {

using intake::v1::ReceiveReportResponse;
using query::v1::GetCaseResponse;

template <typename Detail>
Detail DetailOf(const absl::Status& status, const std::string& name) {
  Detail detail;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc." + name);
  if (payload) detail.ParseFromString(std::string(*payload));
  return detail;
}

// One client asks for more than it may; what another one gets is as if it were not there.
class NoisyClient : public Serving {
 protected:
  using Answer = std::future<absl::StatusOr<ReceiveReportResponse>>;

  NoisyClient() {
    answer_report_ = [this](const auto&, auto*, const rpc::Done& done) {
      const std::lock_guard lock(mutex_);
      held_.push_back(done);
      arrived_.notify_all();
    };
  }
  ~NoisyClient() override {
    LetGo();
    server_.reset();
  }

  Answer Send(const std::string& name) {
    return std::async(std::launch::async, [channel = As(name)] {
      return Call<ReceiveReportResponse>(channel, kReceiveReport, Command("bawaslu/13"));
    });
  }

  void Await(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        arrived_.wait_for(lock, std::chrono::seconds(20), [&] { return held_.size() >= count; }));
  }

  // Answers all that arrived.
  void LetGo() {
    std::vector<rpc::Done> held;
    {
      const std::lock_guard lock(mutex_);
      held = std::exchange(held_, {});
    }
    for (const rpc::Done& done : held) done(absl::OkStatus());
  }

  static absl::Status Ask(const std::shared_ptr<grpc::Channel>& channel) {
    query::v1::GetCaseRequest request;
    request.set_case_id("c0ffee");
    return Call<GetCaseResponse>(channel, kGetCase, request).status();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<rpc::Done> held_;
};

TEST_F(NoisyClient, WithTooMuchUnderWayIsRefusedAndAnotherOneIsAnswered) {
  config_.mutable_limits()->set_client_calls(3);
  Restart();
  std::vector<Answer> under_way;
  for (int i = 0; i < 3; ++i) under_way.push_back(Send("office"));  // a connection each
  Await(3);
  const absl::Status refused = Ask(As("office"));
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  const auto info = DetailOf<google::rpc::ErrorInfo>(refused, "ErrorInfo");
  EXPECT_EQ(info.reason(), "TOO_MANY_CALLS");
  EXPECT_EQ(info.metadata().at("limit"), "3");
  EXPECT_GT(DetailOf<google::rpc::RetryInfo>(refused, "RetryInfo").retry_delay().seconds(), 0);

  under_way.push_back(Send("entry"));
  Await(4);
  EXPECT_TRUE(Ask(As("entry")).ok());
  LetGo();
  for (Answer& answer : under_way) EXPECT_TRUE(answer.get().ok());
  EXPECT_TRUE(Ask(As("office")).ok());
}

TEST_F(NoisyClient, ThatCallsTooOftenIsToldWhenToComeBackAndAnotherOneIsAnswered) {
  config_.mutable_limits()->set_client_requests_per_second(1);
  Restart();
  const auto noisy = As("office");
  absl::Status refused;
  for (int i = 0; i < 100 && refused.ok(); ++i) refused = Ask(noisy);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(refused, "ErrorInfo").reason(), "TOO_MANY_REQUESTS");
  const auto delay = DetailOf<google::rpc::RetryInfo>(refused, "RetryInfo").retry_delay();
  EXPECT_GT(delay.seconds() * 1'000'000'000 + delay.nanos(), 0);
  EXPECT_LE(delay.seconds(), 1);
  EXPECT_TRUE(Ask(As("ops")).ok());
}

TEST_F(NoisyClient, IsLimitedAtHealthToo) {
  config_.mutable_limits()->set_client_requests_per_second(1);
  Restart();
  const auto noisy = As("office");
  absl::Status refused;
  for (int i = 0; i < 100 && refused.ok(); ++i) {
    refused = CallBytes(noisy, kHealthCheck, "").status();
  }
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(CallBytes(As("ops"), kHealthCheck, "").ok());
}

}  // namespace
}  // namespace selaras::test
