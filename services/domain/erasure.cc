#include "services/domain/erasure.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/custody.h"
#include "services/domain/deadline_watch.h"
#include "services/domain/fold.h"
#include "services/domain/local_date.h"
#include "services/domain/refusal.h"
#include "services/domain/transitions.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using F = event::v1::Fact;
using storage::v1::EffectiveFact;
using storage::v1::SectionFold;

constexpr absl::string_view kRetentionOver = "retention_over";
constexpr absl::string_view kRule = "erasure";

const EffectiveFact* FindAt(const std::vector<const EffectiveFact*>& facts,
                            const event::v1::Position& position) {
  for (const EffectiveFact* fact : facts) {
    if (Same(fact->position(), position)) return fact;
  }
  return nullptr;
}

std::vector<const EffectiveFact*> HoldsIn(const CaseFold& fold) {
  std::vector<const EffectiveFact*> holds;
  std::vector<const EffectiveFact*> lifts;
  for (const SectionFold& segment : fold.segments()) {
    for (const EffectiveFact& fact : segment.facts()) {
      if (fact.fact().has_legal_hold_placed()) holds.push_back(&fact);
      if (fact.fact().has_legal_hold_lifted()) lifts.push_back(&fact);
    }
  }
  std::erase_if(holds, [&](const EffectiveFact* hold) {
    return std::any_of(lifts.begin(), lifts.end(), [&](const EffectiveFact* lift) {
      return lift->author() == hold->author() &&
             Same(hold->position(), lift->fact().legal_hold_lifted().hold());
    });
  });
  return holds;
}

// What the segment's writer answered last to one of these orders; nullptr if nothing.
const EffectiveFact* LastAnswer(const SectionFold& segment,
                                const std::vector<const EffectiveFact*>& orders) {
  const EffectiveFact* last = nullptr;
  for (const EffectiveFact& fact : segment.facts()) {
    const bool answers = fact.fact().has_erasure_answered() &&
                         FindAt(orders, fact.fact().erasure_answered().order()) != nullptr;
    if (answers) last = &fact;
  }
  return last;
}

bool IsBy(const std::vector<const EffectiveFact*>& facts, absl::string_view authority) {
  return std::any_of(facts.begin(), facts.end(),
                     [&](const EffectiveFact* fact) { return fact->author() == authority; });
}

// Whether the case is as it was when the order was given. For a PPK from which it went on: whether
// the order came after that, from whoever sent it on.
bool Stands(const EffectiveFact& order, const Status& status, const Custody& custody,
            Section section) {
  if (order.citations().empty()) return false;
  if (status.waiting_for.empty() && status.since != nullptr) {
    return Same(status.since->position(), order.citations(0).position());
  }
  const EffectiveFact* sent = section == Section::kSanction ? custody.under_way : nullptr;
  return sent != nullptr && sent->fact().has_sanction_recommended() &&
         sent->position().log() == order.position().log() && sent->author() == order.author() &&
         sent->position().sequence() < order.position().sequence();
}

void Add(const std::string& authority, std::vector<std::string>* authorities) {
  if (std::find(authorities->begin(), authorities->end(), authority) == authorities->end()) {
    authorities->push_back(authority);
  }
}

// Also who does not have the case any more wrote in it.
absl::StatusOr<Draft> DraftOf(const CaseFold& fold, Section section, const Call& call,
                              const event::v1::When& occurred_at, bool lifts = false) {
  const std::string& authority = call.header.authority();
  const SectionFold* own = FindSegment(fold.segments(), section, authority);
  // Who took back all that it stated may still lift a hold.
  if (own == nullptr || !(WroteInCase(*own) || (lifts && IsBy(HoldsIn(fold), authority)))) {
    return NotYourCase(authority, "nothing that it stated in this section of the case stands");
  }
  if (HasErased(fold, authority)) return CaseIsErased();
  return NewDraft(fold, PartiesOf(fold).empty() ? Visibility::kOffice : Visibility::kParty,
                  occurred_at);
}

absl::Status CheckNoHold(const std::vector<const EffectiveFact*>& holds) {
  if (holds.empty()) return absl::OkStatus();
  std::string which;
  for (const EffectiveFact* hold : holds) {
    absl::StrAppend(&which, which.empty() ? "" : ", ", hold->fact().legal_hold_placed().matter(),
                    " by ", hold->author(), " (", hold->position().log(), "@",
                    hold->position().sequence(), ")");
  }
  return RuleForbids("UU 27/2022 Ps 44", absl::StrCat("a legal hold keeps the case: ", which,
                                                      "; it can be lifted by who placed it"));
}

// Fails closed: what is not here may be a hold.
absl::Status CheckAllIsHere(const CaseFold& fold) {
  const Custody custody = CustodyOf(fold);
  if (!custody.set_aside.empty()) {
    return NotHereYet("another part of the case, which may hold a reason to keep it");
  }
  if (!custody.contradictions.empty()) {
    return RuleForbids(kRule, absl::StrCat("the case contradicts itself: ",
                                           custody.contradictions.front(), "; settle it first"));
  }
  return absl::OkStatus();
}

absl::Status CheckEnded(const CaseFold& fold) {
  const Status status = StatusOf(fold);
  if (status.since == nullptr) return NotHereYet("the part of the case that says how it ended");
  if (status.waiting_for.empty()) return absl::OkStatus();
  return RuleForbids(kRule, absl::StrCat("the case has not ended: ", StateName(status.state),
                                         ", it waits for ", status.waiting_for));
}

// Who sees only this consent of the section knows that they did.
absl::Status CheckPpksConsented(const CaseFold& fold, const Erasure& erasure) {
  for (const SectionFold& segment : fold.segments()) {
    const bool of_ppk = static_cast<Section>(segment.section()) == Section::kSanction;
    if (!of_ppk || !WroteInCase(segment) || IsBy(erasure.consents, segment.writer())) continue;
    return RuleForbids(kRule, absl::StrCat(segment.writer(),
                                           " has not consented; your answer comes "
                                           "after those of all PPKs"));
  }
  return absl::OkStatus();
}

std::optional<LocalDate> DateOf(const event::v1::When& when) {
  return LocalDate::ParseIso(DayOf(when));
}

// The first day on which the time of the outcome is over: of a 29 February the 28th, and never
// later than there are days.
LocalDate YearsAfter(const LocalDate& day, int years) {
  for (const int of_month : {day.day(), day.day() - 1}) {
    const auto same = LocalDate::Of(day.year() + years, day.month(), of_month);
    if (same) return *same;
  }
  return *LocalDate::Of(9999, 12, 31);
}

absl::Status CheckRetentionOver(const CaseFold& fold, const event::v1::When& occurred_at,
                                const Call& call) {
  const Status status = StatusOf(fold);
  const absl::string_view outcome = StateName(status.state);
  const reference::Retention* retention = call.catalogue.FindRetention(outcome);
  if (retention == nullptr) {
    return RuleForbids("retention", absl::StrCat("no time is set for the outcome \"", outcome,
                                                 "\" (retention.tsv); give another ground"));
  }
  const auto ordered = DateOf(occurred_at);
  if (!ordered) return BadField("occurred_at", "is required with the ground retention_over");
  const auto ended = status.since == nullptr ? std::nullopt : DateOf(status.since->occurred_at());
  if (!ended) {
    return RuleForbids("retention",
                       "it is not recorded when the case ended; correct that, or give another "
                       "ground");
  }
  const LocalDate over = YearsAfter(*ended, retention->years);
  if (*ordered >= over) return absl::OkStatus();
  return RuleForbids("retention", absl::StrCat(outcome, " on ", ended->ToIso(), " is kept until ",
                                               over.ToIso(), " (retention.tsv)"));
}

Decision Made(const CaseFold& fold, Draft draft) {
  Decision decision;
  decision.case_id = fold.case_id();
  decision.drafts.push_back(std::move(draft));
  return decision;
}

}  // namespace

absl::Status CheckNoHold(const CaseFold& fold) { return CheckNoHold(HoldsIn(fold)); }

bool WroteInCase(const SectionFold& segment) {
  return std::any_of(segment.facts().begin(), segment.facts().end(), [](const auto& fact) {
    const FactKind kind = fact.fact().kind_case();
    return IsOfOfficer(kind) && !IsOfErasure(kind);
  });
}

Erasure ErasureOf(const CaseFold& fold, Section section) {
  Erasure erasure;
  erasure.holds = HoldsIn(fold);
  for (const SectionFold& segment : fold.segments()) {
    if (const EffectiveFact* order = LastFact(segment, F::kErasureOrdered)) {
      erasure.orders.push_back(order);
    }
    if (const EffectiveFact* erased = LastFact(segment, F::kCaseErased)) {
      erasure.erased.push_back(erased);
    }
  }
  if (!erasure.orders.empty()) {
    const Status status = StatusOf(fold);
    const Custody custody = CustodyOf(fold);
    std::erase_if(erasure.orders, [&](const EffectiveFact* order) {
      return !Stands(*order, status, custody, section);
    });
  }
  for (const SectionFold& segment : fold.segments()) {
    if (!WroteInCase(segment)) continue;
    const EffectiveFact* answer = LastAnswer(segment, erasure.orders);
    if (answer != nullptr && answer->fact().erasure_answered().consents()) {
      erasure.consents.push_back(answer);
      continue;
    }
    Add(segment.writer(), &erasure.missing);
    if (answer != nullptr) Add(segment.writer(), &erasure.refused);
  }
  return erasure;
}

bool HasErased(const CaseFold& fold, absl::string_view authority) {
  return std::any_of(
      fold.segments().begin(), fold.segments().end(), [&](const SectionFold& segment) {
        return segment.writer() == authority && LastFact(segment, F::kCaseErased) != nullptr;
      });
}

std::vector<FactKind> ErasureMoves(const CaseFold& fold, Section section,
                                   absl::string_view authority) {
  if (HasErased(fold, authority)) return {};
  const SectionFold* own = FindSegment(fold.segments(), section, authority);
  std::vector<FactKind> moves;
  const bool holds = IsBy(HoldsIn(fold), authority);
  if (own == nullptr || !WroteInCase(*own)) {
    if (holds) moves.push_back(F::kLegalHoldLifted);
    return moves;
  }
  moves.push_back(F::kLegalHoldPlaced);
  if (holds) moves.push_back(F::kLegalHoldLifted);
  const Erasure erasure = ErasureOf(fold, section);
  const bool free = erasure.holds.empty() && CheckAllIsHere(fold).ok();
  if (free && CheckEnded(fold).ok()) moves.push_back(F::kErasureOrdered);
  const bool consented = IsBy(erasure.consents, authority);
  if (!erasure.orders.empty() && !consented) moves.push_back(F::kErasureAnswered);
  if (free && !erasure.orders.empty() && erasure.missing.empty()) moves.push_back(F::kCaseErased);
  return moves;
}

absl::StatusOr<Decision> DecidePlaceLegalHold(const command::v1::PlaceLegalHold& command,
                                              const CaseFold& fold, Section section,
                                              const Call& call) {
  RETURN_IF_ERROR(CheckCode("matter", "hold_matter", command.matter(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, DraftOf(fold, section, call, command.occurred_at()));
  RETURN_IF_ERROR(AddLetter(command.letter_number(), &draft));
  draft.fact.mutable_legal_hold_placed()->set_matter(command.matter());
  return Made(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideLiftLegalHold(const command::v1::LiftLegalHold& command,
                                             const CaseFold& fold, Section section,
                                             const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, DraftOf(fold, section, call, command.occurred_at(), true));
  const EffectiveFact* hold = FindAt(HoldsIn(fold), command.hold());
  if (hold == nullptr) return BadField("hold", "is no legal hold in force on this case");
  if (hold->author() != call.header.authority()) {
    return RuleForbids(kRule, absl::StrCat("only ", hold->author(), " lifts its hold"));
  }
  *draft.fact.mutable_legal_hold_lifted()->mutable_hold() = command.hold();
  draft.citations.push_back(Cite(*hold));
  return Made(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideOrderErasure(const command::v1::OrderErasure& command,
                                            const CaseFold& fold, Section section,
                                            const Call& call) {
  RETURN_IF_ERROR(CheckCode("ground", "erasure_ground", command.ground(), call.catalogue));
  ASSIGN_OR_RETURN(Draft draft, DraftOf(fold, section, call, command.occurred_at()));
  RETURN_IF_ERROR(CheckAllIsHere(fold));
  RETURN_IF_ERROR(CheckEnded(fold));
  RETURN_IF_ERROR(CheckNoHold(fold));
  if (command.ground() == kRetentionOver) {
    RETURN_IF_ERROR(CheckRetentionOver(fold, command.occurred_at(), call));
  }
  draft.fact.mutable_erasure_ordered()->set_ground(command.ground());
  draft.citations.push_back(Cite(*StatusOf(fold).since));
  return Made(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideAnswerErasure(const command::v1::AnswerErasure& command,
                                             const CaseFold& fold, Section section,
                                             const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, DraftOf(fold, section, call, command.occurred_at()));
  const Erasure erasure = ErasureOf(fold, section);
  const EffectiveFact* order = FindAt(erasure.orders, command.order());
  if (order == nullptr) {
    return BadField("order",
                    "is no order that stands: the case is not as it was when it was given, "
                    "or a newer one took its place");
  }
  if (command.consents()) {
    RETURN_IF_ERROR(CheckAllIsHere(fold));
    RETURN_IF_ERROR(CheckNoHold(erasure.holds));
    if (section == Section::kReferral) RETURN_IF_ERROR(CheckPpksConsented(fold, erasure));
  } else if (IsBy(erasure.consents, call.header.authority())) {
    return RuleForbids(kRule,
                       "you have consented, and others may have acted on it; place a legal hold if "
                       "the case must be kept");
  }
  auto* answer = draft.fact.mutable_erasure_answered();
  *answer->mutable_order() = command.order();
  answer->set_consents(command.consents());
  draft.citations.push_back(Cite(*order));
  return Made(fold, std::move(draft));
}

absl::StatusOr<Decision> DecideEraseCase(const command::v1::EraseCase& command,
                                         const CaseFold& fold, Section section, const Call& call) {
  ASSIGN_OR_RETURN(Draft draft, DraftOf(fold, section, call, command.occurred_at()));
  const Erasure erasure = ErasureOf(fold, section);
  if (erasure.orders.empty()) {
    return RuleForbids(kRule,
                       "no order of it stands (OrderErasure): there is none, or the case is "
                       "not as it was when it was given");
  }
  RETURN_IF_ERROR(CheckAllIsHere(fold));
  RETURN_IF_ERROR(CheckNoHold(erasure.holds));
  if (!erasure.missing.empty()) {
    return RuleForbids(kRule, absl::StrCat("not everybody who wrote in the case has consented: ",
                                           absl::StrJoin(erasure.missing, ", ")));
  }
  draft.fact.mutable_case_erased();
  for (const EffectiveFact* consent : erasure.consents) draft.citations.push_back(Cite(*consent));
  return Made(fold, std::move(draft));
}

}  // namespace selaras::domain
