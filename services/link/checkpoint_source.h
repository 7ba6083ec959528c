#pragma once

#include "absl/status/statusor.h"

#include "storage/base/number.h"
#include "storage/log/checkpoint.h"
#include "storage/log/log_reader.h"
#include "storage/log/note.h"

namespace selaras::link {

// Signed checkpoints of the own shared log, also of sizes between two batches: a frame of leaves
// ends where it is full, and its checkpoint says exactly that.
class CheckpointSource {
 public:
  virtual ~CheckpointSource() = default;

  // OUT_OF_RANGE beyond the log's size. Other errors are those of the store.
  virtual absl::StatusOr<log::SignedCheckpoint> SignedAt(base::TreeSize size) const = 0;
};

// Gives the stored checkpoint where it fits, signs the others. Signing a smaller size is no new
// claim: its root follows from the leaves that the newest checkpoint covers. Thread-safe; both
// arguments must outlive it.
class LogCheckpoints : public CheckpointSource {
 public:
  LogCheckpoints(const log::LogReader& own, const log::NoteSigner& signer)
      : own_(own), signer_(signer) {}

  absl::StatusOr<log::SignedCheckpoint> SignedAt(base::TreeSize size) const override;

 private:
  const log::LogReader& own_;
  const log::NoteSigner& signer_;
};

}  // namespace selaras::link
