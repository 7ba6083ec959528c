#pragma once

#include <string>
#include <vector>

#include "storage/log/note.h"
#include "storage/log/rules.h"
#include "storage/log/store.h"
#include "storage/rocks/database.h"
#include "storage/rocks/rocks_log.h"

namespace selaras::rocks {

// Writes one own log: stage, commit (which the store does for both logs at once), seal, publish.
// One thread at a time.
class OwnLogWriter {
 public:
  OwnLogWriter(OwnLog& log, log::NoteSigner signer) : log_(log), signer_(std::move(signer)) {}

  // Adds entries, the nodes that they complete and the new head to the batch. Gives the frontier
  // that the log will have.
  merkle::Frontier Stage(const std::vector<std::string>& entries, Database::Batch& batch) const;

  // The same of leaves that come back, and of entries that were found.
  merkle::Frontier StageRecovered(const std::vector<log::RecoveredLeaf>& leaves,
                                  const std::vector<log::DisclosedEntry>& found,
                                  Database::Batch& batch) const;

  // After the commit: that what was found reads back. Ends the process if it does not.
  void VerifyFound(const std::vector<log::DisclosedEntry>& found) const;

  // After the commit: reads back what was staged, hashes it again from the last signed frontier,
  // and signs. Ends the process if it differs.
  Recovered Seal(merkle::Frontier edge) const;

  // Signs what recovery found, which RecoverOwnLog() has verified.
  Recovered SignRecovered() const;

  void Publish(Recovered head) { log_.Publish(std::move(head)); }

  // Adds another key and the checkpoint that closes the one so far to the batch.
  absl::StatusOr<log::KeyChange> StageKey(const crypto::SigningKey& next,
                                          Database::Batch& batch) const;
  // After the commit: signs with it from now on.
  void Apply(log::KeyChange change);

  // Adds the newest checkpoint to the batch, for those who read the store while nobody runs it.
  void PutCheckpoint(Database::Batch& batch) const;

 private:
  // Adds the nodes that one more leaf completes.
  void StageLeaf(const base::Digest& hash, merkle::Frontier& edge, Database::Batch& batch) const;
  Recovered Sign(merkle::Frontier edge) const;

  OwnLog& log_;
  log::NoteSigner signer_;
};

}  // namespace selaras::rocks
