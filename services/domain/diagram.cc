#include "services/domain/diagram.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/transitions.h"

namespace selaras::domain {
namespace {

std::string Node(State state) {
  return state == State::kNone ? "[*]" : absl::StrCat("s", static_cast<int>(state));
}

// The commands that lead from one state to another, and while what follows they may be sent.
std::map<std::pair<State, State>, std::set<std::string>> ArrowsOf(Section section) {
  std::map<std::pair<State, State>, std::set<std::string>> arrows;
  for (const Transition& row : Transitions()) {
    if (row.section != section || row.to == State::kNone) continue;
    std::string label(CommandName(row.fact));
    // A state that is left for itself is no arrow, unless the file goes out again.
    if (row.to == row.from && !IsHandOver(row.fact)) continue;
    if (!row.next.empty()) absl::StrAppend(&label, "*");
    arrows[{row.from, row.to}].insert(std::move(label));
  }
  return arrows;
}

}  // namespace

std::string StateDiagram() {
  std::string text = "stateDiagram-v2\n";
  for (const Section section : {Section::kIntake, Section::kReferral, Section::kSanction}) {
    absl::StrAppend(&text, "  state ", SectionName(section), " {\n");
    const auto arrows = ArrowsOf(section);
    std::set<State> states;
    for (const auto& [ends, labels] : arrows) states.insert({ends.first, ends.second});
    for (const State state : states) {
      if (state == State::kNone) continue;
      absl::StrAppend(&text, "    state \"", StateName(state), "\" as ", Node(state), "\n");
    }
    for (const auto& [ends, labels] : arrows) {
      absl::StrAppend(&text, "    ", Node(ends.first), " --> ", Node(ends.second), ": ",
                      absl::StrJoin(labels, ", "), "\n");
    }
    absl::StrAppend(&text, "  }\n");
  }
  return text;
}

}  // namespace selaras::domain
