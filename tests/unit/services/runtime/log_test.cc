#include "services/runtime/log.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

namespace selaras::runtime {
namespace {

class StoppedClock final : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixMillis(1'725'591'845'678); }
  absl::Duration Monotonic() override { return absl::ZeroDuration(); }
};

class Log : public testing::Test {
 protected:
  Logger At(Level level) {
    return Logger(clock_, level,
                  [this](absl::string_view line) { lines_.append(line.data(), line.size()); });
  }

  StoppedClock clock_;
  std::string lines_;
};

TEST_F(Log, WritesOneLineOfKeysAndValues) {
  At(Level::kInfo).Info("link is up", {{"peer", "bkn"}, {"size", 42}});
  EXPECT_EQ(lines_,
            "time=2024-09-06T03:04:05.678Z level=info msg=\"link is up\" peer=bkn size=42\n");
}

TEST_F(Log, QuotesAndEscapesWhatWouldLookLikeMore) {
  At(Level::kInfo)
      .Warning("x", {{"a", ""},
                     {"b", "two words"},
                     {"c", "k=v"},
                     {"d", "say \"no\""},
                     {"e", "line\ntime=now"},
                     {"f", "\x1b[31m"},
                     {"g", "\xFF"}});
  EXPECT_TRUE(absl::StrContains(
      lines_, R"(msg=x a="" b="two words" c="k=v" d="say \"no\"" e="line\ntime=now" f="\x1b[31m")"))
      << lines_;
  EXPECT_EQ(std::count(lines_.begin(), lines_.end(), '\n'), 1);
}

TEST_F(Log, CutsLongValues) {
  At(Level::kInfo).Error("x", {{"long", std::string(100'000, 'a')}});
  EXPECT_LT(lines_.size(), 1'200u);
}

TEST_F(Log, DropsWhatIsBelowItsLevel) {
  Logger log = At(Level::kWarning);
  log.Debug("no");
  log.Info("no");
  EXPECT_EQ(lines_, "");
  log.Error("yes");
  EXPECT_TRUE(absl::StrContains(lines_, "level=error msg=yes"));
}

TEST_F(Log, NeverMixesLinesOfTwoThreads) {
  Logger log = At(Level::kInfo);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) log.Info("same", {{"j", "x"}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> lines = absl::StrSplit(lines_, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 400u);
  for (const std::string& line : lines) EXPECT_EQ(line, lines[0]);
}

TEST(LogLevel, HasFourNames) {
  EXPECT_EQ(ParseLevel("debug"), Level::kDebug);
  EXPECT_EQ(ParseLevel("error"), Level::kError);
  EXPECT_EQ(ParseLevel("DEBUG"), std::nullopt);
  EXPECT_EQ(ParseLevel(""), std::nullopt);
}

}  // namespace
}  // namespace selaras::runtime
