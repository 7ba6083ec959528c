#include "services/rpc/call_counts.h"

namespace selaras::rpc {

CallCounts& CallCounts::OfProcess() {
  static CallCounts counts;
  return counts;
}

void CallCounts::Add(absl::string_view method, absl::StatusCode code) {
  const std::lock_guard lock(mutex_);
  ++counts_[{std::string(method), code}];
}

CallCounts::Counts CallCounts::all() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace selaras::rpc
