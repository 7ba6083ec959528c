#pragma once

#include <cstdint>
#include <vector>

// How many days something took, as counts that can be added and subtracted in any order.
namespace selaras::statistics {

// The bucket of a number of days. Up to kExactDays each has its own; above, the buckets of one
// power of two are 64, so that the least number of a bucket is up to 1/64 too low for its greatest.
inline constexpr std::uint32_t kExactDays = 127;
std::uint32_t BucketOf(std::uint32_t days);

// The least number of days in the bucket.
std::uint32_t DaysOf(std::uint32_t bucket);

// Cases by bucket. Adding is what an answer about a million cases mostly does, so it is one array.
class DayCounts {
 public:
  // `bucket` as BucketOf.
  void Add(std::uint32_t bucket, std::uint64_t cases);
  std::uint64_t cases() const;
  // The least number of days, as DaysOf, within which `percent` in a hundred of them lie: of n
  // cases the one of rank ceil(n * percent / 100). 0 if there are none.
  std::uint32_t WithinDays(std::uint32_t percent) const;

 private:
  std::vector<std::uint64_t> counts_;  // by bucket; ends where no higher one was added
};

}  // namespace selaras::statistics
