// The steps of a case across agencies, in causal order.
#include <utility>
#include <vector>

#include "services/domain/facts.h"
#include "services/node/case_reader.h"
#include "services/node/causal_order.h"
#include "services/node/subjects.h"
#include "storage/base/status.h"
#include "storage/merkle/hash.h"

namespace selaras::node {

using query::v1::TimelineStep;

absl::StatusOr<TimelineStep> CaseReader::ToStep(const event::v1::Position& position,
                                                absl::string_view bytes) const {
  ASSIGN_OR_RETURN(const event::v1::Event event, ParseEvent(bytes));
  TimelineStep step;
  *step.mutable_position() = position;
  step.set_leaf_hash(std::string(merkle::HashLeaf(bytes).view()));
  step.set_author(event.author());
  step.set_acting_for(event.acting_for());
  if (event.has_delegation()) *step.mutable_delegation() = event.delegation();
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
  step.set_entry_key(std::move(opened.entry_key));
  if (opened.part) {
    *step.mutable_personal() = *std::move(opened.part);
    // Bytes of documents are given by Download alone, which records it.
    if (step.personal().has_attachment()) {
      step.mutable_personal()->mutable_attachment()->clear_key();
    }
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
  // Not from the folds: they forget what was taken back.
  std::vector<event::v1::Position> places(known.view.entries().begin(), known.view.entries().end());
  places.insert(places.end(), known.view.pending().begin(), known.view.pending().end());
  if (known.own) {
    for (const std::uint64_t sequence : known.own->shared()) {
      event::v1::Position& own = places.emplace_back();
      own.set_log(store_.shared().name());
      own.set_sequence(sequence);
    }
  }
  std::vector<TimelineStep> steps;
  for (const event::v1::Position& position : places) {
    const log::LogReader* reader = &store_.shared();
    if (const log::Mirror* mirror = store_.FindMirror(position.log())) reader = mirror;
    ASSIGN_OR_RETURN(const auto bytes, reader->Entry({position.sequence()}));
    if (!bytes) continue;
    ASSIGN_OR_RETURN(TimelineStep step, ToStep(position, *bytes));
    if (!request.with_entry_keys()) step.clear_entry_key();
    steps.push_back(std::move(step));
  }

  query::v1::GetTimelineResponse response;
  response.set_case_id(known.fold.case_id());
  for (TimelineStep& step : InCausalOrder(std::move(steps), known.fold)) {
    *response.add_steps() = std::move(step);
  }
  return response;
}

}  // namespace selaras::node
