#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/log/checkpoint.h"
#include "storage/log/log_keys.h"
#include "storage/merkle/frontier.h"
#include "storage/rocks/log_rows.h"

// What must hold before a log is served, or a checkpoint of it signed. All of it reads a number
// of rows that does not depend on the length of the log.
namespace selaras::rocks {

// A log as its rows prove it.
struct Recovered {
  merkle::Frontier edge;
  log::SignedCheckpoint checkpoint;  // of an own log: may be one batch older than `edge`
};

// Reads entries and nodes back from where a checkpoint was last signed, and hashes them again:
// what stands between `signed_edge` and `edge` must be what the entries hash to.
absl::Status VerifyRows(const LogRows& rows, merkle::Frontier signed_edge,
                        const merkle::Frontier& edge);

// An own log: its head is there, nothing lies past it, its last nodes lead to the stored
// frontier, the last signed checkpoint is about a beginning of it, and everything since then is
// what its entries hash to. DATA_LOSS if not.
absl::StatusOr<Recovered> RecoverOwnLog(const LogRows& rows, const log::LogKeys& keys);

// A mirror: the same, but its checkpoint covers it all and entries may be withheld.
absl::StatusOr<Recovered> RecoverMirror(const LogRows& rows, const log::LogKeys& keys);

}  // namespace selaras::rocks
