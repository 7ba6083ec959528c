#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/base/number.h"

// What operators are refused, with a reason for programs.
namespace selaras::serve {

absl::Status PeerNotFound(absl::string_view name);  // NOT_FOUND, PEER_NOT_FOUND
absl::Status LinkStopped(absl::string_view peer,    // FAILED_PRECONDITION, LINK_STOPPED
                         absl::string_view fault);
absl::Status LinkNotStopped(absl::string_view peer);  // FAILED_PRECONDITION, LINK_NOT_STOPPED
absl::Status LinkForked(absl::string_view peer);      // FAILED_PRECONDITION, LINK_FORKED

// UNAVAILABLE, RESTORED_UNCONFIRMED: not all peers have shown how much they hold.
absl::Status RestoredUnconfirmed(absl::Time made_at, absl::string_view unheard);
// LOG_BEHIND_PEERS: one holds more than is here.
absl::Status LogBehindPeers(absl::StatusCode code, absl::string_view peer, base::TreeSize held,
                            base::TreeSize here);
absl::Status NotRestored();           // FAILED_PRECONDITION, NOT_RESTORED
absl::Status BackupsNotConfigured();  // FAILED_PRECONDITION, BACKUPS_NOT_CONFIGURED
// NOT_FOUND, ENTRY_LOST.
absl::Status EntryLost(absl::string_view log, base::Sequence sequence);
absl::Status BackupExists(absl::string_view name);  // ALREADY_EXISTS, BACKUP_EXISTS
absl::Status BackupRuns();                          // RESOURCE_EXHAUSTED, BACKUP_RUNS

// FAILED_PRECONDITION: the configured key is of another generation of the log.
absl::Status LogKeyOfAnotherOrigin(absl::string_view key, absl::string_view origin);
// FAILED_PRECONDITION, `<what>: <why>; <cure>`: the node does not start.
absl::Status ListedWithAnotherKey(absl::string_view listed, absl::string_view own);
absl::Status WrappingKeysOfOtherStore(absl::string_view folder, absl::string_view why);
absl::Status CannotAnswerMetrics(absl::string_view address);

absl::Status NodeStops();  // UNAVAILABLE, DRAINING

// An error of link::Unpack, with its reason.
absl::Status ExchangeRefused(const absl::Status& why);
// DATA_LOSS, EXCHANGE_CONTRADICTS: the link stops for what a file says.
absl::Status ExchangeContradicts(const absl::Status& why);

}  // namespace selaras::serve
