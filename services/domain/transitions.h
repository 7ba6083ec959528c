#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/custody.h"
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
  kHandedElsewhere = 18,
  kClosed = 19,
  kDeclined = 20,
  kObjectionDecided = 21,
  kRevoked = 22,
  kServed = 23,
  kRespondentLeft = 24,
  kRespondentMoved = 25,
  kDelegated = 26,
  kNoticed = 27,
  kNoticeReceived = 28,
};
inline constexpr int kStates = 29;

// Lower-case words, e.g. `received by the PPK`.
absl::string_view StateName(State state);

// Whether a PPK's notice to Bawaslu stands there, which is no case that somebody judges.
bool IsOfNotice(State state);

// Whose turn it is in a state that was not handed over.
enum class Turn { kNobody, kHolder, kSender };
Turn TurnIn(State state);

// Of an authority that has a case, or is to take it in: it is flagged, because it may have an
// interest of its own; it had ended on the day of the fact.
enum class Condition { kNone, kFlagged, kEnded };

// A row of the table.
struct Transition {
  Section section;
  State from;
  FactKind fact;
  // kNone: the state stays.
  State to;
  // Law or practice; a key `D-nn` means the basis of that row of the deadlines table, `Q-n` the
  // complaint that it answers.
  absl::string_view basis;
  // Allowed only while the stint that follows in custody is in one of these states; kNone: nobody
  // acknowledged what was handed over, or nothing was. Empty: in any.
  std::vector<State> next;
  // What must hold of who has the case next, beyond its state.
  Condition condition = Condition::kNone;
};

const std::vector<Transition>& Transitions();

// Where a section stands: what a move is judged by.
struct Standing {
  Section section = Section::kNone;
  State state = State::kNone;
  State next = State::kNone;  // of the stint that follows in custody
  // Whether who has the case next is flagged, as far as the section's writer may act on it.
  bool flagged = false;
  // Whether it had ended, which only the catalogue knows; StandingOf leaves it alone.
  bool ended = false;
};

// The row for `fact`; nullptr if it is refused.
const Transition* FindTransition(const Standing& standing, const event::v1::Fact& fact);

// Where one of the stints stands, and the fact that led there; nullptr if none did.
struct Walk {
  State state = State::kNone;
  const storage::v1::EffectiveFact* decisive = nullptr;
};
Walk WalkOf(const Custody& custody, std::size_t stint);

// The stint that follows the section's last one in custody, as an index; nothing if none does.
std::optional<std::size_t> StintAfter(const Custody& custody, Section section);

// Where the section stands for whoever writes it next.
Standing StandingOf(const Custody& custody, Section section);

// How a delegation or take-over states where the case stands; whoever has it then goes on there.
event::v1::IntakeStage IntakeStageOf(State state);

// Commands that the table allows there.
std::vector<std::string> AllowedCommands(const Standing& standing);

// The basis of a fact, for explanations.
absl::string_view BasisOf(FactKind fact);

}  // namespace selaras::domain
