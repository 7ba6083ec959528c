#include "services/runtime/clock_guard.h"

#include <string>

#include "google/rpc/error_details.pb.h"
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

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload || !info.ParseFromString(std::string(*payload))) return {};
  return info.reason();
}

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

TEST(ClockGuard, TellsTheTimeOfATrustedClockOnly) {
  FakeClock clock;
  ClockGuard guard(clock);
  ASSERT_TRUE(guard.Now().ok());
  EXPECT_EQ(*guard.Now(), clock.wall);
  clock.wall += absl::Hours(1);
  EXPECT_TRUE(absl::IsUnavailable(guard.Now().status()));
  EXPECT_EQ(ReasonOf(guard.Now().status()), "CLOCK_IN_DOUBT");
}

TEST(ClockGuard, TrustsAClockThatSomebodyConfirmsByAnother) {
  FakeClock clock;
  ClockGuard guard(clock);
  clock.wall += absl::Hours(1);
  ASSERT_FALSE(guard.Trusted());
  for (const absl::Duration apart : {absl::Minutes(2), absl::Minutes(-2), absl::Hours(-1)}) {
    const absl::Status refused = guard.Confirm(clock.wall + apart);
    EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << apart;
    EXPECT_EQ(ReasonOf(refused), "CLOCK_DIFFERS");
    EXPECT_FALSE(guard.Trusted()) << apart;
  }
  EXPECT_TRUE(guard.Confirm(clock.wall + absl::Seconds(50)).ok());
  EXPECT_TRUE(guard.Trusted());
  clock.wall -= absl::Hours(1);
  EXPECT_FALSE(guard.Trusted()) << "where it was before is a jump now";
}

}  // namespace
}  // namespace selaras::runtime
