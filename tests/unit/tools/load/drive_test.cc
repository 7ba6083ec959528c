#include "tools/load/drive.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace selaras::load {
namespace {

TEST(Drive, KeepsTheNumberOfCallsUnderWayAndCountsWhatTheyDo) {
  std::mutex mutex;
  int under_way = 0;
  int most = 0;
  std::uint64_t calls = 0;
  std::vector<std::thread> threads;
  const auto figures = Drive({3, absl::Milliseconds(50)}, [&](int, Answered answered) {
    const std::lock_guard lock(mutex);
    most = std::max(most, ++under_way);
    ++calls;
    threads.emplace_back([&, answered = std::move(answered)] {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      {
        const std::lock_guard inner(mutex);
        --under_way;
      }
      answered(2);
    });
  });
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(most, 3);
  EXPECT_EQ(under_way, 0);
  EXPECT_EQ(figures->operations, 2 * calls);
  EXPECT_EQ(figures->latencies.size(), calls);
  EXPECT_TRUE(std::is_sorted(figures->latencies.begin(), figures->latencies.end()));
  EXPECT_GE(figures->elapsed, absl::Milliseconds(50));
}

TEST(Drive, EndsWithTheFirstErrorWhenAllAreAnswered) {
  std::vector<Answered> open;
  const auto figures = Drive({3, absl::Hours(1)}, [&](int caller, Answered answered) {
    open.push_back(std::move(answered));
    if (caller < 2) return;
    open[1](absl::ResourceExhaustedError("no"));
    open[0](1);
    open[2](1);
  });
  EXPECT_EQ(figures.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(open.size(), 3U);  // nobody began another call
}

}  // namespace
}  // namespace selaras::load
