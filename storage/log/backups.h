#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/base/number.h"

namespace selaras::log {

// What a copy of a store holds at least.
struct BackupSizes {
  base::TreeSize shared;
  base::TreeSize private_;
};

// Why a store may lack entries that it once signed.
struct StoreDoubt {
  absl::Time made_at = absl::InfinitePast();  // of the backup that it was; unknown: it is none
};

// Copies of a store, and what a store knows of being one: a restored store has no entry that was
// written after its backup, and whoever appends to it signs another course of the log. Thread-safe.
class Backups {
 public:
  virtual ~Backups() = default;

  // Copies the store as it is now into `directory`, a new one in one that exists. Writing goes on
  // meanwhile. Complete and durable on return; after an error nothing is left. The copy bears a
  // mark by which a store that is made of it is in doubt. The key that signs is not in it.
  //
  //   ALREADY_EXISTS  something is there.
  //   UNAVAILABLE     it cannot be written.
  virtual absl::StatusOr<BackupSizes> Backup(const std::string& directory, absl::Time now) = 0;

  // Whether the store is in doubt: since it was opened from a backup, or SetDoubt().
  virtual std::optional<StoreDoubt> doubt() const = 0;
  // Both are durable on return: a new start finds what was set.
  virtual absl::Status SetDoubt() = 0;
  virtual absl::Status ClearDoubt() = 0;
};

}  // namespace selaras::log
