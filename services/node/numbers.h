#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"

#include "services/node/directory.h"
#include "services/node/keys.h"
#include "services/node/opener.h"
#include "services/node/round_reader.h"
#include "services/node/tally.h"
#include "services/statistics/count.h"
#include "storage/log/store.h"

namespace selaras::node {

// Keeps the numbers of a node behind what is projected: notes which cases and reports entries are
// about and whom they name, and counts each of them once, however many entries came meanwhile.
//
// How far the numbers reach is written with them; what was noted and not counted before a stop is
// found again from there. One caller at a time, and no projector's step meanwhile.
class Numbers {
 public:
  // Everything handed in must outlive the object.
  Numbers(log::Store& store, const Directory& directory, const NodeKeys& keys,
          const Opener& opener);

  // Notes what was projected and not counted.
  absl::Status Open();

  // An entry was projected.
  void Note(const event::v1::Event& event);
  // What its personal part held when it was, if there is one; nothing is noted of what is pending.
  void NotePart(const event::v1::Event& event, const event::v1::Position& position,
                const Opened& opened);
  // When keys were destroyed: what was opened with them is remembered no more.
  void ForgetParts() { named_.clear(); }
  // How much is noted: cases and reports to be counted.
  std::size_t noted() const { return fresh_.size() + waiting_.size(); }

  // Counts everything that was noted and writes the numbers, which are then those of all that is
  // projected, as one unit. False if they were so before.
  absl::StatusOr<bool> Count();
  // Counts what was noted since the last counting, but for cases and reports with own entries that
  // are still to be projected: these note them again, unless they are lost, and what is counted now
  // would be counted again at once. What is left is for Count(). Reads and opens what is not noted
  // with what the caller has at hand, which holds at least what is projected.
  absl::Status CountSettled(const RoundReader& reader, const Opener& opener);

 private:
  struct Noted {
    std::set<std::string> cases;
    std::set<std::string> reports;

    std::size_t size() const { return cases.size() + reports.size(); }
  };

  absl::Status NoteOwn(const log::LogReader& log);
  absl::Status NoteForeign(const log::Mirror& mirror);
  // Counts those of `fresh_` that are settled, by their own part, which may be none; the rest
  // waits.
  absl::Status CountWhere(
      const RoundReader& reader, const Opener& opener,
      const std::function<bool(const storage::v1::StoredSubject* own)>& settled);
  // The rows that say how far the numbers reach, where they change.
  absl::StatusOr<std::vector<log::RowWrite>> Reached() const;

  log::Store& store_;
  const Directory& directory_;
  const NodeKeys& keys_;
  const Opener& opener_;
  const statistics::Counter counter_;
  Noted fresh_;         // since the last counting
  Noted waiting_;       // looked at before and not settled then
  NamedPersons named_;  // a cache, of some thousand entries
};

}  // namespace selaras::node
