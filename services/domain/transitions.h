#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/facts.h"

// The rules of procedure as one table: which fact may follow in which state of a section,
// and what it leads to. It refuses, it explains, and it fills Case.allowed_commands.
namespace selaras::domain {

// Where a section stands. Numbers equal those of selaras.query.v1.CaseState.
enum class State {
  kNone = 0,
  kNamed = 1,
  kAccepted = 2,
  kNotAccepted = 3,
  kNoViolation = 4,
  kViolationFound = 5,
  kReferred = 6,
  kReceived = 7,
  kVerified = 8,
  kDismissed = 9,
  kReturned = 10,
  kRecommended = 11,
  kReceivedByPpk = 12,
  kSummoned = 13,
  kExamined = 14,
  kDecided = 15,
  kHandedOver = 16,
  kObjected = 17,
};

// Lower-case words, e.g. `received by the PPK`.
absl::string_view StateName(State state);

// A row of the table.
struct Transition {
  Section section;
  State from;
  FactKind fact;
  // kNone: the state stays.
  State to;
  // Law or practice; a key `D-nn` means the basis of that row of the deadlines table.
  absl::string_view basis;
};

const std::vector<Transition>& Transitions();

// The row for `fact` in `state` of its section; nullptr if it is refused.
const Transition* FindTransition(State state, const event::v1::Fact& fact);

// State of a section: the result of its effective facts.
State StateOf(const storage::v1::SectionFold& section);

// The fact that led to StateOf; nullptr for an empty section.
const storage::v1::EffectiveFact* DecisiveFact(const storage::v1::SectionFold& section);

// Commands that the table allows in that state of that section.
std::vector<std::string> AllowedCommands(Section section, State state);

// The basis of a fact, for explanations.
absl::string_view BasisOf(FactKind fact);

}  // namespace selaras::domain
