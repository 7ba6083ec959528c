#pragma once

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "paper_commands.h"
#include "paper_office.h"

namespace selaras::test {

// How many there were of each thing that the generators are there for, by its name.
class Made {
 public:
  // All at zero, so that one that never happens is seen.
  Made();
  void Add(const std::string& what, int count = 1);
  bool MissesAny() const;
  const std::map<std::string, int>& counts() const { return counts_; }

 private:
  std::map<std::string, int> counts_;
};

// The shipped catalogue, and the version before it, which had another day of penetapan.
struct Versions {
  std::shared_ptr<const reference::Catalogue> now;
  std::shared_ptr<const reference::Catalogue> before;
};
Versions TwoVersions();

// One case on its way between two offices of Bawaslu, BKN and two PPKs. Each office decides by the
// real rules on what has come to it so far; what comes, and when, is chance. So offices contradict
// each other in good faith.
class History {
 public:
  History(const Versions& versions, std::mt19937_64& random, Made& made);

  // Until nobody has anything left to send.
  void Run();

  const std::deque<PaperOffice>& offices() const { return offices_; }
  // What must not happen, in words.
  const std::vector<std::string>& broken() const { return broken_; }

 private:
  bool Chance(std::uint64_t one_in);
  PaperOffice& Office(const std::string& authority);
  // Entries that the one shows to the other, and that are not there yet, oldest first.
  std::vector<const PaperEntry*> OnTheWay(const PaperOffice& from, const PaperOffice& to) const;
  void Carry(const PaperEntry& entry, PaperOffice& to);
  void CarrySome();
  void CarryAllTo(PaperOffice& to);
  void Settle();

  void Act(PaperOffice& office);
  // What the office is told that it may do, as its node says it.
  std::vector<std::string> AllowedTo(const PaperOffice& office) const;
  bool Try(PaperOffice& office, const Batch& batch);
  bool Do(PaperOffice& office, const std::string& name);
  void TryForbidden(PaperOffice& office, const std::vector<std::string>& allowed);

  // The last thing that the office did was to send the file on: what may go wrong with that.
  void MaybeRace(PaperOffice& sender);
  void RaceTheAddressee(PaperOffice& sender, PaperOffice& addressee);
  void RaceTheFirstPpk(PaperOffice& bkn);
  // Brings the case to the higher office and down again, which then takes it while the lower one,
  // not knowing, goes on.
  void RaceByTakeOver();
  // What the lower office does meanwhile, in words; empty if nothing.
  std::string GoOn(PaperOffice& lower);
  // Brings the case to a PPK, which gives it back, for the respondent moved, and is sorry.
  void RaceByMove();

  std::mt19937_64& random_;
  Made& made_;
  CommandMaker commands_;
  std::deque<PaperOffice> offices_;
  std::vector<std::string> broken_;
};

}  // namespace selaras::test
