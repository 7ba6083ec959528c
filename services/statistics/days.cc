#include "services/statistics/days.h"

#include <bit>

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

std::uint32_t WithinDays(const DayCounts& counts, std::uint32_t percent) {
  std::uint64_t all = 0;
  for (const auto& [bucket, count] : counts) all += count;
  const std::uint64_t rank = (all * percent + 99) / 100;
  std::uint64_t seen = 0;
  for (const auto& [bucket, count] : counts) {
    seen += count;
    if (seen >= rank) return DaysOf(bucket);
  }
  return 0;
}

}  // namespace selaras::statistics
