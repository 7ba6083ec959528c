#pragma once

#include <cstdint>
#include <map>

// How many days something took, as counts that can be added and subtracted in any order.
namespace selaras::statistics {

// The bucket of a number of days. Up to kExactDays each has its own; above, the buckets of one
// power of two are 64, so that the least number of a bucket is up to 1/64 too low for its greatest.
inline constexpr std::uint32_t kExactDays = 127;
std::uint32_t BucketOf(std::uint32_t days);

// The least number of days in the bucket.
std::uint32_t DaysOf(std::uint32_t bucket);

// Cases by bucket.
using DayCounts = std::map<std::uint32_t, std::uint64_t>;

// The least number of days, as DaysOf, within which `percent` in a hundred of them lie: of n
// cases the one of rank ceil(n * percent / 100). 0 if there are none.
std::uint32_t WithinDays(const DayCounts& counts, std::uint32_t percent);

}  // namespace selaras::statistics
