#include "tools/selaras/import/patience.h"

#include <algorithm>

namespace selaras::cli {
namespace {

constexpr absl::Duration kPauseFirst = absl::Milliseconds(100);
constexpr absl::Duration kPauseMax = absl::Seconds(1);
constexpr int kDoublings = 4;

}  // namespace

absl::Duration Pause(int attempt, absl::Duration asked) {
  const absl::Duration own =
      std::min(kPauseFirst * (1 << std::min(attempt, kDoublings)), kPauseMax);
  return std::max(own, asked);
}

}  // namespace selaras::cli
