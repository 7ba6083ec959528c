#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "selaras/storage/v1/statistics.pb.h"

namespace selaras::statistics {

// The numbers of one election and region. What was added can be taken away again, in any order.
class Counts {
 public:
  Counts() = default;
  explicit Counts(const storage::v1::StoredCounts& stored);

  // Where `more` stands does not matter.
  void Add(const storage::v1::StoredCounts& more);
  // False, and the numbers are worthless, if that was never added.
  [[nodiscard]] bool Subtract(const storage::v1::StoredCounts& less);

  // Whether there is nothing left.
  bool empty() const;
  // Equal numbers give equal bytes.
  storage::v1::StoredCounts ToStored(const std::string& election, const std::string& region) const;

 private:
  struct Days {
    std::map<std::uint32_t, std::uint64_t> counts;  // cases by bucket
    std::uint64_t out_of_order = 0;
  };
  using Ends = std::map<std::int64_t, std::uint64_t>;

  std::uint64_t cases_ = 0;
  std::uint64_t reports_ = 0;
  std::uint64_t recommendations_ = 0;
  std::uint64_t persons_ = 0;
  std::uint64_t identity_open_ = 0;
  std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> counts_;
  std::map<std::string, Ends> due_;
  std::map<std::uint32_t, Days> days_;
};

}  // namespace selaras::statistics
