#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "tools/selaras/node.h"

namespace selaras::cli {

// What nodes say of each other's logs: mirrors that are behind, links that stand still, and trees
// that do not follow from each other. A longer log must be proven to extend the mirror of it.
// Behind is a mirror that, as of `now`, has not what its log had in `earlier`: logs go on growing.
absl::StatusOr<std::vector<cli::v1::ReconciledFinding>> CompareNodes(
    const std::vector<std::unique_ptr<Node>>& nodes,
    const std::vector<ledger::v1::GetNodeResponse>& earlier,
    const std::vector<ledger::v1::GetNodeResponse>& now);

}  // namespace selaras::cli
