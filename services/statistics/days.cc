#include "services/statistics/days.h"

#include <bit>
#include <limits>
#include <numeric>

#include "storage/base/check.h"

namespace selaras::statistics {
namespace {

constexpr std::uint32_t kBuckets = 64;  // of one power of two
constexpr std::uint32_t kBits = 6;

}  // namespace

std::uint32_t BucketOf(std::uint32_t days) {
  if (days <= kExactDays) return days;
  // 128 to 255 go by twos, 256 to 511 by fours, …: the leading seven bits count.
  const auto shift = static_cast<std::uint32_t>(std::bit_width(days)) - (kBits + 1);
  return shift * kBuckets + (days >> shift);
}

std::uint32_t DaysOf(std::uint32_t bucket) {
  if (bucket <= kExactDays) return bucket;
  const std::uint32_t shift = bucket / kBuckets - 1;
  return (bucket - shift * kBuckets) << shift;
}

void DayCounts::Add(std::uint32_t bucket, std::uint64_t cases) {
  if (bucket >= counts_.size()) {
    static const std::uint32_t last = BucketOf(std::numeric_limits<std::uint32_t>::max());
    SELARAS_CHECK(bucket <= last) << "no number of days has bucket " << bucket;
    counts_.resize(bucket + 1);
  }
  counts_[bucket] += cases;
}

std::uint64_t DayCounts::cases() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint32_t DayCounts::WithinDays(std::uint32_t percent) const {
  const std::uint64_t rank = (cases() * percent + 99) / 100;
  std::uint64_t seen = 0;
  for (std::uint32_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (counts_[bucket] > 0 && seen >= rank) return DaysOf(bucket);
  }
  return 0;
}

}  // namespace selaras::statistics
