#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "selaras/query/v1/query.pb.h"

#include "history.h"
#include "paper_office.h"

namespace selaras::test {

// What somebody makes of a case.
struct Seen {
  std::string fold;  // as bytes
  std::string status;
  std::vector<std::string> parties;
  std::vector<std::string> contradictions;
  base::Digest party_digest;
  std::vector<Place> timeline;
  std::string respondent;
  bool pending = false;  // not all keys are here

  bool operator==(const Seen&) const = default;
};

// The node of an office from the beginning: what the office wrote and what came to it reach it
// once more, in another order. Of its own log it keeps the order; of those of others anything may
// come late.
class Observer {
 public:
  explicit Observer(const PaperOffice& office);

  // Everything, in a random order. What does not hold on the way, in words.
  std::vector<std::string> Replay(std::mt19937_64& random, Made& made);

  Seen See(const node::Opener& opener) const;

 private:
  std::vector<const PaperEntry*> Order(std::mt19937_64& random) const;
  domain::CaseFold Fold() const;
  void Add(const PaperEntry& entry, std::mt19937_64& random, Made& made);

  const PaperOffice& office_;
  storage::v1::StoredSubject own_;
  HeldEntries others_;
  KeyRing keys_;
  std::vector<const PaperEntry*> here_;
};

// Status in words, comparable between nodes.
std::string DescribeStatus(const domain::CaseFold& fold);

}  // namespace selaras::test
