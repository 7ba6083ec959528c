#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"

#include "selaras/cli/v1/output.pb.h"

#include "tools/selaras/node.h"

namespace selaras::cli {

// Told how many of how many entries were looked at.
using ExportProgress = std::function<void(std::uint64_t done, std::uint64_t of)>;

// Lays a log out in `folder` as C2SP tlog-tiles, for the audience that `ledger` answers to: all
// hash tiles; entry bundles where it may see all of the entries; of the others the single entries
// that it may see, as `entry/<number>`. Full tiles whose entries are there already are not asked
// for again, so an export that was interrupted, or that a log outgrew, is only completed. The
// checkpoint comes last, and only if the tiles lead to its root: DATA_LOSS otherwise. Memory does
// not grow with the log.
//
// A folder that has a checkpoint is left as it is if that one is of another log, or of more entries
// than the ledger has (FAILED_PRECONDITION), if it is none (INVALID_ARGUMENT), or if the ledger
// does not extend it (DATA_LOSS).
absl::StatusOr<cli::v1::ExportedTiles> ExportTiles(Ledger& ledger, const std::string& log,
                                                   const std::string& folder,
                                                   const ExportProgress& progress);

}  // namespace selaras::cli
