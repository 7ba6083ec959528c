#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/storage/v1/statistics.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/node/directory.h"
#include "services/node/keys.h"
#include "services/node/opener.h"
#include "services/node/round_reader.h"
#include "services/statistics/count.h"
#include "services/statistics/counts.h"
#include "storage/log/store.h"

namespace selaras::node {

// By place in a log: the look-up key of the NIP that the entry there gives a respondent; empty if
// it gives none.
using NamedPersons = std::map<std::pair<std::string, std::uint64_t>, std::string>;

// Changes of the numbers that follow from some cases and reports. What a case or report added
// before is taken away, what it adds now is added, so counting it twice changes nothing, and the
// numbers are always those of what was counted last.
//
// Persons are told apart by the look-up key of their NIP. Of each a row says in which elections and
// regions it has how many cases, and one row of numbers how many persons have theirs in exactly
// these, so that a person counts once in any selection of them.
//
// Numbers are kept by scope: one for the whole node and, where it acts for several authorities, one
// for each of them, of the cases that it may see.
class Tally {
 public:
  // Everything handed in must outlive it. What an entry says that `named` lists is not looked up.
  Tally(const RoundReader& reader, const Directory& directory, const NodeKeys& keys,
        const Opener& opener, const statistics::Counter& counter, const NamedPersons& named);

  // DATA_LOSS if the rows contradict each other. Nothing is counted of a report that is not here.
  absl::Status CountCase(const std::string& case_id);
  absl::Status CountReport(const std::string& report_id);

  // The rows as they are to be written, with those of what was counted.
  void AddRows(std::vector<log::RowWrite>* writes) const;

 private:
  using Facts = std::vector<storage::v1::EffectiveFact>;

  // With those of the private log; none of a report that is not here.
  absl::StatusOr<const Facts*> FactsOf(const std::string& report_id);
  // The look-up key of the respondent's NIP; empty if none is known.
  absl::StatusOr<std::string> PersonIn(const domain::CaseFold& fold) const;
  absl::StatusOr<std::vector<std::string>> ScopesOf(const domain::CaseFold& fold) const;
  std::vector<std::string> ScopesOfAuthor(const std::string& author) const;
  absl::Status Replace(const std::string& row, storage::v1::StoredContribution now);
  // One case more, or less, of the person that the contribution is about.
  absl::Status MovePerson(const std::string& scope, const storage::v1::StoredContribution& of,
                          bool more);
  absl::StatusOr<storage::v1::StoredPerson*> PersonOf(const std::string& row);
  // The numbers of one scope, election and region, or of several; without numbers, `where` says of
  // which.
  struct Block {
    storage::v1::StoredCounts where;
    statistics::Counts counts;
  };
  absl::StatusOr<Block*> BlockOf(const std::string& scope, const storage::v1::StoredCounts& counts);

  const RoundReader& reader_;
  const Directory& directory_;
  const NodeKeys& keys_;
  const Opener& opener_;
  const statistics::Counter& counter_;
  const NamedPersons& named_;
  std::map<std::string, Facts> facts_;                              // by report
  std::map<std::string, Block> blocks_;                             // by row
  std::map<std::string, storage::v1::StoredContribution> counted_;  // by row
  std::map<std::string, storage::v1::StoredPerson> persons_;        // by row
};

}  // namespace selaras::node
