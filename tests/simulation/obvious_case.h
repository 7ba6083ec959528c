#pragma once

#include <set>
#include <string>
#include <vector>

#include "paper_office.h"

// What a case is, by the simplest code that says so: read from the entries laid side by side, log
// by log, without segments, stints and the table of transitions. What the folds are compared with.
namespace selaras::test {

// A statement that stands.
struct ObviousFact {
  const PaperEntry* entry = nullptr;
  event::v1::Fact fact;
  event::v1::When occurred_at;
  std::vector<Place> corrected_by;
};

// What one authority states.
struct ObviousAuthor {
  std::string name;
  domain::Section section = domain::Section::kNone;
  std::vector<ObviousFact> facts;
  std::uint64_t entries = 0;
  std::uint32_t party_entries = 0;
  std::vector<std::string> parties;  // whom it ever made one
};

// Of these entries, in whatever order they are given. Of a log in which party entries are missing
// only what stands before the gap counts, but for those that are `whole`.
std::vector<ObviousAuthor> ObviousCaseOf(std::vector<const PaperEntry*> entries,
                                         const std::set<std::string>& whole);

// How the fold differs from it; empty if it does not.
std::string DifferenceFrom(const std::vector<ObviousAuthor>& obvious, const domain::CaseFold& fold);

// Where the file is, for somebody who sees everything. Empty if nobody opened the case.
struct ObviousStatus {
  std::string holder;
  std::string waiting_for;
};
ObviousStatus ObviousStatusOf(const std::vector<ObviousAuthor>& obvious);

}  // namespace selaras::test
