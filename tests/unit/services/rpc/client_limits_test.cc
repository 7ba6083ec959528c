#include "services/rpc/client_limits.h"

#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace selaras::rpc {
namespace {

using Kind = ClientLimits::Kind;
using runtime::Identity;
using runtime::Role;

const Identity kOffice{Role::kBackoffice, "bawaslu/13"};
const Identity kOther{Role::kBackoffice, "bawaslu/14"};

class SetClock final : public runtime::Clock {
 public:
  absl::Time Now() override { return absl::UnixEpoch() + passed; }
  absl::Duration Monotonic() override { return passed; }

  absl::Duration passed = absl::Hours(1);
};

class Limited : public testing::Test {
 protected:
  Limited() {
    limits_.set_client_calls(2);
    limits_.set_client_streams(1);
    limits_.set_client_requests_per_second(4);
  }

  static std::string ReasonOf(const absl::Status& status) {
    google::rpc::ErrorInfo info;
    const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
    if (!payload || !info.ParseFromString(std::string(*payload))) return "";
    return info.reason();
  }

  static absl::Duration RetryOf(const absl::Status& status) {
    google::rpc::RetryInfo retry;
    const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
    if (!payload || !retry.ParseFromString(std::string(*payload))) return absl::ZeroDuration();
    return absl::Seconds(retry.retry_delay().seconds()) +
           absl::Nanoseconds(retry.retry_delay().nanos());
  }

  SetClock clock_;
  config::v1::Limits limits_;
};

TEST_F(Limited, ACallCountsUntilItsLeaseIsLetGo) {
  const auto limits = ClientLimits::Make(limits_, clock_);
  auto first = limits->Begin(kOffice, Kind::kCall);
  const auto second = limits->Begin(kOffice, Kind::kCall);
  ASSERT_TRUE(first.ok() && second.ok());
  const absl::Status third = limits->Begin(kOffice, Kind::kCall).status();
  EXPECT_EQ(third.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(third), "TOO_MANY_CALLS");
  EXPECT_GT(RetryOf(third), absl::ZeroDuration());
  first->reset();
  EXPECT_TRUE(limits->Begin(kOffice, Kind::kCall).ok());
}

TEST_F(Limited, StreamsAndCallsAreCountedApart) {
  const auto limits = ClientLimits::Make(limits_, clock_);
  const auto call = limits->Begin(kOffice, Kind::kCall);
  const auto stream = limits->Begin(kOffice, Kind::kStream);
  EXPECT_TRUE(call.ok() && stream.ok());
  EXPECT_EQ(ReasonOf(limits->Begin(kOffice, Kind::kStream).status()), "TOO_MANY_STREAMS");
}

TEST_F(Limited, WhatOneClientHasIsNotCountedToAnother) {
  const auto limits = ClientLimits::Make(limits_, clock_);
  std::vector<ClientLimits::Lease> held;
  while (true) {
    auto lease = limits->Begin(kOffice, Kind::kCall);
    if (!lease.ok()) break;
    held.push_back(*lease);
  }
  EXPECT_TRUE(limits->Begin(kOther, Kind::kCall).ok());
  EXPECT_TRUE(limits->Begin({Role::kOps, "bawaslu/13"}, Kind::kCall).ok());
}

TEST_F(Limited, WhoCallsTooOftenMustWaitAndLeavesTheOthersAlone) {
  const auto limits = ClientLimits::Make(limits_, clock_);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(limits->Pass(kOffice).ok());
  const absl::Status refused = limits->Begin(kOffice, Kind::kCall).status();
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_REQUESTS");
  EXPECT_TRUE(limits->Pass(kOther).ok());
  const absl::Duration wait = RetryOf(refused);
  EXPECT_GT(wait, absl::Milliseconds(240));
  EXPECT_LT(wait, absl::Milliseconds(260));
  clock_.passed += wait;
  EXPECT_TRUE(limits->Begin(kOffice, Kind::kCall).ok());
}

TEST_F(Limited, ALeaseMayOutliveTheLimits) {
  auto limits = ClientLimits::Make(limits_, clock_);
  auto lease = limits->Begin(kOffice, Kind::kStream);
  ASSERT_TRUE(lease.ok());
  limits.reset();
  lease->reset();
}

}  // namespace
}  // namespace selaras::rpc
