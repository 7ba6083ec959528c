#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "storage/audit/audit.h"
#include "storage/log/log_reader.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// A log as a node shows it to this caller, up to the checkpoint that it gave first. Keeps one
// range of entries in memory. One thread at a time.
class NodeLog final : public log::LogReader {
 public:
  // Errors of the call; DATA_LOSS if what the node gives is no checkpoint.
  static absl::StatusOr<std::unique_ptr<NodeLog>> Open(Ledger& ledger, const std::string& log);

  const std::string& name() const override { return name_; }
  const std::string& origin() const override { return checkpoint_.checkpoint.origin; }
  std::optional<log::LogKeys> keys() const override { return keys_; }
  base::TreeSize size() const override { return checkpoint_.checkpoint.size; }
  log::SignedCheckpoint checkpoint() const override { return checkpoint_; }
  absl::StatusOr<std::optional<std::string>> Entry(base::Sequence sequence) const override;
  // Of leaves only: a node shows no inner nodes.
  absl::StatusOr<std::vector<base::Digest>> Hashes(int tile_level, std::uint64_t first,
                                                   std::uint64_t count) const override;

  // The first call that failed: then the log was not read to its end.
  const absl::Status& status() const { return status_; }

 private:
  struct Leaf {
    base::Digest hash;
    std::optional<std::string> entry;
  };

  NodeLog(Ledger& ledger, std::string name, log::SignedCheckpoint checkpoint,
          std::optional<log::LogKeys> keys)
      : ledger_(ledger),
        name_(std::move(name)),
        checkpoint_(std::move(checkpoint)),
        keys_(std::move(keys)) {}

  // The leaf, from memory or from the node.
  absl::StatusOr<const Leaf*> At(std::uint64_t sequence) const;
  absl::Status Fetch(std::uint64_t first) const;

  Ledger& ledger_;
  const std::string name_;
  const log::SignedCheckpoint checkpoint_;
  const std::optional<log::LogKeys> keys_;  // as far as the node proves how one followed the other
  mutable std::uint64_t first_ = 0;
  mutable std::vector<Leaf> leaves_;  // from first_ on
  mutable absl::Status status_;
};

// Lets the node prove some of its entries, and that its tree extends those that were remembered;
// what is not proven is a finding.
absl::Status AuditProofs(Ledger& ledger, const NodeLog& log,
                         const std::vector<audit::RememberedTree>& remembered,
                         audit::AuditReport* report);

}  // namespace selaras::cli
