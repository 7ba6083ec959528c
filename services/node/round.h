#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/facts.h"
#include "services/node/directory.h"
#include "services/node/keys.h"
#include "services/node/numbers.h"
#include "services/node/opener.h"
#include "services/node/round_reader.h"
#include "services/node/subject_keys.h"
#include "services/node/subjects.h"
#include "storage/log/store.h"

namespace selaras::node {

// Entries of a log from `begin` to before `end`; none unless begin < end.
struct Stretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return begin < end ? end - begin : 0; }
};

// One step of the projector: collects what follows from a few entries and writes it as one unit.
class Round {
 public:
  Round(log::Store& store, const Directory& directory, const NodeKeys& keys, const Opener& opener,
        const SubjectKeys* copies, Numbers& numbers);

  // Reads the own entries that are to be handled, which must be known before the first is.
  absl::Status ReadOwn(const Stretch& shared, const Stretch& private_log);
  // Entries of the own logs and of a mirror, in their order.
  absl::Status Own(base::Sequence sequence);
  absl::Status Private(base::Sequence sequence);
  absl::Status Foreign(const log::LogReader& mirror, base::Sequence sequence,
                       absl::string_view bytes);
  // How far a log is handled with this round.
  void SetCursor(absl::string_view log, std::uint64_t handled);

  // Writes the rows: synced if disclosure lists grew, because a peer remembers how far it has
  // read them.
  absl::Status Write();
  // After Write(): the peers whose disclosure lists grew, or whose documents are wanted.
  const std::set<std::string>& links_due() const { return links_due_; }
  // After Write(): Numbers::CountSettled() with what the round has at hand.
  absl::Status CountSettled() { return numbers_.CountSettled(reader_, opener_); }

 private:
  absl::StatusOr<storage::v1::StoredCaseView*> View(const std::string& case_id);
  // An entry of a mirror. Valid as long as the round.
  absl::StatusOr<const HeldEntry*> Held(const event::v1::Position& position);
  // Folds the pending entries whose turn it is.
  absl::Status FoldPending(const std::string& case_id);
  // Folds one pending entry, or keeps it out for good. False if earlier ones are missing.
  absl::StatusOr<bool> Settle(const event::v1::Position& position,
                              storage::v1::StoredCaseView* view);
  absl::Status Index(const event::v1::Event& event, const event::v1::Position& position,
                     const std::string& subject);
  absl::Status Changed(const std::string& case_id);
  // Limits of a report's cases run from its facts, and its own only while it has none.
  absl::Status WatchReport(const std::string& report_id);
  absl::Status CorrectReport(const event::v1::Event& event);
  absl::Status QueueForWatcher();
  // Lists own PARTY entries of the case for every peer that serves a party.
  absl::Status Disclose(const std::string& case_id);
  absl::Status DiscloseTo(const std::string& peer, std::uint64_t sequence);
  absl::StatusOr<std::uint64_t> Number(const std::string& key) const;
  // Destroys the copy of the key of an author who erased the case. If somebody of this node wrote
  // in the case, that is left to him.
  absl::Status DropCopy(const event::v1::Event& event);
  absl::Status Drop();
  // A document of another node that is to be fetched.
  absl::Status Want(const event::v1::Position& position);
  // Destroys the bytes of a document that its author took back.
  void DropRemoved(const event::v1::Event& removal);
  void Put(std::string key, std::string value);

  log::Store& store_;
  RoundReader reader_;
  const Directory& directory_;
  const NodeKeys& keys_;
  OpenedOnce opener_;
  const SubjectKeys* const copies_;
  std::map<std::string, std::string> rows_;
  std::map<std::string, storage::v1::StoredCaseView> views_;
  std::map<std::pair<std::string, std::uint64_t>, HeldEntry> held_;  // by log and sequence
  std::set<std::string> changed_;
  std::set<std::string> to_watch_;     // subjects besides those cases
  std::set<std::string> to_disclose_;  // cases
  Numbers& numbers_;
  std::vector<log::RowWrite> dropped_;  // copies of keys, and what was found by them
  std::vector<log::RowWrite> wanted_;   // documents
  std::vector<event::v1::Position> removed_;
  bool disclosed_ = false;
  std::set<std::string> links_due_;  // peers
};

}  // namespace selaras::node
