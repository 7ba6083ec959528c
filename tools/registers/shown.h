#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"
#include "selaras/event/v1/types.pb.h"
#include "selaras/query/v1/query.pb.h"

namespace selaras::registers {

// What a node shows of a case, asked by fact and number. Nothing: the node does not show
// it; empty text: it shows that there is none. What it was made from must outlive it.
class Shown {
 public:
  using FactKind = event::v1::Fact::KindCase;

  Shown(const query::v1::Case& recorded, const query::v1::GetTimelineResponse* timeline);

  bool has_timeline() const { return has_timeline_; }

  bool personal_open() const { return case_.personal() == query::v1::PERSONAL_STATE_OPEN; }

  // The last step of a kind that was not voided, as corrected; nullptr also without a timeline.
  const query::v1::TimelineStep* Step(FactKind kind) const;
  // The last step of any of these kinds.
  const query::v1::TimelineStep* LastOf(std::initializer_list<FactKind> kinds) const;

  // The day of that step, corrections applied. Without a timeline only that of the fact
  // that led to the present state.
  std::optional<std::string> DayOf(FactKind kind) const;

  // A number of the case: `expected` if it is among those of the kind, or that which is the same
  // however it is written, else the last one.
  std::optional<std::string> Number(event::v1::ReferenceKind kind,
                                    absl::string_view expected) const;

  // A number that only the step of its fact tells from others of its kind.
  std::optional<std::string> NumberOf(FactKind fact, event::v1::ReferenceKind kind) const;

 private:
  const query::v1::Case& case_;
  const bool has_timeline_;
  const std::vector<query::v1::TimelineStep> steps_;  // that still hold
};

}  // namespace selaras::registers
