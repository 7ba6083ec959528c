#include "tools/load/sample.h"

#include <cstddef>
#include <utility>

namespace selaras::load {

void Acknowledged::Add(const intake::v1::ExecuteBatchRequest& request,
                       const command::v1::CommandOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  for (const auto& position : outcome.positions()) positions_.push_back(position.sequence());
  if (calls_++ % stride_ != 0) return;
  sample_.push_back({request, outcome});
  if (sample_.size() < kSampleMax) return;
  // Every other one, from now on as well.
  for (std::size_t i = 0; i < kSampleMax / 2; ++i) sample_[i] = std::move(sample_[2 * i]);
  sample_.resize(kSampleMax / 2);
  stride_ *= 2;
}

}  // namespace selaras::load
