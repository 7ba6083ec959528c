#pragma once

#include "absl/status/statusor.h"

#include "tools/registers/plan.h"
#include "tools/selaras/import/outcome.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// Sends one row, once: looks up its case if it needs one, executes its batch, and tells what
// became of it. An error leaves that open: the same row may be sent again, with IsTransient().
// Thread-safe as the node is.
class RowSender {
 public:
  // With `dry_run` the node checks and writes nothing. `node` must outlive the object.
  RowSender(Node& node, bool dry_run) : node_(node), dry_run_(dry_run) {}

  absl::StatusOr<RowOutcome> Send(const registers::Plan& plan) const;

 private:
  absl::StatusOr<RowOutcome> Execute(const registers::Plan& plan, const std::string& case_id) const;
  absl::StatusOr<RowOutcome> Changed(const registers::Plan& plan, std::string case_id) const;

  Node& node_;
  const bool dry_run_;
};

// Whether the node could not be asked, or was too busy, rather than having refused.
bool IsTransient(const absl::Status& status);

}  // namespace selaras::cli
