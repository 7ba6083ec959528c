#include "services/domain/transitions.h"

#include <algorithm>
#include <utility>

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

// Result of a fact that decides between two states.
State Target(const Transition& row, const event::v1::Fact& fact) {
  if (fact.kind_case() == F::kCaseReviewed) {
    return fact.case_reviewed().accepted() ? State::kAccepted : State::kNotAccepted;
  }
  if (fact.kind_case() == F::kCaseConcluded) {
    return fact.case_concluded().violations_found().empty() ? State::kNoViolation
                                                            : State::kViolationFound;
  }
  return row.to;
}

struct Rule {
  Section section;
  std::vector<State> from;
  FactKind fact;
  std::vector<State> to;  // several: the fact's content decides; empty: it stays
  absl::string_view basis;
};

std::vector<Transition> Build() {
  using enum State;
  constexpr auto kI = Section::kIntake;
  constexpr auto kR = Section::kReferral;
  constexpr auto kS = Section::kSanction;
  // Registers are typed in late and leave steps out, so a later step may follow where an
  // intermediate one was not recorded. Nothing is invented for it.
  const std::vector<Rule> rules = {
      {kI, {kNone}, F::kRespondentNamed, {kNamed}, "Perbawaslu 7/2022 Ps 15(3)"},
      {kI, {kNamed, kAccepted, kNoViolation, kViolationFound}, F::kRespondentIdentified, {}, "Q4"},
      {kI, {kNamed}, F::kCaseReviewed, {kAccepted, kNotAccepted}, "Perbawaslu 7/2022 Ps 15(1)"},
      {kI,
       {kNamed, kAccepted},
       F::kCaseConcluded,
       {kNoViolation, kViolationFound},
       "UU 7/2017 Ps 454-455"},
      {kI, {kNamed, kAccepted, kViolationFound}, F::kCaseReferred, {kReferred}, "UU 7/2017 Ps 455"},

      {kR, {kNone}, F::kCaseReceived, {kReceived}, "Perpres 92/2024 Ps 3-4"},
      {kR, {kReceived}, F::kCaseVerified, {kVerified}, "Perpres 92/2024 Ps 3-4"},
      {kR, {kReceived, kVerified}, F::kCaseDismissed, {kDismissed}, "Perpres 92/2024 Ps 3-4"},
      {kR, {kReceived, kVerified}, F::kCaseReturned, {kReturned}, "Q5"},
      {kR, {kReceived, kVerified}, F::kSanctionRecommended, {kRecommended}, "Perpres 116/2022"},

      {kS, {kNone}, F::kRecommendationReceived, {kReceivedByPpk}, "Perpres 116/2022"},
      {kS, {kReceivedByPpk, kSummoned}, F::kRespondentSummoned, {kSummoned}, "D-14"},
      {kS, {kReceivedByPpk, kSummoned, kExamined}, F::kRespondentExamined, {kExamined}, "D-14"},
      {kS, {kReceivedByPpk, kSummoned, kExamined}, F::kBlockerRecorded, {}, "Q2"},
      {kS, {kReceivedByPpk, kSummoned, kExamined}, F::kSanctionDecided, {kDecided}, "D-15"},
      {kS, {kDecided}, F::kDecisionHandedOver, {kHandedOver}, "D-16"},
      {kS, {kDecided, kHandedOver, kObjected}, F::kObjectionFiled, {kObjected}, "D-19"},
  };
  std::vector<Transition> table;
  for (const Rule& rule : rules) {
    for (const State from : rule.from) {
      if (rule.to.empty()) table.push_back({rule.section, from, rule.fact, kNone, rule.basis});
      for (const State to : rule.to) {
        table.push_back({rule.section, from, rule.fact, to, rule.basis});
      }
    }
  }
  return table;
}

}  // namespace

absl::string_view StateName(State state) {
  switch (state) {
    case State::kNone:
      return "not begun";
    case State::kNamed:
      return "named";
    case State::kAccepted:
      return "accepted";
    case State::kNotAccepted:
      return "not accepted";
    case State::kNoViolation:
      return "concluded without violation";
    case State::kViolationFound:
      return "concluded with violation";
    case State::kReferred:
      return "referred";
    case State::kReceived:
      return "received";
    case State::kVerified:
      return "verified";
    case State::kDismissed:
      return "dismissed";
    case State::kReturned:
      return "returned";
    case State::kRecommended:
      return "recommended";
    case State::kReceivedByPpk:
      return "received by the PPK";
    case State::kSummoned:
      return "summoned";
    case State::kExamined:
      return "examined";
    case State::kDecided:
      return "decided";
    case State::kHandedOver:
      return "handed over";
    case State::kObjected:
      return "objected";
  }
  return "unknown";
}

const std::vector<Transition>& Transitions() {
  static const auto* const kTable = new std::vector<Transition>(Build());
  return *kTable;
}

const Transition* FindTransition(State state, const event::v1::Fact& fact) {
  for (const Transition& row : Transitions()) {
    if (row.from == state && row.fact == fact.kind_case() &&
        row.section == SectionOf(fact.kind_case()) && Target(row, fact) == row.to) {
      return &row;
    }
  }
  return nullptr;
}

namespace {

// Some row that the fact can stand in; nullptr if this code does not know it.
const Transition* AnyTransition(const event::v1::Fact& fact) {
  for (const Transition& row : Transitions()) {
    if (const Transition* found = FindTransition(row.from, fact)) return found;
  }
  return nullptr;
}

// Folds the state over the facts and notes the fact that set it last.
std::pair<State, const storage::v1::EffectiveFact*> Walk(const storage::v1::SectionFold& section) {
  State state = State::kNone;
  const storage::v1::EffectiveFact* decisive = nullptr;
  for (const auto& fact : section.facts()) {
    const Transition* row = FindTransition(state, fact.fact());
    // Of another's section only the PARTY entries are here: it may begin in the middle, and its
    // first fact leads where it always leads. Else what the table does not know changes no state.
    if (row == nullptr && state == State::kNone) row = AnyTransition(fact.fact());
    if (row == nullptr || row->to == State::kNone) continue;
    state = row->to;
    decisive = &fact;
  }
  return {state, decisive};
}

}  // namespace

State StateOf(const storage::v1::SectionFold& section) { return Walk(section).first; }

const storage::v1::EffectiveFact* DecisiveFact(const storage::v1::SectionFold& section) {
  return Walk(section).second;
}

std::vector<std::string> AllowedCommands(Section section, State state) {
  std::vector<std::string> commands;
  for (const Transition& row : Transitions()) {
    if (row.section != section || row.from != state) continue;
    const std::string command(CommandName(row.fact));
    if (std::find(commands.begin(), commands.end(), command) == commands.end()) {
      commands.push_back(command);
    }
  }
  return commands;
}

absl::string_view BasisOf(FactKind fact) {
  for (const Transition& row : Transitions()) {
    if (row.fact == fact) return row.basis;
  }
  return "";
}

}  // namespace selaras::domain
