#include "services/domain/custody.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace selaras::domain {
namespace {

using storage::v1::CaseFold;
using storage::v1::EffectiveFact;
using storage::v1::SectionFold;

bool Same(const event::v1::Position& a, const event::v1::Position& b) {
  return a.log() == b.log() && a.sequence() == b.sequence();
}

const event::v1::Citation* Cited(const Stint& stint) {
  const auto& citations = stint.segment->facts(stint.begin).citations();
  return citations.empty() ? nullptr : &citations.Get(0);
}

bool Acknowledges(const Stint& stint) {
  return IsAcknowledgement(stint.segment->facts(stint.begin).fact().kind_case());
}

std::vector<Stint> Split(const CaseFold& fold) {
  std::vector<Stint> stints;
  for (const SectionFold& segment : fold.segments()) {
    int begin = 0;
    for (int i = 1; i <= segment.facts_size(); ++i) {
      if (i < segment.facts_size() && !IsAcknowledgement(segment.facts(i).fact().kind_case())) {
        continue;
      }
      stints.push_back({&segment, static_cast<Section>(segment.section()), begin, i, nullptr});
      begin = i;
    }
  }
  // In an order that is the same at every node, whatever was heard first.
  std::sort(stints.begin(), stints.end(), [](const Stint& a, const Stint& b) {
    return std::tie(a.section, a.segment->writer(), a.begin) <
           std::tie(b.section, b.segment->writer(), b.begin);
  });
  return stints;
}

const EffectiveFact* LastHandOver(const Stint& stint);
bool Answers(const Stint& stint, const EffectiveFact& hand_over);

// Whether what the stint acknowledges was taken back: of its sender nothing stands, though the
// entry was here.
bool IsLeftAlone(const Stint& stint, const CaseFold& fold) {
  const event::v1::Citation* cited = Acknowledges(stint) ? Cited(stint) : nullptr;
  if (cited == nullptr) return false;
  return std::any_of(fold.segments().begin(), fold.segments().end(),
                     [&](const SectionFold& sender) {
                       return &sender != stint.segment && sender.facts().empty() &&
                              sender.last().log() == cited->position().log() &&
                              sender.last().sequence() >= cited->position().sequence();
                     });
}

// How well a stint opens the case; 0: not at all. An office sees its own naming; the others see
// what it stated from the first hand-over on, whatever of it was taken back. Whoever forges an
// opening of a case of others cannot make its addressee acknowledge it. The stint of an office to
// which the case was delegated stands in for the one before it as long as that is not here. A
// notice opens only what nobody else opens, and its receipt alone nothing.
int OpeningRank(const Stint& stint, const std::vector<Stint>& stints, const CaseFold& fold) {
  const auto& first = stint.segment->facts(stint.begin).fact();
  if (first.has_respondent_named()) return 8;
  if (first.has_legacy_case_opened()) return 7;
  if (first.has_violation_noticed()) return stint.begin == 0 ? 1 : 0;
  if (stint.section != Section::kIntake || first.has_notice_received()) return 0;
  if (IsLeftAlone(stint, fold)) return 0;
  const int begun = Acknowledges(stint) ? 1 : 4;
  int rank = begun;
  for (int i = stint.begin; i < stint.end; ++i) {
    const EffectiveFact& fact = stint.segment->facts(i);
    if (!IsHandOver(fact.fact().kind_case())) continue;
    rank = std::max(rank, begun + 1);
    for (const Stint& other : stints) {
      if (Answers(other, fact)) return begun + 2;
    }
  }
  return rank;
}

std::vector<Stint>::iterator FindOpening(std::vector<Stint>& stints, const CaseFold& fold) {
  auto best = stints.end();
  int rank = 0;
  for (auto stint = stints.begin(); stint != stints.end(); ++stint) {
    const int own = OpeningRank(*stint, stints, fold);
    if (own > rank) std::tie(best, rank) = std::pair(stint, own);
  }
  return best;
}

const EffectiveFact* LastHandOver(const Stint& stint) {
  for (int i = stint.end - 1; i >= stint.begin; --i) {
    const EffectiveFact& fact = stint.segment->facts(i);
    // A notice hands over only the case that it opens.
    if (fact.fact().has_violation_noticed() && i > 0) continue;
    if (IsHandOver(fact.fact().kind_case())) return &fact;
  }
  return nullptr;
}

// A referral may be answered by whoever took the addressee's place, which only the catalogue
// knows: it was checked when the answer was decided. The others name their addressee exactly.
bool MayAnswer(const Stint& stint, const EffectiveFact& hand_over) {
  return hand_over.fact().has_case_referred() ||
         AddresseeOf(hand_over.fact()) == stint.segment->writer();
}

bool Answers(const Stint& stint, const EffectiveFact& hand_over) {
  const event::v1::Citation* cited = Cited(stint);
  return Acknowledges(stint) && cited != nullptr &&
         AcknowledgementOf(hand_over.fact().kind_case()) ==
             stint.segment->facts(stint.begin).fact().kind_case() &&
         Same(cited->position(), hand_over.position()) &&
         cited->leaf_hash() == hand_over.leaf_hash() && MayAnswer(stint, hand_over);
}

Stint* AnswerTo(const EffectiveFact& hand_over, std::vector<Stint>& stints) {
  for (Stint& stint : stints) {
    if (stint.received == nullptr && Answers(stint, hand_over)) return &stint;
  }
  return nullptr;
}

// Whether the entry that the stint cites should be here by now, so that its absence says something.
bool ShouldBeHere(const event::v1::Citation& cited, const CaseFold& fold) {
  return std::any_of(fold.segments().begin(), fold.segments().end(), [&](const SectionFold& known) {
    return known.last().log() == cited.position().log() &&
           known.last().sequence() >= cited.position().sequence();
  });
}

// Everybody to whom the file was handed while it was in this chain, also in vain.
bool WasHandedOver(const Stint& stint, const std::vector<Stint>& chain) {
  for (const Stint& sender : chain) {
    for (int i = sender.begin; i < sender.end; ++i) {
      const EffectiveFact& fact = sender.segment->facts(i);
      if (IsHandOver(fact.fact().kind_case()) && Answers(stint, fact)) return true;
    }
  }
  return false;
}

std::string Name(const Stint& stint) {
  return absl::StrCat("the ", SectionName(stint.section), " section by ", stint.segment->writer());
}

// What a PPK stated after the recommendation went to another one.
void FindLateEntries(const Custody& custody, const CaseFold& fold,
                     std::vector<std::string>& found) {
  for (const Stint& sender : custody.stints) {
    for (int i = sender.begin; i < sender.end; ++i) {
      const auto& ends = sender.segment->facts(i).fact().sanction_recommended().previous_ends();
      if (ends.log().empty()) continue;
      for (const SectionFold& segment : fold.segments()) {
        if (static_cast<Section>(segment.section()) != Section::kSanction) continue;
        const bool holds = LastStint(custody, Section::kSanction) != nullptr &&
                           LastStint(custody, Section::kSanction)->segment == &segment;
        if (holds || segment.last().log() != ends.log()) continue;
        for (const EffectiveFact& fact : segment.facts()) {
          // What it notes for itself is no going on, and nobody else sees it.
          if (fact.position().sequence() <= ends.sequence() || fact.party_number() == 0) continue;
          found.push_back(absl::StrCat(fact.position().log(), "@", fact.position().sequence(), ": ",
                                       segment.writer(),
                                       " goes on after the case went to another PPK"));
        }
      }
    }
  }
}

// What a PPK stated that took a recommendation in while it went to another one, which so names no
// end of what the first one wrote.
void FindOvertaken(const std::vector<Stint>& stints, Custody& custody) {
  for (const Stint& sender : custody.stints) {
    const EffectiveFact* before = nullptr;
    for (int i = sender.begin; i < sender.end; ++i) {
      const EffectiveFact& fact = sender.segment->facts(i);
      if (!fact.fact().has_sanction_recommended()) continue;
      const bool overtakes =
          before != nullptr && !fact.fact().sanction_recommended().has_previous_ends();
      for (const Stint& stint : stints) {
        if (!overtakes || stint.received != nullptr || !Answers(stint, *before)) continue;
        for (int j = stint.begin; j < stint.end; ++j) {
          const EffectiveFact& late = stint.segment->facts(j);
          if (late.party_number() == 0) continue;
          custody.contradictions.push_back(
              absl::StrCat(late.position().log(), "@", late.position().sequence(), ": ",
                           stint.segment->writer(), " goes on after the case went to another PPK"));
        }
      }
      before = &fact;
    }
  }
}

}  // namespace

Custody CustodyOf(const CaseFold& fold) {
  Custody custody;
  std::vector<Stint> stints = Split(fold);
  const auto opening = FindOpening(stints, fold);
  if (opening != stints.end()) {
    custody.stints.push_back(*opening);
    while (const EffectiveFact* sent = LastHandOver(custody.stints.back())) {
      Stint* next = AnswerTo(*sent, stints);
      if (next == nullptr) {
        custody.under_way = sent;
        break;
      }
      next->received = sent;
      custody.stints.push_back(*next);
    }
  }
  for (const Stint& stint : stints) {
    const bool opens = opening != stints.end() && stint.segment == opening->segment &&
                       stint.begin == opening->begin;
    if (opens || stint.received != nullptr || WasHandedOver(stint, custody.stints)) {
      if (!IsKnown(custody, *stint.segment)) custody.known.push_back(stint.segment);
      continue;
    }
    const event::v1::Citation* cited = Acknowledges(stint) ? Cited(stint) : nullptr;
    if (cited != nullptr && !ShouldBeHere(*cited, fold)) continue;
    std::string line = absl::StrCat(Name(stint), " answers nothing that was handed to it");
    auto& lines = custody.contradictions;
    if (std::find(lines.begin(), lines.end(), line) == lines.end())
      lines.push_back(std::move(line));
  }
  FindLateEntries(custody, fold, custody.contradictions);
  FindOvertaken(stints, custody);
  return custody;
}

bool IsKnown(const Custody& custody, const SectionFold& segment) {
  return std::find(custody.known.begin(), custody.known.end(), &segment) != custody.known.end();
}

const Stint* LastStint(const Custody& custody, Section section) {
  const Stint* last = nullptr;
  for (const Stint& stint : custody.stints) {
    if (stint.section == section) last = &stint;
  }
  return last;
}

const EffectiveFact* LastFact(const Stint& stint, FactKind kind) {
  for (int i = stint.end - 1; i >= stint.begin; --i) {
    if (stint.segment->facts(i).fact().kind_case() == kind) return &stint.segment->facts(i);
  }
  return nullptr;
}

}  // namespace selaras::domain
