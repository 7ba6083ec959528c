#include "tools/load/sample.h"

#include <string>

#include <gtest/gtest.h>

namespace selaras::load {
namespace {

TEST(Acknowledged, KeepsAllPositionsAndAnEvenSampleOfTheRequests) {
  constexpr std::uint64_t kCalls = 10'000;
  Acknowledged acknowledged;
  for (std::uint64_t i = 0; i < kCalls; ++i) {
    intake::v1::ExecuteBatchRequest request;
    request.mutable_header()->set_request_id(std::to_string(i));
    command::v1::CommandOutcome outcome;
    outcome.add_positions()->set_sequence(i);
    acknowledged.Add(request, outcome);
  }
  EXPECT_EQ(acknowledged.positions().size(), kCalls);
  const auto& sample = acknowledged.sample();
  ASSERT_GE(sample.size(), Acknowledged::kSampleMax / 2);
  ASSERT_LT(sample.size(), Acknowledged::kSampleMax);
  const std::uint64_t step = sample[1].outcome.positions(0).sequence();
  for (std::size_t i = 0; i < sample.size(); ++i) {
    EXPECT_EQ(sample[i].outcome.positions(0).sequence(), i * step);
    EXPECT_EQ(sample[i].request.header().request_id(), std::to_string(i * step));
  }
  EXPECT_GT(sample.size() * step, kCalls - step);
}

}  // namespace
}  // namespace selaras::load
