#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/event/v1/types.pb.h"

#include "services/domain/facts.h"
#include "services/node/directory.h"
#include "services/node/keys.h"
#include "services/node/numbers.h"
#include "services/node/opener.h"
#include "services/node/round.h"
#include "services/node/subject_keys.h"
#include "storage/crypto/random.h"
#include "storage/log/store.h"

namespace selaras::node {

// Derives what is looked up, counted and disclosed from the logs: sections of others, changes,
// disclosure lists, numbers. Own log and mirrors alike; everything can be built anew from them.
//
// Open() comes first; the other functions are thread-safe.
class Projector {
 public:
  // Everything handed in must outlive the projector. With `copies` it destroys copies of keys of
  // authors who erased a case; without, it only derives.
  Projector(log::Store& store, const Directory& directory, const NodeKeys& keys,
            const Opener& opener, const SubjectKeys* copies);

  // Makes the rows that must exist before the first step; forgets what was derived on another
  // basis: by older code, with another directory or key of look-ups, or of a log that was closed
  // since.
  absl::Status Open(crypto::RandomSource& random);

  // Forgets what is derived, so that everything is derived anew, while no projector runs.
  static absl::Status Forget(log::Store& store);

  // Handles some entries that are new since the last step, each log in its own order, and writes
  // what follows with the cursors as one unit. True if there was anything to do. Counts only when
  // much came at once or waits for it.
  absl::StatusOr<bool> Step();
  // The peers whose links have something to do since this was asked last: to whom something was
  // disclosed, or whose documents are wanted.
  std::set<std::string> TakeLinksDue();
  // Makes the numbers those of everything that was handled, as one unit. True if there was anything
  // to do. A case that changed often since is counted once.
  absl::StatusOr<bool> Count();

  // Whether everything that this node holds was handled at some moment during the call.
  absl::StatusOr<bool> CaughtUp() const;

  // Waits until the entry is handled; DEADLINE_EXCEEDED with reason NOT_HERE_YET otherwise.
  absl::Status WaitFor(const event::v1::Position& position, absl::Duration patience) const;
  // The same for all that the private log holds now.
  absl::Status WaitForPrivate(absl::Duration patience) const;

 private:
  absl::Status QueueCasesForWatcher();

  absl::StatusOr<std::uint64_t> CursorOf(absl::string_view log) const;
  // What one step handles of an own log at most.
  absl::StatusOr<Stretch> NextOf(const log::LogReader& own) const;
  // Makes neither of them run ahead of the other: what was written together is about the same
  // cases, which are then counted once.
  absl::Status KeepInStep(Stretch* shared, Stretch* private_log) const;
  // Handles some entries of mirrors, of one after the other and in the next step of those that this
  // one did not get to. Gives how many.
  absl::StatusOr<std::uint64_t> HandleForeign(Round& round);
  // Whether the entry is handled. `kept` remembers between calls how many entries its mirror held
  // when the entry was first seen.
  absl::StatusOr<bool> Handled(const event::v1::Position& position,
                               std::optional<std::uint64_t>& kept) const;

  log::Store& store_;
  const Directory& directory_;
  const NodeKeys& keys_;
  const Opener& opener_;
  const SubjectKeys* const copies_;
  mutable std::mutex working_;
  Numbers numbers_;   // under working_
  std::string last_;  // under working_: the log whose entries were handled last
  // Under working_: of how many entries that a mirror held it is known that all are handled.
  std::map<std::string, std::uint64_t> done_;
  mutable std::mutex mutex_;         // of who waits
  std::set<std::string> links_due_;  // under mutex_
  mutable std::condition_variable stepped_;
};

}  // namespace selaras::node
