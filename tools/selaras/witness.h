#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/log/checkpoint.h"
#include "storage/log/cosignature.h"
#include "storage/log/note.h"
#include "storage/log/split_view.h"
#include "storage/log/succession.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// What a look at a log came to.
struct Look {
  base::TreeSize size;                 // of what is cosigned; 0: nothing yet
  std::optional<absl::Time> cosigned;  // when it was
  std::string evidence;                // file of the evidence; empty: the log is sound
};

// A witness's view of one log: sees sizes and hashes, and signs that the log only grows.
//
// In the folder of its state `<name>.note` is the largest checkpoint that it cosigned, durable
// before the cosignature leaves; `<name>.evidence` says why it does so no more, until somebody
// takes the file away. A witness has no tree, so of two sizes only the log can prove, by showing
// another beginning than it had signed, that it has two histories. A log that was turned back does
// not show that before it has grown again: as long as the evidence is not proven, each look asks.
// Of a log that was closed since, both are kept as `<name>.<n>.note` and `<name>.<n>.evidence`, n
// the generation of its origin.
class WitnessedLog {
 public:
  // A cosignature of the same checkpoint is made anew after so long.
  static constexpr absl::Duration kAgain = absl::Hours(1);

  // With the succession that the operator accepts, if any: then only the successor is listened to,
  // from the closing on. The cosigner must outlive it.
  WitnessedLog(std::string name, log::NoteVerifier verifier,
               std::optional<log::Succession> succession, const log::Cosigner& cosigner,
               std::string folder);

  const std::string& name() const { return name_; }

  // Looks at what the node publishes, verifies it and hands in a cosignature.
  //
  //   DATA_LOSS   the log was rewritten or turned back, now or earlier; both statements are in the
  //               evidence file. Or its state is not what this witness wrote, or the log's key did
  //               not sign what it publishes.
  //   others      those of the node and of the files; a later look may do
  absl::StatusOr<Look> LookAt(Node& node, absl::Time now);

 private:
  // The checkpoint that was cosigned last.
  absl::StatusOr<std::optional<log::SignedCheckpoint>> Load() const;
  bool IsOfClosedLog(absl::string_view origin) const;
  // Puts aside what was seen of the log that was closed. What of it the successor has, too, must be
  // what it goes on from.
  absl::StatusOr<std::optional<log::SignedCheckpoint>> GoOnFrom(
      std::optional<log::SignedCheckpoint> seen) const;
  absl::Status PutEvidenceAside() const;
  absl::Status Cosign(Node& node, const log::SignedCheckpoint& checkpoint, absl::Time now);
  absl::Status HandIn(Node& node, const log::SignedCheckpoint& cosigned) const;
  // What is published, by the configured key or one that is proven to have the same log.
  absl::StatusOr<log::SignedCheckpoint> Open(
      const ledger::v1::GetPublishedResponse& response) const;
  absl::Status Check(const log::SignedCheckpoint& seen, const log::SignedCheckpoint& published,
                     const ledger::v1::GetPublishedResponse& response);
  // Evidence that the log has fewer entries than it had signed, or that it does not extend that:
  // proven if the answer shows what it begins with instead.
  log::SplitView TurnedBack(const log::SignedCheckpoint& seen,
                            const log::SignedCheckpoint& published) const;
  log::SplitView NotExtended(const log::SignedCheckpoint& seen,
                             const log::SignedCheckpoint& published,
                             const ledger::v1::GetPublishedResponse& response) const;
  // Keeps the evidence, and says so.
  absl::Status Stop(const log::SplitView& view);
  absl::Status StopTurnedBack(Node& node, const log::SignedCheckpoint& seen);
  // There is evidence. Replaces it if the log proves by now what it did.
  absl::Status LookForProof(Node& node);

  std::string EvidenceFile() const { return folder_ + "/" + name_ + ".evidence"; }
  std::string StateFile() const { return folder_ + "/" + name_ + ".note"; }
  std::string AsideFile(absl::string_view origin, absl::string_view kind) const;

  const std::string name_;
  const log::NoteVerifier verifier_;  // the successor's, if there is one
  const std::optional<log::Succession> succession_;
  const log::Cosigner& cosigner_;
  const std::string folder_;
};

}  // namespace selaras::cli
