#include "tools/load/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <nlohmann/json.hpp>

namespace selaras::load {
namespace {

constexpr std::array kPercents = {0.0,  1.0,  5.0,  10.0, 25.0, 50.0,
                                  75.0, 90.0, 95.0, 99.0, 99.9, 100.0};

}  // namespace

double OperationsPerSecond(const Figures& figures) {
  const double seconds = absl::ToDoubleSeconds(figures.elapsed);
  return seconds > 0 ? static_cast<double>(figures.operations) / seconds : 0;
}

std::uint64_t Percentile(const Figures& figures, double percent) {
  const std::vector<std::uint64_t>& all = figures.latencies;
  if (all.empty()) return 0;
  const double rank = std::ceil(percent / 100 * static_cast<double>(all.size()));
  const std::size_t place = rank < 1 ? 0 : static_cast<std::size_t>(rank) - 1;
  return all[std::min(place, all.size() - 1)];
}

std::string FiguresLine(const Figures& figures) {
  return absl::StrFormat("%s,%d,%.1f,%d,%d", figures.name, figures.in_flight,
                         OperationsPerSecond(figures), Percentile(figures, 50),
                         Percentile(figures, 99));
}

std::string FiguresJson(const Figures& figures) {
  nlohmann::ordered_json percentiles = nlohmann::ordered_json::object();
  for (const double percent : kPercents) {
    percentiles[absl::StrCat(percent)] = Percentile(figures, percent);
  }
  const std::vector<std::uint64_t>& all = figures.latencies;
  const double sum = std::accumulate(all.begin(), all.end(), 0.0);
  const nlohmann::ordered_json object = {
      {"name", figures.name},
      {"in_flight", figures.in_flight},
      {"seconds", absl::ToDoubleSeconds(figures.elapsed)},
      {"operations", figures.operations},
      {"ops_per_s", OperationsPerSecond(figures)},
      {"calls", all.size()},
      {"p50_us", Percentile(figures, 50)},
      {"p99_us", Percentile(figures, 99)},
      {"mean_us", all.empty() ? 0 : sum / static_cast<double>(all.size())},
      {"percentiles_us", percentiles},
      {"request_bytes", figures.request_bytes},
      {"answer_bytes", figures.answer_bytes},
  };
  return object.dump();
}

}  // namespace selaras::load
