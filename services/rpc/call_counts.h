#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace selaras::rpc {

// How calls ended, by method and code: of methods that the contract has, so there are few. A stream
// is counted when it ends; of a pipeline each request is counted instead. Thread-safe.
class CallCounts {
 public:
  using Counts = std::map<std::pair<std::string, absl::StatusCode>, std::uint64_t>;

  // Those of this process.
  static CallCounts& OfProcess();

  void Add(absl::string_view method, absl::StatusCode code);
  Counts all() const;

 private:
  mutable std::mutex mutex_;
  Counts counts_;
};

}  // namespace selaras::rpc
