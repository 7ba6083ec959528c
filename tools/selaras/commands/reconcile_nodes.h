#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "tools/selaras/context.h"

namespace selaras::cli {

struct NodesOptions {
  std::vector<std::string> nodes;  // addresses or client files
  std::string late;                // duration
  std::string report;              // file for the JSON lines
  std::string sign;                // file with a signing key
  std::string out;                 // file for the signed summary
};

// What the nodes hold about each other's cases, as `reconcile NODE NODE` shows it.
absl::StatusOr<ExitCode> ReconcileNodes(Context& context, const NodesOptions& options);

// `reconcile verify`.
Command ReconcileVerifyCommand();

}  // namespace selaras::cli
