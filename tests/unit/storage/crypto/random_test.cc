#include "storage/crypto/random.h"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace selaras::crypto {
namespace {

constexpr std::size_t kBytes = 16;

TEST(SystemRandom, FillsExactlyTheBytesAskedForAndNeverTheSameTwice) {
  SystemRandom random;
  EXPECT_EQ(random.Fill(0), "");
  EXPECT_EQ(random.Fill(1).size(), 1u);
  EXPECT_EQ(random.Fill(1000).size(), 1000u);
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_TRUE(seen.insert(random.Fill(kBytes + static_cast<std::size_t>(i % 64))).second);
  }
}

TEST(SystemRandom, ThreadsGetNothingOfOneAnother) {
  SystemRandom random;
  constexpr int kThreads = 4;
  constexpr int kEach = 1'000;
  std::vector<std::vector<std::string>> got(kThreads);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : got) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) mine.push_back(random.Fill(kBytes));
      });
    }
  }
  std::set<std::string> seen;
  for (const auto& mine : got) seen.insert(mine.begin(), mine.end());
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kThreads) * kEach);
}

TEST(SystemRandom, AForkedProcessGetsOtherBytesThanItsParent) {
  SystemRandom random;
  random.Fill(kBytes);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string bytes = random.Fill(kBytes);
    const bool written = ::write(ends[1], bytes.data(), kBytes) == kBytes;
    ::_exit(written ? 0 : 1);
  }
  std::string of_child(kBytes, '\0');
  ASSERT_EQ(::read(ends[0], of_child.data(), kBytes), static_cast<ssize_t>(kBytes));
  EXPECT_NE(random.Fill(kBytes), of_child);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace selaras::crypto
