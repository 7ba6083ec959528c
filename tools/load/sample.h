#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "selaras/command/v1/command.pb.h"
#include "selaras/intake/v1/intake.pb.h"

namespace selaras::load {

// A request and its answer.
struct Exchange {
  intake::v1::ExecuteBatchRequest request;
  command::v1::CommandOutcome outcome;
};

// What was acknowledged: each entry, and some of the requests with their answers, spread evenly
// over the whole run. Thread-safe.
class Acknowledged {
 public:
  static constexpr std::size_t kSampleMax = 256;

  void Add(const intake::v1::ExecuteBatchRequest& request,
           const command::v1::CommandOutcome& outcome);

  // When nobody adds any more.
  const std::vector<std::uint64_t>& positions() const { return positions_; }
  const std::vector<Exchange>& sample() const { return sample_; }

 private:
  std::mutex mutex_;
  std::uint64_t calls_ = 0;
  std::uint64_t stride_ = 1;
  std::vector<std::uint64_t> positions_;
  std::vector<Exchange> sample_;
};

}  // namespace selaras::load
