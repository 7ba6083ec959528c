#include <algorithm>
#include <string>
#include <vector>

#include "obvious_case.h"

namespace selaras::test {
namespace {

using F = event::v1::Fact;

// The stretch of an author's statements from where the file came to it.
struct Stay {
  const ObviousAuthor* author = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
  const ObviousFact& at(std::size_t i) const { return author->facts[i]; }
};

bool TakesIn(const event::v1::Fact& fact) {
  return fact.has_case_received() || fact.has_recommendation_received() ||
         fact.has_delegated_case_received();
}

Stay StayFrom(const ObviousAuthor& author, std::size_t begin) {
  Stay stay{&author, begin, begin + 1};
  while (stay.end < author.facts.size() && !TakesIn(stay.at(stay.end).fact) &&
         !stay.at(stay.end).fact.has_case_taken_over()) {
    ++stay.end;
  }
  return stay;
}

const ObviousFact* SentFrom(const Stay& stay) {
  const ObviousFact* sent = nullptr;
  for (std::size_t i = stay.begin; i < stay.end; ++i) {
    const auto& fact = stay.at(i).fact;
    if (fact.has_case_delegated() || fact.has_case_referred() || fact.has_sanction_recommended()) {
      sent = &stay.at(i);
    }
  }
  return sent;
}

bool Fits(const ObviousFact& taken, const ObviousFact& sent) {
  if (sent.fact.has_case_referred()) return taken.fact.has_case_received();
  if (sent.fact.has_case_delegated()) {
    return taken.fact.has_delegated_case_received() &&
           sent.fact.case_delegated().to() == taken.entry->event.author();
  }
  return taken.fact.has_recommendation_received() &&
         sent.fact.sanction_recommended().to() == taken.entry->event.author();
}

bool Cites(const ObviousFact& fact, const ObviousFact& cited) {
  const auto& citations = fact.entry->event.citations();
  return std::any_of(citations.begin(), citations.end(), [&](const auto& citation) {
    return PlaceOf(citation.position()) == PlaceOf(cited.entry->position);
  });
}

// Who took in what was sent.
Stay AnswerTo(const ObviousFact& sent, const std::vector<ObviousAuthor>& obvious) {
  for (const ObviousAuthor& author : obvious) {
    for (std::size_t i = 0; i < author.facts.size(); ++i) {
      if (Fits(author.facts[i], sent) && Cites(author.facts[i], sent)) return StayFrom(author, i);
    }
  }
  return {};
}

// What the office names that says how it got the file; nothing where it opened the case.
Place CameBy(const Stay& stay) {
  const ObviousFact& first = stay.at(stay.begin);
  if (first.fact.has_case_taken_over()) return PlaceOf(first.entry->position);
  return TakesIn(first.fact) ? PlaceOf(first.entry->event.citations(0).position()) : Place();
}

// Who took the file from an office that came by it so.
Stay TakerFrom(const std::string& office, const Place& came_by,
               const std::vector<ObviousAuthor>& obvious) {
  for (const ObviousAuthor& author : obvious) {
    for (std::size_t i = 0; i < author.facts.size(); ++i) {
      const auto& taken = author.facts[i].fact.case_taken_over();
      if (taken.from() == office && PlaceOf(taken.got_by()) == came_by) return StayFrom(author, i);
    }
  }
  return {};
}

// Whether the taker had not seen the statement.
bool IsUnseen(const ObviousFact& stated, const Stay& taker) {
  const Place seen = PlaceOf(taker.at(taker.begin).fact.case_taken_over().previous_ends());
  const Place place = PlaceOf(stated.entry->position);
  return place.first == seen.first && place.second > seen.second;
}

enum class Waits { kNoMove, kForHolder, kForSender, kForNobody };

// For whom a case waits after such a fact.
Waits WaitsAfter(const event::v1::Fact& fact) {
  switch (fact.kind_case()) {
    case F::kCaseReviewed:
      return fact.case_reviewed().accepted() ? Waits::kForHolder : Waits::kForNobody;
    case F::kCaseConcluded:
      return fact.case_concluded().violations_found().empty() ? Waits::kForNobody
                                                              : Waits::kForHolder;
    case F::kObjectionDecided:
      return fact.objection_decided().outcome() == "membatalkan" ? Waits::kForNobody
                                                                 : Waits::kForHolder;
    case F::kCaseHandedElsewhere:
    case F::kCaseDismissed:
    case F::kCaseClosed:
    case F::kDecisionHandedOver:
    case F::kSanctionRevoked:
    case F::kSanctionServed:
    case F::kRespondentLeft:
      return Waits::kForNobody;
    case F::kCaseReturned:
    case F::kSanctionDeclined:
    case F::kRespondentMoved:
      return Waits::kForSender;
    case F::kRespondentNamed:
    case F::kLegacyCaseOpened:
    case F::kCaseReceived:
    case F::kCaseVerified:
    case F::kCaseReopened:
    case F::kRecommendationReceived:
    case F::kRespondentSummoned:
    case F::kRespondentExamined:
    case F::kSanctionDecided:
    case F::kObjectionFiled:
      return Waits::kForHolder;
    default:
      return Waits::kNoMove;
  }
}

const ObviousFact* LastMove(const Stay& stay) {
  const ObviousFact* last = nullptr;
  for (std::size_t i = stay.begin; i < stay.end; ++i) {
    if (WaitsAfter(stay.at(i).fact) != Waits::kNoMove) last = &stay.at(i);
  }
  return last;
}

// Whether the sender says that the file is back, as the receiver had left it.
bool IsBack(const Stay& sender, const Stay& receiver) {
  const ObviousFact* left = LastMove(receiver);
  for (std::size_t i = sender.begin; i < sender.end; ++i) {
    const auto& fact = sender.at(i).fact;
    const bool says_so = fact.has_case_concluded() || fact.has_case_closed();
    if (says_so && left != nullptr && Cites(sender.at(i), *left)) return true;
  }
  return false;
}

}  // namespace

ObviousStatus ObviousStatusOf(const std::vector<ObviousAuthor>& obvious) {
  std::vector<Stay> stays;
  for (const ObviousAuthor& author : obvious) {
    if (author.facts.empty()) continue;
    const auto& first = author.facts[0].fact;
    if (first.has_respondent_named() || first.has_legacy_case_opened()) {
      stays.push_back(StayFrom(author, 0));
    }
  }
  if (stays.empty()) return {};
  for (;;) {
    Stay& held = stays.back();
    if (const Stay taker = TakerFrom(held.author->name, CameBy(held), obvious);
        taker.author != nullptr) {
      while (held.end > held.begin + 1 && IsUnseen(held.at(held.end - 1), taker)) --held.end;
      stays.push_back(taker);
      continue;
    }
    const ObviousFact* sent = SentFrom(held);
    if (sent == nullptr) break;
    const auto& fact = sent->fact;
    const Stay next = AnswerTo(*sent, obvious);
    // Whoever takes the file from the addressee may not have seen this answer of it.
    const Stay taker =
        TakerFrom(fact.case_delegated().to(), PlaceOf(sent->entry->position), obvious);
    if (taker.author != nullptr &&
        (next.author == nullptr || IsUnseen(next.at(next.begin), taker))) {
      stays.push_back(taker);
      continue;
    }
    if (next.author == nullptr) {
      return {stays.back().author->name, fact.has_case_referred() ? fact.case_referred().to()
                                         : fact.has_case_delegated()
                                             ? fact.case_delegated().to()
                                             : fact.sanction_recommended().to()};
    }
    stays.push_back(next);
  }
  std::size_t last = stays.size() - 1;
  while (last > 0 && IsBack(stays[last - 1], stays[last])) --last;
  const Stay& stay = stays[last];
  const ObviousFact* move = LastMove(stay);
  const Waits waits = move == nullptr ? Waits::kForHolder : WaitsAfter(move->fact);
  ObviousStatus status{stay.author->name, {}};
  if (waits == Waits::kForHolder) status.waiting_for = stay.author->name;
  if (waits == Waits::kForSender && last > 0) status.waiting_for = stays[last - 1].author->name;
  return status;
}

}  // namespace selaras::test
