// The steps of a case across agencies, in causal order.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "services/domain/facts.h"
#include "services/node/case_reader.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"
#include "storage/merkle/hash.h"

namespace selaras::node {
namespace {

using query::v1::TimelineStep;
using Key = std::pair<std::string, std::uint64_t>;

Key KeyOf(const event::v1::Position& position) { return {position.log(), position.sequence()}; }

// Steps of each log stay in its order; a step comes after those that it cites, as far as they are
// here. Where that leaves a choice, the order of the logs as first met decides: never a clock.
std::vector<TimelineStep> InCausalOrder(std::vector<std::vector<TimelineStep>> logs) {
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

}  // namespace

absl::StatusOr<TimelineStep> CaseReader::ToStep(const event::v1::Position& position,
                                                absl::string_view bytes) const {
  ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(bytes));
  TimelineStep step;
  *step.mutable_position() = position;
  step.set_leaf_hash(std::string(merkle::HashLeaf(bytes).view()));
  step.set_author(event.author());
  step.set_acting_for(event.acting_for());
  if (event.has_occurred_at()) *step.mutable_occurred_at() = event.occurred_at();
  *step.mutable_recorded_at() = event.recorded_at();
  *step.mutable_fact() = event.fact();
  step.set_fact_name(std::string(domain::FactName(event.fact().kind_case())));
  *step.mutable_citations() = event.citations();
  step.set_catalogue(event.catalogue());
  ASSIGN_OR_RETURN(const auto held_since, HeldSince(store_, position));
  if (held_since) {
    step.mutable_held_since()->set_seconds(absl::ToUnixSeconds(*held_since));
    step.mutable_held_since()->set_nanos(
        static_cast<int>((*held_since - absl::FromUnixSeconds(absl::ToUnixSeconds(*held_since))) /
                         absl::Nanoseconds(1)));
  }
  ASSIGN_OR_RETURN(Opened opened, opener_.Open(event));
  if (opened.part) {
    *step.mutable_personal() = *std::move(opened.part);
    step.set_personal_state(query::v1::PERSONAL_STATE_OPEN);
  }
  if (opened.pending) step.set_personal_state(query::v1::PERSONAL_STATE_PENDING);
  return step;
}

absl::StatusOr<query::v1::GetTimelineResponse> CaseReader::GetTimeline(
    const query::v1::GetTimelineRequest& request, const Viewer& viewer, absl::Time now) const {
  ASSIGN_OR_RETURN(const Known known,
                   request.has_as_known()
                       ? FindThen(request.case_id(), request.as_known(), viewer, now)
                       : Find(request.case_id(), viewer));
  std::set<Key> places;
  std::vector<std::string> logs;
  for (const auto& segment : known.fold.segments()) {
    if (!segment.facts().empty()) logs.push_back(segment.last().log());
  }
  // Not from the folds: they forget what was taken back.
  for (const auto& position : known.view.entries()) places.insert(KeyOf(position));
  for (const auto& position : known.view.pending()) places.insert(KeyOf(position));
  if (known.own) {
    for (const std::uint64_t sequence : known.own->shared()) {
      places.insert({store_.shared().name(), sequence});
    }
  }
  std::map<std::string, std::vector<TimelineStep>> by_log;
  std::set<Key> voided;
  for (const auto& [log, sequence] : places) {
    event::v1::Position position;
    position.set_log(log);
    position.set_sequence(sequence);
    const log::LogReader* reader = &store_.shared();
    for (const log::Mirror* mirror : store_.mirrors()) {
      if (mirror->name() == log) reader = mirror;
    }
    ASSIGN_OR_RETURN(const auto bytes, reader->Entry({sequence}));
    if (!bytes) continue;
    ASSIGN_OR_RETURN(TimelineStep step, ToStep(position, *bytes));
    if (step.fact().has_fact_voided()) voided.insert(KeyOf(step.fact().fact_voided().position()));
    by_log[log].push_back(std::move(step));
  }
  std::vector<std::vector<TimelineStep>> ordered_logs;
  for (const std::string& log : logs) {
    if (auto node = by_log.extract(log); !node.empty()) {
      ordered_logs.push_back(std::move(node.mapped()));
    }
  }
  for (auto& [log, steps] : by_log) ordered_logs.push_back(std::move(steps));

  query::v1::GetTimelineResponse response;
  for (TimelineStep& step : InCausalOrder(std::move(ordered_logs))) {
    step.set_voided(voided.contains(KeyOf(step.position())));
    *response.add_steps() = std::move(step);
  }
  return response;
}

}  // namespace selaras::node
