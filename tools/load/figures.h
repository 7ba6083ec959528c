#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace selaras::load {

// What a measurement came to.
struct Figures {
  std::string name = {};
  int in_flight = 1;
  std::uint64_t operations = 0;
  absl::Duration elapsed = absl::ZeroDuration();
  // How long each call took, microseconds, ascending. A call may be several operations.
  std::vector<std::uint64_t> latencies = {};
  // Bytes of a request and of its answer, on average; 0: not known.
  std::uint64_t request_bytes = 0;
  std::uint64_t answer_bytes = 0;
};

double OperationsPerSecond(const Figures& figures);

// The smallest latency that at least `percent` of the calls did not exceed; 0 if there were none.
std::uint64_t Percentile(const Figures& figures, double percent);

// `name,in_flight,ops_per_s,p50_us,p99_us`, without a newline.
std::string FiguresLine(const Figures& figures);

// The same as one JSON object, with the distribution of the latencies.
std::string FiguresJson(const Figures& figures);

}  // namespace selaras::load
