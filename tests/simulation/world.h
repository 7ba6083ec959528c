#pragma once

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "line.h"
#include "offices.h"
#include "tests/support/case_node.h"

namespace selaras::test {

// Two offices of Bawaslu, BKN and two PPKs that know nothing of each other, their links, and desks
// with work to do. Whatever breaks a promise is written down in broken().
class World {
 public:
  World(int cases, std::mt19937_64& random);

  // One thing happens, chosen at random: an office asks, a node commits or derives, a watcher
  // speaks, a frame moves or is lost, a line breaks, a node loses its power, days pass.
  void Step();
  // No more trouble: everybody finishes. False if that does not come.
  bool Settle();

  // What must be true when all is settled.
  void CheckEffects();  // one effect per request id
  void CheckRungs();    // each rung stated once, by whom it is for, and none left unsaid
  void CheckMirrors();  // verified prefixes, and no entry for whom it is not
  void CheckCases();    // equal folds at all parties, nothing elsewhere, look-ups
  void CheckRows();     // every row of own sections follows from its entries
  void CheckAudits();   // an auditor finds nothing, whether or not everything was derived
  void CheckNumbers();  // statistics are those of a count of all cases

  const std::vector<std::string>& broken() const { return broken_; }
  std::uint64_t rungs() const { return rungs_; }  // counted by CheckRungs

 private:
  // A request at a node's door.
  struct Asked {
    node::Request request;
    Desk* desk;
  };
  struct Node {
    std::unique_ptr<CaseNode> node;
    std::deque<Asked> queue;
    std::int64_t clock_error = 0;  // seconds
  };

  Node& Any() { return nodes_[Between(0, nodes_.size() - 1)]; }
  Line& AnyLine() { return lines_[Between(0, lines_.size() - 1)]; }
  std::uint64_t Between(std::uint64_t low, std::uint64_t high);

  void Ask(Desk& desk);
  void Commit(Node& at, std::size_t most, bool answers_arrive);
  void Answer(const Asked& asked, const node::Outcome& outcome);
  void PowerCut(Node& at);
  void Repeat();
  void Speak(Node& at);
  bool FinishWork();
  void Move(Line& line);
  void Grew(const CaseNode& node);
  void Advance(absl::Duration by);
  bool Settled();

  void CheckCase(const PlannedCase& planned);
  void CheckParty(const PlannedCase& planned, const std::string& id, const CaseNode& node);
  void CheckMirror(const CaseNode& node, const log::Mirror& mirror);
  domain::CaseFold FoldAt(const CaseNode& node, const std::string& id) const;
  bool IsParty(const CaseNode& node, const std::string& id) const;
  void Broken(const std::string& what) { broken_.push_back(what); }

  std::mt19937_64& random_;
  Trouble trouble_;
  absl::Duration silence_;
  // A day after the last thing that the offices do, so that some limits have still to run out.
  absl::Time now_ = absl::FromUnixSeconds(1'732'950'000);  // 2024-11-30
  std::deque<Node> nodes_;                                 // the office that opens cases first
  std::deque<Line> lines_;
  std::deque<PlannedCase> cases_;
  // First answers, by node and request id.
  std::map<std::pair<const CaseNode*, std::string>, command::v1::CommandOutcome> answered_;
  std::vector<Asked> accepted_;
  std::uint64_t rungs_ = 0;
  std::vector<std::string> broken_;
};

}  // namespace selaras::test
