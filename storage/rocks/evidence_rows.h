#pragma once

#include <mutex>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/log/store.h"
#include "storage/rocks/database.h"

namespace selaras::rocks {

// Contradictions that mirrors found, on disk. Thread-safe.
class EvidenceRows {
 public:
  explicit EvidenceRows(Database& database) : database_(database) {}

  // Durable on return, once per statement and log and at most kEvidencePerLogMax per log.
  absl::Status Add(const log::Evidence& evidence);
  // Oldest first.
  absl::StatusOr<std::vector<log::Evidence>> All() const;

 private:
  Database& database_;
  std::mutex mutex_;  // one ordinal at a time
};

}  // namespace selaras::rocks
