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

const event::v1::Citation* Cited(const Stint& stint) {
  const auto& citations = stint.segment->facts(stint.begin).citations();
  return citations.empty() ? nullptr : &citations.Get(0);
}

bool Acknowledges(const Stint& stint) {
  return IsAcknowledgement(stint.segment->facts(stint.begin).fact().kind_case());
}

bool BeginsStint(FactKind kind) {
  return IsAcknowledgement(kind) || kind == event::v1::Fact::kCaseTakenOver;
}

std::vector<Stint> Split(const CaseFold& fold) {
  std::vector<Stint> stints;
  for (const SectionFold& segment : fold.segments()) {
    int begin = 0;
    for (int i = 1; i <= segment.facts_size(); ++i) {
      if (i < segment.facts_size() && !BeginsStint(segment.facts(i).fact().kind_case())) continue;
      // Of whoever took back all else that it stated.
      const bool moves =
          std::any_of(segment.facts().begin() + begin, segment.facts().begin() + i,
                      [](const EffectiveFact& fact) { return !IsBeside(fact.fact().kind_case()); });
      if (moves) {
        stints.push_back({&segment, static_cast<Section>(segment.section()), begin, i, nullptr});
      }
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
                       return &sender != stint.segment && NothingStands(sender) &&
                              sender.last().log() == cited->position().log() &&
                              sender.last().sequence() >= cited->position().sequence();
                     });
}

// Whether the take-over leaves the fact outside the case.
bool LeavesOut(const event::v1::CaseTakenOver& taken, const EffectiveFact& fact) {
  return fact.position().log() == taken.previous_ends().log() &&
         fact.position().sequence() > taken.previous_ends().sequence();
}

// Whether somebody took the case over before all that is here of the stint, which then opens
// nothing. What is handed to the office afterwards it acknowledges.
bool IsLate(const Stint& stint, const std::vector<Stint>& stints) {
  if (Acknowledges(stint)) return false;
  return std::any_of(stints.begin(), stints.end(), [&](const Stint& other) {
    const auto* taken = TakeOverOf(other);
    return taken != nullptr && taken->from() == stint.segment->writer() &&
           LeavesOut(*taken, stint.segment->facts(stint.begin));
  });
}

// How well a stint opens the case; 0: not at all. An office sees its own naming; the others see
// what it stated from the first hand-over on, whatever of it was taken back. Whoever forges an
// opening of a case of others cannot make its addressee acknowledge it. The stint of an office to
// which the case was delegated, or which took it over, stands in for the one before it as long as
// that is not here. A notice opens only what nobody else opens, and its receipt alone nothing.
int OpeningRank(const Stint& stint, const std::vector<Stint>& stints, const CaseFold& fold) {
  const auto& first = stint.segment->facts(stint.begin).fact();
  if (first.has_respondent_named()) return 8;
  if (first.has_legacy_case_opened()) return 7;
  if (first.has_violation_noticed()) return stint.begin == 0 ? 1 : 0;
  if (stint.section != Section::kIntake || first.has_notice_received()) return 0;
  if (IsLeftAlone(stint, fold) || IsLate(stint, stints)) return 0;
  const int begun = Acknowledges(stint) || TakeOverOf(stint) != nullptr ? 1 : 4;
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

bool SameStint(const Stint& a, const Stint& b) {
  return a.segment == b.segment && a.begin == b.begin;
}

bool IsIn(const std::vector<Stint>& chain, const Stint& stint) {
  return std::any_of(chain.begin(), chain.end(),
                     [&](const Stint& other) { return SameStint(stint, other); });
}

// Everybody to whom the file was handed by one of these, also in vain.
bool WasHandedOver(const Stint& stint, const std::vector<Stint>& senders) {
  for (const Stint& sender : senders) {
    for (int i = sender.begin; i < sender.end; ++i) {
      const EffectiveFact& fact = sender.segment->facts(i);
      if (IsHandOver(fact.fact().kind_case()) && Answers(stint, fact)) return true;
    }
  }
  return false;
}

// The take-over from the office that got the file by this; nullptr if there is none that counts and
// is not in the chain yet.
const Stint* TakeOverFrom(absl::string_view office, const event::v1::Position& got_by,
                          const std::vector<Stint>& stints, const Custody& custody) {
  for (const Stint& stint : stints) {
    const auto* taken = TakeOverOf(stint);
    if (taken != nullptr && taken->from() == office && Same(taken->got_by(), got_by) &&
        MayTakeFrom(custody, stint.segment->writer()) && !IsIn(custody.stints, stint)) {
      return &stint;
    }
  }
  return nullptr;
}

// Ends the stint where the take-over says.
void Cut(const event::v1::CaseTakenOver& taken, Stint& stint) {
  while (stint.end > stint.begin + 1 && LeavesOut(taken, stint.segment->facts(stint.end - 1))) {
    --stint.end;
  }
}

// Follows the file from the opening on.
void Follow(std::vector<Stint>& stints, Custody& custody) {
  for (;;) {
    Stint& last = custody.stints.back();
    if (const Stint* taker = TakeOverFrom(last.segment->writer(), GotBy(last), stints, custody)) {
      Cut(*TakeOverOf(*taker), last);
      custody.stints.push_back(*taker);
      continue;
    }
    const EffectiveFact* sent = LastHandOver(last);
    if (sent == nullptr) return;
    Stint* next = AnswerTo(*sent, stints);
    // The addressee may take back that it took the file in, and do so again: too late.
    const Stint* taker = TakeOverFrom(AddresseeOf(sent->fact()), sent->position(), stints, custody);
    if (taker != nullptr &&
        (next == nullptr || LeavesOut(*TakeOverOf(*taker), next->segment->facts(next->begin)))) {
      custody.stints.push_back(*taker);
      continue;
    }
    if (next == nullptr) {
      custody.under_way = sent;
      return;
    }
    next->received = sent;
    custody.stints.push_back(*next);
  }
}

// What offices stated after the case was taken over from them: the rest of their stints, and those
// that never came to be.
std::vector<Stint> LeftOut(const std::vector<Stint>& stints, const Custody& custody) {
  std::vector<Stint> left_out;
  for (const Stint& taker : custody.stints) {
    const auto* taken = TakeOverOf(taker);
    if (taken == nullptr) continue;
    for (Stint stint : stints) {
      const bool theirs =
          stint.section == Section::kIntake && stint.segment->writer() == taken->from();
      if (!theirs) continue;
      for (const Stint& held : custody.stints) {
        if (SameStint(held, stint)) stint.begin = held.end;
      }
      const bool late =
          stint.begin < stint.end && LeavesOut(*taken, stint.segment->facts(stint.begin));
      if (late && !IsIn(left_out, stint)) left_out.push_back(stint);
    }
  }
  return left_out;
}

// Who took in what these handed over, and who took it in from them.
std::vector<Stint> ReceivedFrom(std::vector<Stint> senders, const std::vector<Stint>& stints,
                                const Custody& custody) {
  std::vector<Stint> receivers;
  while (!senders.empty()) {
    std::vector<Stint> next;
    for (const Stint& stint : stints) {
      if (IsIn(custody.stints, stint) || IsIn(receivers, stint)) continue;
      if (WasHandedOver(stint, senders)) next.push_back(stint);
    }
    receivers.insert(receivers.end(), next.begin(), next.end());
    senders = std::move(next);
  }
  return receivers;
}

std::string Name(const Stint& stint) {
  return absl::StrCat("the ", SectionName(stint.section), " section by ", stint.segment->writer());
}

// Whether somebody who states this goes on with a case that it does not have. What it notes for
// itself nobody else sees, whoever wrote in a case says when that may be forgotten, and a document
// goes on with nothing.
bool GoesOn(const EffectiveFact& fact) {
  return fact.party_number() > 0 && !IsBeside(fact.fact().kind_case());
}

// What an office stated after the case was taken over.
void FindLateFacts(const Stint& late, std::vector<std::string>& found) {
  for (int i = late.begin; i < late.end; ++i) {
    const EffectiveFact& fact = late.segment->facts(i);
    if (!GoesOn(fact)) continue;
    found.push_back(absl::StrCat(fact.position().log(), "@", fact.position().sequence(), ": ",
                                 late.segment->writer(), " goes on after the case was taken over"));
  }
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
          if (fact.position().sequence() <= ends.sequence() || !GoesOn(fact)) continue;
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
          if (!GoesOn(late)) continue;
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
    Follow(stints, custody);
  }
  const std::vector<Stint> left_out = LeftOut(stints, custody);
  const auto know = [&](const SectionFold& segment) {
    if (!IsKnown(custody, segment)) custody.known.push_back(&segment);
  };
  const auto contradict = [&](std::string line) {
    auto& lines = custody.contradictions;
    if (std::find(lines.begin(), lines.end(), line) == lines.end())
      lines.push_back(std::move(line));
  };
  const std::vector<Stint> received_in_vain = ReceivedFrom(left_out, stints, custody);
  for (const Stint& stint : stints) {
    const bool in_chain = IsIn(custody.stints, stint);
    if (in_chain || WasHandedOver(stint, custody.stints) || IsIn(left_out, stint)) {
      know(*stint.segment);
      continue;
    }
    if (IsIn(received_in_vain, stint)) {
      know(*stint.segment);
      contradict(absl::StrCat(Name(stint),
                              " received what had been taken over: put it aside; the office "
                              "that has the case now sends it again"));
      continue;
    }
    const event::v1::Citation* cited =
        Acknowledges(stint) || TakeOverOf(stint) != nullptr ? Cited(stint) : nullptr;
    if (cited != nullptr && !ShouldBeHere(*cited, fold)) {
      custody.set_aside.push_back({stint.segment, cited->position(), LastHandOver(stint)});
      continue;
    }
    // Of a voided fact nothing stands, so that the two causes look alike here.
    contradict(absl::StrCat(Name(stint), " answers nothing that was handed to it",
                            cited != nullptr && Acknowledges(stint)
                                ? ": what it acknowledges was taken back, or never sent: put it "
                                  "aside until it is sent again"
                                : ""));
  }
  for (const Stint& late : left_out) FindLateFacts(late, custody.contradictions);
  FindLateEntries(custody, fold, custody.contradictions);
  FindOvertaken(stints, custody);
  return custody;
}

const event::v1::CaseTakenOver* TakeOverOf(const Stint& stint) {
  const auto& first = stint.segment->facts(stint.begin).fact();
  return first.has_case_taken_over() ? &first.case_taken_over() : nullptr;
}

bool MayTakeFrom(const Custody& custody, absl::string_view office) {
  return std::any_of(custody.stints.begin(), custody.stints.end(), [&](const Stint& stint) {
    const auto& parties = stint.segment->parties();
    return stint.segment->writer() == office ||
           std::find(parties.begin(), parties.end(), office) != parties.end();
  });
}

event::v1::Position GotBy(const Stint& stint) {
  if (TakeOverOf(stint) != nullptr) return stint.segment->facts(stint.begin).position();
  const event::v1::Citation* cited = Acknowledges(stint) ? Cited(stint) : nullptr;
  return cited == nullptr ? event::v1::Position() : cited->position();
}

bool NothingStands(const SectionFold& segment) {
  return std::all_of(segment.facts().begin(), segment.facts().end(),
                     [](const EffectiveFact& fact) { return IsBeside(fact.fact().kind_case()); });
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
