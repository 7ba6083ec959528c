#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/command/v1/command.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/deadline.h"
#include "services/domain/deadline_watch.h"
#include "services/node/directory.h"
#include "services/node/engine.h"
#include "services/node/round_reader.h"
#include "storage/log/store.h"

namespace selaras::node {

// Request ids of what a watcher states of a time limit, the same whenever it looks (FORMAT.md):
// that it came to a rung, and that other reference data moved its day. `subject` as in rows.h.
std::string RungId(absl::string_view subject, absl::string_view deadline,
                   const event::v1::Position& anchor, int rung);
std::string MovedId(absl::string_view subject, absl::string_view deadline,
                    const event::v1::Position& anchor, absl::string_view catalogue,
                    absl::string_view previous_catalogue);

// Watches the time limits whose watcher is an authority of this node (rule 10). Keeps an index of
// the moments at which something is to be stated, so that a look costs what is due and not what
// there is; what is in the index follows from the logs and can be built anew. States nothing
// itself: it makes requests for the write path, whose ids follow from subject, row, anchor and
// rung, so that each rung is stated once, whatever the clock does and whenever the node stops.
//
// One caller at a time.
class Watcher {
 public:
  // Everything handed in must outlive the watcher.
  Watcher(log::Store& store, const Directory& directory, const domain::DeadlineRules& rules);

  // Indexes some of the cases and reports that the projector saw change. Where other reference
  // data moved a due day, that is then to be stated. True if there was anything to do.
  absl::StatusOr<bool> Learn();

  // What is to be stated at `now`, of a bounded number of cases; empty if nothing is. What was
  // handed out comes again a minute later unless Learn() saw it stated meanwhile.
  absl::StatusOr<std::vector<Request>> Due(absl::Time now);

  // When Due() may have something, as far as is learnt; nothing: never.
  absl::StatusOr<std::optional<absl::Time>> Next();

 private:
  // A case or report as it is now, and its row.
  struct Look {
    std::string subject;
    domain::WatchedSubject watched;
    std::vector<domain::OwedLimit> owed;
    std::optional<storage::v1::StoredWatch> held;
  };

  absl::StatusOr<Look> LookAt(const RoundReader& reader, const std::string& subject) const;
  bool IsOurs(const domain::WatchedSubject& watched, const domain::DeadlineStatus& status) const;
  // The row as it follows from the facts.
  storage::v1::StoredWatch RowOf(const Look& look) const;
  void CarryOver(const Look& look, storage::v1::StoredWatch* row) const;
  std::vector<Request> RequestsOf(const Look& look, const storage::v1::StoredWatch& row,
                                  absl::Time now) const;
  // Replaces the rows of the subject.
  void Put(const Look& look, const storage::v1::StoredWatch& row,
           std::vector<log::RowWrite>* writes);
  std::vector<std::string> WorkRows(const std::string& subject,
                                    const storage::v1::StoredWatch& row) const;

  log::Store& store_;
  const Directory& directory_;
  const domain::DeadlineRules& rules_;
  const std::string catalogue_;
  // Before these there is no row of what is to be looked at, or of a moment. What was taken away
  // stands in the store until it is compacted, and a scan from the beginning steps over all of it.
  std::string first_to_watch_;
  std::string first_moment_;
};

// The row of a case or report; nothing if it was not learnt yet.
absl::StatusOr<std::optional<storage::v1::StoredWatch>> LoadWatch(const log::StoreReader& store,
                                                                  const std::string& subject);

// Whether a request is a watcher's. Its id is in a space of its own: what a caller names cannot
// take its place.
bool IsOfWatcher(const google::protobuf::Message& body);

}  // namespace selaras::node
