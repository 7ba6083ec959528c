#include "services/node/causal_order.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace selaras::node {
namespace {

using query::v1::TimelineStep;
using Key = std::pair<std::string, std::uint64_t>;
using Steps = std::map<std::uint64_t, TimelineStep>;  // of one log

Key KeyOf(const event::v1::Position& position) { return {position.log(), position.sequence()}; }

std::vector<TimelineStep> Merge(std::vector<std::vector<TimelineStep>> logs) {
  std::set<Key> here;
  for (const auto& steps : logs) {
    for (const TimelineStep& step : steps) here.insert(KeyOf(step.position()));
  }
  std::vector<TimelineStep> ordered;
  std::set<Key> placed;
  std::vector<std::size_t> next(logs.size(), 0);
  bool progress = true;
  while (progress) {
    progress = false;
    for (std::size_t i = 0; i < logs.size(); ++i) {
      while (next[i] < logs[i].size()) {
        TimelineStep& step = logs[i][next[i]];
        const bool ready = std::all_of(step.citations().begin(), step.citations().end(),
                                       [&](const auto& citation) {
                                         const Key key = KeyOf(citation.position());
                                         return !here.contains(key) || placed.contains(key);
                                       });
        if (!ready) break;
        placed.insert(KeyOf(step.position()));
        ordered.push_back(std::move(step));
        ++next[i];
        progress = true;
      }
    }
  }
  // Citations in a circle cannot be made by honest logs; show the rest as it stands.
  for (std::size_t i = 0; i < logs.size(); ++i) {
    for (; next[i] < logs[i].size(); ++next[i]) ordered.push_back(std::move(logs[i][next[i]]));
  }
  return ordered;
}

std::vector<TimelineStep> Values(Steps steps) {
  std::vector<TimelineStep> values;
  for (auto& [sequence, step] : steps) values.push_back(std::move(step));
  return values;
}

}  // namespace

std::vector<TimelineStep> InCausalOrder(std::vector<TimelineStep> steps,
                                        const storage::v1::CaseFold& fold) {
  std::set<Key> voided;
  std::map<std::string, Steps> by_log;
  for (TimelineStep& step : steps) {
    if (step.fact().has_fact_voided()) voided.insert(KeyOf(step.fact().fact_voided().position()));
    const auto [log, sequence] = KeyOf(step.position());
    by_log[log].insert_or_assign(sequence, std::move(step));
  }
  std::vector<std::vector<TimelineStep>> logs;
  for (const auto& segment : fold.segments()) {
    if (segment.facts().empty()) continue;
    if (auto log = by_log.extract(segment.last().log()); !log.empty()) {
      logs.push_back(Values(std::move(log.mapped())));
    }
  }
  for (auto& [log, rest] : by_log) logs.push_back(Values(std::move(rest)));
  std::vector<TimelineStep> ordered = Merge(std::move(logs));
  for (TimelineStep& step : ordered) step.set_voided(voided.contains(KeyOf(step.position())));
  return ordered;
}

}  // namespace selaras::node
