#pragma once

#include <deque>
#include <string>
#include <vector>

#include "selaras/query/v1/query.pb.h"

#include "paper_office.h"

// What must hold of every case whatever happens to it, written apart from the table of transitions
// and from custody. Each function tells what does not hold, in words.
namespace selaras::test {

// Of what all offices together wrote.
std::vector<std::string> BrokenInLogs(const std::deque<PaperOffice>& offices);

// Of what one node makes of the entries that it holds.
std::vector<std::string> BrokenAt(const PaperOffice& office, const domain::CaseFold& fold,
                                  const HeldEntries& others);

// Of the order in which a node shows the entries.
std::vector<std::string> BrokenInTimeline(const std::vector<const PaperEntry*>& entries,
                                          const std::vector<query::v1::TimelineStep>& steps);

}  // namespace selaras::test
