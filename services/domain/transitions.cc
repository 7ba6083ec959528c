#include "services/domain/transitions.h"

#include <algorithm>
#include <utility>

#include "services/domain/conflict.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;

// Code of the list `appeal_outcome`: the sanction falls.
constexpr absl::string_view kAnnulled = "membatalkan";

// Result of a fact whose content decides between states; kNone where it does not.
State Decided(const event::v1::Fact& fact) {
  switch (fact.kind_case()) {
    case F::kCaseReviewed:
      return fact.case_reviewed().accepted() ? State::kAccepted : State::kNotAccepted;
    case F::kCaseConcluded:
      return fact.case_concluded().violations_found().empty() ? State::kNoViolation
                                                              : State::kViolationFound;
    case F::kObjectionDecided:
      return fact.objection_decided().outcome() == kAnnulled ? State::kRevoked
                                                             : State::kObjectionDecided;
    default:
      return State::kNone;
  }
}

bool Leads(const Transition& row, const event::v1::Fact& fact) {
  const State decided = Decided(fact);
  return row.fact == fact.kind_case() && (decided == State::kNone || decided == row.to);
}

struct Rule {
  Section section;
  std::vector<State> from;
  FactKind fact;
  std::vector<State> to;  // several: the fact's content decides; empty: it stays
  absl::string_view basis;
  std::vector<State> next = {};
  Condition condition = Condition::kNone;
};

using enum State;

// Heads of regions said that they would tell; an article that obliges them was not found.
constexpr absl::string_view kNoticeBasis = "komitmen kepala daerah (V, seed 003; tanpa pasal)";

// Destroyed when the time is over and no matter is pending; erased by the controller.
constexpr absl::string_view kKeepBasis = "UU 27/2022 Ps 44";
constexpr absl::string_view kEraseBasis = "UU 27/2022 Ps 43-44";

// A reporter hands in evidence (Perbawaslu 7/2022 Ps 15); that files travel with their documents is
// what offices do.
constexpr absl::string_view kDocumentBasis = "Q1";

// Read in a description of the numbers; an article was not found.
constexpr absl::string_view kRenumberedBasis =
    "NI PPPK berganti dengan kontrak (V, I2; tanpa pasal)";

// From memory: an official in conflict decides nothing. That it ends what a PPK began was not
// found.
constexpr absl::string_view kConflictBasis = "UU 30/2014 Ps 42-45 (R)";

// Who is competent follows from the law that ended the PPK, which names its successor.
constexpr absl::string_view kEndedBasis = "authorities.tsv: valid_to, successor (R)";

// Until the PPK has decided, and while nobody has the recommendation.
const std::vector<State>& Undecided() {
  static const auto* const kStates = new std::vector<State>{
      kNone, kReceivedByPpk, kSummoned, kExamined, kDeclined, kRespondentMoved};
  return *kStates;
}

std::vector<Rule> IntakeRules() {
  constexpr auto kI = Section::kIntake;
  return {
      {kI, {kNone}, F::kRespondentNamed, {kNamed}, "Perbawaslu 7/2022 Ps 15(3)"},
      {kI, {kNamed, kAccepted, kNoViolation, kViolationFound}, F::kRespondentIdentified, {}, "Q4"},
      {kI, {kNamed}, F::kCaseReviewed, {kAccepted, kNotAccepted}, "Perbawaslu 7/2022 Ps 15(1)"},
      {kI, {kNamed, kAccepted}, F::kRespondentClarified, {}, "UU 7/2017 Ps 454"},
      {kI,
       {kNamed, kAccepted},
       F::kCaseConcluded,
       {kNoViolation, kViolationFound},
       "UU 7/2017 Ps 454-455"},
      // What came back may be judged anew, and sent again.
      {kI,
       {kReferred},
       F::kCaseConcluded,
       {kNoViolation, kViolationFound},
       "UU 7/2017 Ps 454-455",
       {kReturned}},
      {kI, {kNamed, kAccepted, kViolationFound}, F::kCaseReferred, {kReferred}, "UU 7/2017 Ps 455"},
      {kI, {kReferred}, F::kCaseReferred, {kReferred}, "Q5", {kReturned}},
      {kI,
       {kReferred},
       F::kCaseSupplemented,
       {},
       "Q5",
       {kNone, kReceived, kVerified, kReturned, kRecommended}},
      {kI,
       {kNamed, kAccepted, kNotAccepted, kNoViolation, kViolationFound, kReferred},
       F::kCaseLinked,
       {},
       "Q10"},
      {kI,
       {kNamed, kAccepted, kViolationFound},
       F::kCaseHandedElsewhere,
       {kHandedElsewhere},
       "UU 7/2017 Ps 455"},
      // The office that receives it goes on where this one stopped.
      {kI,
       {kNamed, kAccepted, kViolationFound},
       F::kCaseDelegated,
       {kDelegated},
       "Perbawaslu 7/2022 Ps 16, 20"},
      {kI, {kNone}, F::kDelegatedCaseReceived, {}, "Perbawaslu 7/2022 Ps 16, 20"},
      // So does the higher office that takes it, until it was referred.
      {kI,
       {kNamed, kAccepted, kViolationFound},
       F::kCaseTakenOver,
       {},
       "Perbawaslu 7/2022 Ps 16, 20"},
      // What the office makes of it is a report of its own.
      {kI, {kNone}, F::kNoticeReceived, {kNoticeReceived}, kNoticeBasis},
  };
}

std::vector<Rule> ReferralRules() {
  constexpr auto kR = Section::kReferral;
  return {
      {kR, {kNone}, F::kCaseReceived, {kReceived}, "Perpres 92/2024 Ps 3-4"},
      {kR, {kNone}, F::kLegacyCaseOpened, {kReceived}, "SE MenPANRB 4/2024"},
      {kR, {kReceived, kVerified}, F::kCaseAssigned, {}, "Q1"},
      {kR, {kReceived}, F::kCaseVerified, {kVerified}, "Perpres 92/2024 Ps 3-4"},
      {kR, {kReceived, kVerified}, F::kCaseDismissed, {kDismissed}, "Perpres 92/2024 Ps 3-4"},
      {kR, {kReceived, kVerified}, F::kCaseReturned, {kReturned}, "Q5"},
      {kR, {kReceived, kVerified}, F::kSanctionRecommended, {kRecommended}, "Perpres 116/2022"},
      // Another PPK, when the first one gave it back or did not impose anything.
      {kR,
       {kRecommended},
       F::kSanctionRecommended,
       {kRecommended},
       "Perpres 116/2022",
       {kRespondentMoved, kDeclined, kRevoked}},
      // Past a PPK that is no more, whatever it left open.
      {kR,
       {kRecommended},
       F::kSanctionRecommended,
       {kRecommended},
       kEndedBasis,
       {kNone, kReceivedByPpk, kSummoned, kExamined},
       Condition::kEnded},
      // Also past one that had decided: what is still open against its decision is its successor's.
      {kR,
       {kRecommended, kClosed},
       F::kSanctionRecommended,
       {kRecommended},
       kEndedBasis,
       {kDecided, kHandedOver, kObjected, kObjectionDecided},
       Condition::kEnded},
      // Past a PPK that was flagged after it had been addressed.
      {kR,
       {kRecommended},
       F::kSanctionRecommended,
       {kRecommended},
       kConflictBasis,
       {kNone, kReceivedByPpk, kSummoned, kExamined},
       Condition::kFlagged},
      {kR, {kRecommended}, F::kPpkReminded, {}, "Perpres 116/2022", Undecided()},
      {kR, {kRecommended}, F::kPpkWarned, {}, "Perpres 116/2022", Undecided()},
      {kR, {kRecommended}, F::kServicesBlocked, {}, "Peraturan BKN 1/2023", Undecided()},
      {kR,
       {kReceived, kVerified, kReturned, kDismissed, kRecommended, kClosed},
       F::kServicesUnblocked,
       {},
       "Peraturan BKN 1/2023"},
      {kR, {kRecommended}, F::kCaseEscalated, {}, "D-13", Undecided()},
      {kR, {kReceived, kVerified}, F::kCaseClosed, {kClosed}, "Peraturan BKN 1/2023"},
      {kR,
       {kRecommended},
       F::kCaseClosed,
       {kClosed},
       "Peraturan BKN 1/2023",
       {kHandedOver, kObjectionDecided, kServed, kRevoked, kDeclined, kRespondentLeft,
        kRespondentMoved}},
      // Not while a PPK has it: what it states later reopens the case by itself.
      {kR, {kDismissed, kClosed}, F::kCaseReopened, {kReceived}, "Perpres 92/2024 Ps 3-4", {kNone}},
  };
}

std::vector<Rule> SanctionRules() {
  constexpr auto kS = Section::kSanction;
  return {
      {kS, {kNone}, F::kRecommendationReceived, {kReceivedByPpk}, "Perpres 116/2022"},
      {kS, {kReceivedByPpk, kSummoned}, F::kRespondentSummoned, {kSummoned}, "D-14"},
      {kS, {kReceivedByPpk, kSummoned, kExamined}, F::kRespondentExamined, {kExamined}, "D-14"},
      {kS, {kReceivedByPpk, kSummoned, kExamined}, F::kBlockerRecorded, {}, "Q2"},
      {kS, {kReceivedByPpk, kSummoned, kExamined}, F::kSanctionDecided, {kDecided}, "D-15"},
      {kS,
       {kReceivedByPpk, kSummoned, kExamined},
       F::kSanctionDeclined,
       {kDeclined},
       "PP 94/2021 Ps 31"},
      {kS,
       {kReceivedByPpk, kSummoned, kExamined},
       F::kRespondentMoved,
       {kRespondentMoved},
       "PP 94/2021 Ps 36"},
      {kS,
       {kReceivedByPpk, kSummoned, kExamined, kDecided, kHandedOver, kObjected, kObjectionDecided},
       F::kRespondentLeft,
       {kRespondentLeft},
       "PP 94/2021 Ps 36"},
      {kS, {kDecided}, F::kDeliveryStepRecorded, {}, "D-17"},
      {kS, {kDecided}, F::kDecisionHandedOver, {kHandedOver}, "D-16"},
      {kS,
       {kDecided, kHandedOver, kObjected, kObjectionDecided},
       F::kObjectionFiled,
       {kObjected},
       "D-19"},
      {kS, {kObjected}, F::kAppealStepRecorded, {}, "D-22"},
      {kS, {kObjected}, F::kObjectionDecided, {kObjectionDecided, kRevoked}, "D-20"},
      {kS,
       {kDecided, kHandedOver, kObjected, kObjectionDecided},
       F::kSanctionRevoked,
       {kRevoked},
       "PP 79/2021"},
      {kS, {kHandedOver, kObjectionDecided}, F::kSanctionServed, {kServed}, "PP 94/2021 Ps 8"},
      {kS,
       {kReceivedByPpk, kSummoned, kExamined, kDecided, kHandedOver, kObjected, kObjectionDecided},
       F::kRespondentRenumbered,
       {},
       kRenumberedBasis},
      {kS, {kNone}, F::kViolationNoticed, {kNoticed}, kNoticeBasis},
  };
}

// What every section may state once it has begun.
std::vector<Rule> RulesOfAll(Section section) {
  std::vector<State> begun;
  for (const auto& rules : {IntakeRules(), ReferralRules(), SanctionRules()}) {
    for (const Rule& rule : rules) {
      if (rule.section != section) continue;
      for (const State to : rule.to) {
        if (std::find(begun.begin(), begun.end(), to) == begun.end()) begun.push_back(to);
      }
    }
  }
  std::sort(begun.begin(), begun.end());
  return {
      {section, begun, F::kCopySent, {}, "Q1"},
      {section, begun, F::kCopyReceived, {}, "Q1"},
      {section, begun, F::kRequestMade, {}, "Q3"},
      {section, begun, F::kRequestAnswered, {}, "Q3"},
      {section, begun, F::kConflictFlagged, {}, "Q8"},
      {section, begun, F::kLegalHoldPlaced, {}, kKeepBasis},
      {section, begun, F::kLegalHoldLifted, {}, kKeepBasis},
      {section, begun, F::kErasureOrdered, {}, kEraseBasis},
      {section, begun, F::kErasureAnswered, {}, kEraseBasis},
      {section, begun, F::kCaseErased, {}, kEraseBasis},
      {section, begun, F::kAttachmentAdded, {}, kDocumentBasis},
      {section, begun, F::kAttachmentRemoved, {}, kDocumentBasis},
  };
}

std::vector<Transition> Build() {
  // Registers are typed in late and leave steps out, so a later step may follow where an
  // intermediate one was not recorded. Nothing is invented for it.
  std::vector<Transition> table;
  for (const auto& rules :
       {IntakeRules(), RulesOfAll(Section::kIntake), ReferralRules(),
        RulesOfAll(Section::kReferral), SanctionRules(), RulesOfAll(Section::kSanction)}) {
    for (const Rule& rule : rules) {
      for (const State from : rule.from) {
        if (rule.to.empty()) {
          table.push_back(
              {rule.section, from, rule.fact, kNone, rule.basis, rule.next, rule.condition});
        }
        for (const State to : rule.to) {
          table.push_back(
              {rule.section, from, rule.fact, to, rule.basis, rule.next, rule.condition});
        }
      }
    }
  }
  return table;
}

bool Holds(const Transition& row, const Standing& standing) {
  if (row.condition == Condition::kFlagged && !standing.flagged) return false;
  if (row.condition == Condition::kEnded && !standing.ended) return false;
  return row.next.empty() ||
         std::find(row.next.begin(), row.next.end(), standing.next) != row.next.end();
}

State StateOf(event::v1::IntakeStage reached) {
  switch (reached) {
    case event::v1::INTAKE_STAGE_ACCEPTED:
      return kAccepted;
    case event::v1::INTAKE_STAGE_VIOLATION_FOUND:
      return kViolationFound;
    default:
      return kNamed;
  }
}

// Where the case stands for the office to which it was delegated, or which took it over; kNone for
// all others.
State BegunIn(const Stint& stint) {
  if (const auto* taken = TakeOverOf(stint)) return StateOf(taken->reached());
  const bool delegated = stint.received != nullptr && stint.received->fact().has_case_delegated();
  return delegated ? StateOf(stint.received->fact().case_delegated().reached()) : kNone;
}

// Index of the section's last stint in custody; nothing if custody never reached it.
std::optional<std::size_t> LastIndex(const Custody& custody, Section section) {
  for (std::size_t i = custody.stints.size(); i-- > 0;) {
    if (custody.stints[i].section == section) return i;
  }
  return std::nullopt;
}

// The row by which the fold moves on: whether the move was allowed was judged when it was decided.
const Transition* RowIn(Section section, State state, const event::v1::Fact& fact) {
  for (const Transition& row : Transitions()) {
    if (row.section == section && row.from == state && Leads(row, fact)) return &row;
  }
  return nullptr;
}

// Some row that the fact can stand in; nullptr if this code does not know it.
const Transition* AnyRow(Section section, const event::v1::Fact& fact) {
  for (const Transition& row : Transitions()) {
    if (row.section == section && Leads(row, fact)) return &row;
  }
  return nullptr;
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
    case State::kHandedElsewhere:
      return "handed to another body";
    case State::kClosed:
      return "closed";
    case State::kDeclined:
      return "not sanctioned";
    case State::kObjectionDecided:
      return "objection decided";
    case State::kRevoked:
      return "revoked";
    case State::kServed:
      return "served";
    case State::kRespondentLeft:
      return "respondent left";
    case State::kRespondentMoved:
      return "respondent moved";
    case State::kDelegated:
      return "given to another office";
    case State::kNoticed:
      return "noticed";
    case State::kNoticeReceived:
      return "notice received";
  }
  return "unknown";
}

bool IsOfNotice(State state) { return state == State::kNoticed || state == State::kNoticeReceived; }

Turn TurnIn(State state) {
  switch (state) {
    case State::kNone:
    case State::kNotAccepted:
    case State::kNoViolation:
    case State::kHandedElsewhere:
    case State::kDismissed:
    case State::kClosed:
    case State::kHandedOver:
    case State::kRevoked:
    case State::kServed:
    case State::kRespondentLeft:
    case State::kNoticeReceived:
      return Turn::kNobody;
    case State::kReturned:
    case State::kDeclined:
    case State::kRespondentMoved:
      return Turn::kSender;
    default:
      return Turn::kHolder;
  }
}

const std::vector<Transition>& Transitions() {
  static const auto* const kTable = new std::vector<Transition>(Build());
  return *kTable;
}

const Transition* FindTransition(const Standing& standing, const event::v1::Fact& fact) {
  for (const Transition& row : Transitions()) {
    if (row.section == standing.section && row.from == standing.state && Leads(row, fact) &&
        Holds(row, standing)) {
      return &row;
    }
  }
  return nullptr;
}

Walk WalkOf(const Custody& custody, std::size_t index) {
  const Stint& stint = custody.stints[index];
  Walk walk;
  walk.state = BegunIn(stint);
  for (int i = stint.begin; i < stint.end; ++i) {
    const auto& fact = stint.segment->facts(i);
    const Transition* row = RowIn(stint.section, walk.state, fact.fact());
    // Of another's segment only the PARTY entries are here: it may begin in the middle, and its
    // first fact leads where it always leads. Else what the table does not know changes no state.
    if (row == nullptr && walk.state == State::kNone) row = AnyRow(stint.section, fact.fact());
    if (row == nullptr || row->to == State::kNone) continue;
    walk.state = row->to;
    walk.decisive = &fact;
  }
  if (walk.decisive == nullptr) walk.decisive = &stint.segment->facts(stint.begin);
  return walk;
}

std::optional<std::size_t> StintAfter(const Custody& custody, Section section) {
  const auto last = LastIndex(custody, section);
  if (!last || *last + 1 == custody.stints.size()) return std::nullopt;
  return *last + 1;
}

Standing StandingOf(const Custody& custody, Section section) {
  Standing standing{section, State::kNone, State::kNone};
  if (const auto last = LastIndex(custody, section)) {
    standing.state = WalkOf(custody, *last).state;
    standing.flagged = FlagAgainst(custody, section, custody.stints[*last].segment->writer(),
                                   NextIn(custody, section)) != nullptr;
  }
  if (const auto next = StintAfter(custody, section)) standing.next = WalkOf(custody, *next).state;
  return standing;
}

event::v1::IntakeStage IntakeStageOf(State state) {
  switch (state) {
    case State::kAccepted:
      return event::v1::INTAKE_STAGE_ACCEPTED;
    case State::kViolationFound:
      return event::v1::INTAKE_STAGE_VIOLATION_FOUND;
    default:
      return event::v1::INTAKE_STAGE_NAMED;
  }
}

std::vector<std::string> AllowedCommands(const Standing& standing) {
  std::vector<std::string> commands;
  for (const Transition& row : Transitions()) {
    if (row.section != standing.section || row.from != standing.state || !Holds(row, standing)) {
      continue;
    }
    std::string command(CommandName(row.fact));
    if (!command.empty() &&
        std::find(commands.begin(), commands.end(), command) == commands.end()) {
      commands.push_back(std::move(command));
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
