#include "invariants.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"

#include "obvious_case.h"
#include "services/domain/facts.h"

namespace selaras::test {
namespace {

using F = event::v1::Fact;
using Broken = std::vector<std::string>;

std::string Show(const event::v1::Position& position) {
  return absl::StrCat(position.log(), "@", position.sequence(), ": ");
}

std::vector<const PaperEntry*> AllOf(const std::deque<PaperOffice>& offices) {
  std::vector<const PaperEntry*> all;
  for (const PaperOffice& office : offices) {
    for (const PaperEntry& entry : office.log()) all.push_back(&entry);
  }
  return all;
}

void CheckNumbers(const PaperOffice& office, Broken& broken) {
  std::uint32_t last = 0;
  for (const PaperEntry& entry : office.log()) {
    const std::uint32_t number = entry.event.party_number();
    if (number != 0 && !entry.again && number != ++last) {
      broken.push_back(absl::StrCat(Show(entry.position), "has party number ", number));
    }
  }
}

// What stays in the office, whoever is a party.
bool IsOfOffice(const event::v1::Fact& fact) {
  return fact.has_report_received() || fact.has_respondent_named() ||
         fact.has_respondent_identified() || fact.has_respondent_clarified() ||
         fact.has_case_linked() || fact.has_case_assigned() || fact.has_conflict_flagged();
}

void CheckVisibility(const PaperEntry& entry, Broken& broken) {
  const auto& event = entry.event;
  if (event.party_number() > 0 && IsOfOffice(event.fact())) {
    broken.push_back(absl::StrCat(Show(entry.position), "an office fact is there for parties"));
  }
  if (event.plain().has_reporter() || !event.plain().chronology().empty() ||
      !event.plain().place().empty() || event.plain().evidence_size() > 0) {
    broken.push_back(absl::StrCat(Show(entry.position), "what never leaves is in the shared log"));
  }
}

void CheckReferral(const PaperEntry& entry, Broken& broken) {
  if (!entry.event.fact().has_case_referred()) return;
  const std::string& nip = entry.event.plain().respondent().nip();
  if (nip.size() == 18 && std::all_of(nip.begin(), nip.end(), [](char c) { return isdigit(c); })) {
    return;
  }
  broken.push_back(absl::StrCat(Show(entry.position), "a referral without a NIP"));
}

void CheckCitations(const PaperEntry& entry, const std::map<Place, const PaperEntry*>& all,
                    Broken& broken) {
  for (const auto& citation : entry.event.citations()) {
    if (citation.position().log().empty()) continue;  // of the report, which is not played here
    const auto cited = all.find(PlaceOf(citation.position()));
    if (cited != all.end() && citation.leaf_hash() == cited->second->leaf_hash.view()) continue;
    broken.push_back(absl::StrCat(Show(entry.position), "cites what is not there"));
  }
}

// Nothing about a sanction without a recommendation to this PPK that it took in before.
void CheckAssignment(const ObviousAuthor& author, const std::map<Place, const PaperEntry*>& all,
                     Broken& broken) {
  if (author.section != domain::Section::kSanction) return;
  bool assigned = false;
  for (const ObviousFact& stated : author.facts) {
    if (stated.fact.has_recommendation_received()) {
      for (const auto& citation : stated.entry->event.citations()) {
        const auto cited = all.find(PlaceOf(citation.position()));
        assigned =
            assigned || (cited != all.end() &&
                         cited->second->event.fact().sanction_recommended().to() == author.name);
      }
    }
    if (!assigned) {
      broken.push_back(
          absl::StrCat(Show(stated.entry->position), "a PPK acts without an assignment"));
    }
  }
}

// Whether nothing is to come after the fact, but what is listed in MayFollow.
bool IsEnd(const event::v1::Fact& fact) {
  switch (fact.kind_case()) {
    case F::kCaseReviewed:
      return !fact.case_reviewed().accepted();
    case F::kCaseConcluded:
      return fact.case_concluded().violations_found().empty();
    case F::kObjectionDecided:
      return fact.objection_decided().outcome() == "membatalkan";
    case F::kCaseHandedElsewhere:
    case F::kCaseDelegated:
    case F::kCaseDismissed:
    case F::kCaseClosed:
    case F::kSanctionDeclined:
    case F::kSanctionRevoked:
    case F::kSanctionServed:
    case F::kRespondentLeft:
    case F::kRespondentMoved:
      return true;
    default:
      return false;
  }
}

bool Reopens(const event::v1::Fact& fact) {
  return fact.has_case_reopened() || fact.has_case_received() ||
         fact.has_recommendation_received() || fact.has_delegated_case_received() ||
         fact.has_case_taken_over();
}

bool MayFollow(const event::v1::Fact& end, const event::v1::Fact& fact) {
  if (fact.has_copy_sent() || fact.has_copy_received() || fact.has_request_made() ||
      fact.has_request_answered() || fact.has_conflict_flagged() ||
      domain::IsOfErasure(fact.kind_case())) {
    return true;
  }
  if (fact.has_services_unblocked()) return end.has_case_closed() || end.has_case_dismissed();
  if (fact.has_case_linked()) return end.has_case_reviewed() || end.has_case_concluded();
  return fact.has_respondent_identified() && end.has_case_concluded();
}

void CheckClosure(const ObviousAuthor& author, Broken& broken) {
  const ObviousFact* end = nullptr;
  for (const ObviousFact& stated : author.facts) {
    if (Reopens(stated.fact)) end = nullptr;
    if (end != nullptr && !MayFollow(end->fact, stated.fact)) {
      broken.push_back(absl::StrCat(Show(stated.entry->position), "comes after the end at ",
                                    Show(end->entry->position)));
    }
    if (IsEnd(stated.fact)) end = &stated;
  }
}

// Everybody whom an entry ever made a party, who opened the case, and who took it in from somebody
// whose word for that may not be here yet.
std::set<std::string> Concerned(const std::vector<ObviousAuthor>& obvious) {
  std::set<std::string> all;
  for (const ObviousAuthor& author : obvious) {
    all.insert(author.parties.begin(), author.parties.end());
    for (const ObviousFact& stated : author.facts) {
      if (stated.fact.has_respondent_named() || Reopens(stated.fact)) all.insert(author.name);
    }
  }
  if (all.contains("kasn")) all.insert("bkn");  // its successor
  return all;
}

}  // namespace

Broken BrokenInLogs(const std::deque<PaperOffice>& offices) {
  Broken broken;
  std::map<Place, const PaperEntry*> all;
  std::set<std::string> logs;
  for (const PaperEntry* entry : AllOf(offices)) {
    all[PlaceOf(entry->position)] = entry;
    logs.insert(entry->position.log());
  }
  for (const PaperOffice& office : offices) CheckNumbers(office, broken);
  for (const auto& [place, entry] : all) {
    CheckVisibility(*entry, broken);
    CheckReferral(*entry, broken);
    CheckCitations(*entry, all, broken);
  }
  for (const ObviousAuthor& author : ObviousCaseOf(AllOf(offices), logs)) {
    CheckAssignment(author, all, broken);
    CheckClosure(author, broken);
  }
  return broken;
}

Broken BrokenAt(const PaperOffice& office, const domain::CaseFold& fold,
                const HeldEntries& others) {
  Broken broken;
  std::vector<const PaperEntry*> held;
  for (const auto& [place, entry] : others.entries()) {
    held.push_back(entry);
    if (entry->event.party_number() == 0) {
      broken.push_back(absl::StrCat(Show(entry->position), "an office entry came to a party"));
    }
  }
  const auto* own = domain::FindSegment(fold.segments(), office.section(), office.authority());
  for (const PaperEntry& entry : office.log()) {
    const bool here = own != nullptr && own->last().sequence() >= entry.position.sequence();
    if (here) held.push_back(&entry);
  }
  const auto obvious = ObviousCaseOf(held, {office.name()});
  if (std::string difference = DifferenceFrom(obvious, fold); !difference.empty()) {
    broken.push_back(absl::StrCat("the fold ", difference));
  }
  const domain::Status status = domain::StatusOf(fold);
  const auto concerned = Concerned(obvious);
  for (const std::string& who : {status.holder, status.waiting_for}) {
    if (!who.empty() && !concerned.contains(who)) {
      broken.push_back(absl::StrCat(who, " is no party and has, or is waited for with, the file"));
    }
  }
  if (status.holder.empty() && !status.waiting_for.empty()) {
    broken.push_back(absl::StrCat("nobody has the file, and it waits for ", status.waiting_for));
  }
  for (const std::string& party : domain::PartiesOf(fold)) {
    if (!concerned.contains(party)) broken.push_back(absl::StrCat(party, " is no party"));
  }
  return broken;
}

Broken BrokenInTimeline(const std::vector<const PaperEntry*>& entries,
                        const std::vector<query::v1::TimelineStep>& steps) {
  Broken broken;
  if (steps.size() != entries.size()) broken.push_back("the timeline has not each entry once");
  std::map<Place, std::size_t> at;
  for (std::size_t i = 0; i < steps.size(); ++i) at[PlaceOf(steps[i].position())] = i;
  for (const PaperEntry* entry : entries) {
    const auto place = at.find(PlaceOf(entry->position));
    if (place == at.end()) {
      broken.push_back(absl::StrCat(Show(entry->position), "is not in the timeline"));
      continue;
    }
    for (const auto& citation : entry->event.citations()) {
      const auto cited = at.find(PlaceOf(citation.position()));
      if (cited != at.end() && cited->second >= place->second) {
        broken.push_back(absl::StrCat(Show(entry->position), "stands before what it cites"));
      }
    }
  }
  for (auto i = at.begin(), next = i; i != at.end(); i = next) {
    if (++next == at.end() || next->first.first != i->first.first) continue;
    if (next->second < i->second) broken.push_back("a log is out of its order in the timeline");
  }
  return broken;
}

}  // namespace selaras::test
