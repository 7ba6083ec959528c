#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "tools/registers/plan.h"
#include "tools/selaras/import/outcome.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// What is done with the rows of a register.
enum class ImportMode {
  kRecord,  // what is not recorded yet
  kAmend,   // besides, what was recorded with another content is brought to that of the row
  kUndo,    // what the rows have stated is taken back
};

// Sends one row, once: looks up its case if it needs one, executes its batch, and tells what
// became of it. An error leaves that open: the same row may be sent again, with IsTransient().
// Thread-safe as the node is.
class RowSender {
 public:
  // With `dry_run` the node checks and writes nothing. `reason` is that of kUndo. `log_size` is
  // that of the node's shared log when the import began: what a repeated request wrote below it was
  // written by an earlier run, the rest by a call of this one whose answer was lost. `node` must
  // outlive the object.
  RowSender(Node& node, ImportMode mode, std::string reason, bool dry_run, std::uint64_t log_size)
      : node_(node),
        mode_(mode),
        reason_(std::move(reason)),
        dry_run_(dry_run),
        log_size_(log_size) {}

  absl::StatusOr<RowOutcome> Send(const registers::Plan& plan) const;

 private:
  absl::StatusOr<RowOutcome> Execute(const registers::Plan& plan, const std::string& case_id) const;
  // Sends a row for the first time, as it stands.
  absl::StatusOr<RowOutcome> Record(const registers::Plan& plan) const;
  absl::StatusOr<bool> WasImported(const registers::Plan& plan) const;
  // Looks at what is recorded and sends what is to change.
  absl::StatusOr<RowOutcome> Amend(const registers::Plan& plan) const;
  absl::StatusOr<RowOutcome> Changed(const registers::Plan& plan, std::string case_id,
                                     const absl::Status& refused) const;

  Node& node_;
  const ImportMode mode_;
  const std::string reason_;
  const bool dry_run_;
  const std::uint64_t log_size_;
};

// Whether the node could not be asked, or was too busy, rather than having refused.
bool IsTransient(const absl::Status& status);

}  // namespace selaras::cli
