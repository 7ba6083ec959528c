#include "services/runtime/clock_guard.h"

#include "gtest/gtest.h"

namespace selaras::runtime {
namespace {

class FakeClock final : public Clock {
 public:
  absl::Time Now() override { return wall; }
  absl::Duration Monotonic() override { return monotonic; }
  void Pass(absl::Duration time) {
    wall += time;
    monotonic += time;
  }

  absl::Time wall = absl::FromUnixSeconds(1'740'000'000);
  absl::Duration monotonic = absl::Hours(3);
};

TEST(ClockGuard, TrustsAClockThatGoesHoweverLongNobodyLooked) {
  FakeClock clock;
  ClockGuard guard(clock);
  clock.Pass(absl::Hours(24 * 30));
  EXPECT_TRUE(guard.Trusted());
}

TEST(ClockGuard, TrustsAClockThatIsSetALittleAgainAndAgain) {
  FakeClock clock;
  ClockGuard guard(clock);
  for (int i = 0; i < 10; ++i) {
    clock.wall += absl::Minutes(9);
    EXPECT_TRUE(guard.Trusted());
  }
}

TEST(ClockGuard, DoubtsAJumpInEitherDirectionForAsLongAsItStands) {
  for (const absl::Duration jump : {absl::Minutes(11), absl::Hours(-24 * 365)}) {
    FakeClock clock;
    ClockGuard guard(clock);
    clock.wall += jump;
    EXPECT_FALSE(guard.Trusted()) << jump;
    clock.Pass(absl::Hours(24));
    EXPECT_FALSE(guard.Trusted()) << jump;
    clock.wall -= jump;
    EXPECT_TRUE(guard.Trusted()) << jump;
  }
}

}  // namespace
}  // namespace selaras::runtime
