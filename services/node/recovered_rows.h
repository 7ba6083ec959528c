#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/command/v1/command.pb.h"
#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/facts.h"
#include "storage/crypto/random.h"
#include "storage/log/recovery.h"
#include "storage/log/store.h"

namespace selaras::node {

// The rows that go with entries of the shared log which come back after a restore: what the engine
// wrote with them once, as far as it follows from them. Of a request the positions are known, but
// not what it asked and answered; of a case or report all that folding gives, but for what stood
// in the private log. What else is derived, the projector derives when the node starts.
class RecoveredRows {
 public:
  // The store must outlive the object.
  explicit RecoveredRows(const log::StoreReader& store) : store_(store) {}

  // Those of a batch that is about to be written: then it has them all. DATA_LOSS if an entry is no
  // event, or a row of the store is damaged.
  absl::StatusOr<std::vector<log::RowWrite>> Of(const log::RecoveryBatch& batch);

 private:
  struct Entry {
    std::string bytes;
    event::v1::Event event;
  };

  absl::Status Add(base::Sequence sequence, const std::string& bytes);
  absl::Status AddToRequest(base::Sequence sequence, const event::v1::Event& event);
  absl::Status AddToSubject(base::Sequence sequence, const event::v1::Event& event);
  // Keys that were destroyed by what comes back.
  absl::Status EraseAgain(std::vector<log::RowWrite>* rows);
  absl::Status FoldSubjects();
  // Each report lists its cases in the order of their first entries.
  absl::Status RelateReports();
  absl::StatusOr<storage::v1::StoredSubject*> Subject(const std::string& key);
  absl::StatusOr<event::v1::Event> EventAt(base::Sequence sequence, base::Digest* leaf) const;
  // The section of the node, as its rows and these entries tell.
  absl::StatusOr<domain::Section> OwnSection() const;

  const log::StoreReader& store_;
  std::map<base::Sequence, Entry> entries_;
  std::map<std::string, storage::v1::StoredRequest> requests_;  // by tag
  std::map<std::string, storage::v1::StoredSubject> subjects_;  // by row key
};

// Writes what comes back, batch by batch, each with its rows; nobody else writes meanwhile. It can
// be broken off at any moment and done again with a new plan. If anything comes back, the
// disclosure lists get another name first, so that peers read them from their beginning, because
// what they have read may have had another order; at last links that stood still only because this
// log was too short go on. Errors are those of the sources and of Store::Recover.
absl::Status BringBack(log::Store& store, log::Recovery& recovery, crypto::RandomSource& random,
                       const log::Recovery::Progress& progress);

}  // namespace selaras::node
