#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "selaras/ledger/v1/ledger.pb.h"

namespace selaras::cli {

// The authority of the node, if there is only one; else IsUsage(): --authority must name it.
absl::StatusOr<std::string> OnlyAuthority(const ledger::v1::GetNodeResponse& about);

}  // namespace selaras::cli
