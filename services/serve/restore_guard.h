#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "services/runtime/log.h"
#include "storage/base/number.h"
#include "storage/log/backups.h"
#include "storage/log/log_reader.h"

namespace selaras::serve {

// Lets a node write only while its store has all that it ever signed, as far as can be known. After
// a restore every peer must first show how much of this node's log it holds; and whenever one shows
// more than is here, writing is over, because the next entry would fork the log. Thread-safe.
class RestoreGuard {
 public:
  // `changed` is called whenever the answer of MayWrite() may be another; from any thread, quick.
  // Everything handed in must outlive the guard. A restored node without peers is not in doubt:
  // nobody could tell.
  RestoreGuard(log::Backups& backups, const log::LogReader& own, std::vector<std::string> peers,
               runtime::Logger& log, std::function<void()> changed);

  // UNAVAILABLE, RESTORED_UNCONFIRMED or LOG_BEHIND_PEERS, with the cure.
  absl::Status MayWrite() const;

  // The peer holds so many leaves of the own log now, as it has shown by a checkpoint that this
  // node signed. Of a peer that was heard in the past only, say only that it holds more than is
  // here.
  void Heard(const std::string& peer, base::TreeSize size);

  // An operator knows that no peer which was not heard holds more. FAILED_PRECONDITION,
  // NOT_RESTORED or LOG_BEHIND_PEERS.
  absl::Status Confirm();

  // What is shown of a doubt.
  struct Doubt {
    absl::Time made_at;  // of the backup; absl::InfinitePast() if unknown
    std::set<std::string> unheard;
    std::map<std::string, base::TreeSize> ahead;
  };
  std::optional<Doubt> doubt() const;

 private:
  // Ends the doubt if nothing is left of it.
  absl::Status Settle();
  absl::Status Behind(const Doubt& doubt, absl::StatusCode code) const;

  log::Backups& backups_;
  const log::LogReader& own_;
  runtime::Logger& log_;
  const std::function<void()> changed_;
  mutable std::mutex mutex_;
  std::optional<Doubt> doubt_;  // under mutex_
};

}  // namespace selaras::serve
