#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "selaras/ledger/v1/ledger.pb.h"

#include "tools/load/commander.h"
#include "tools/load/course.h"
#include "tools/load/drive.h"
#include "tools/load/figures.h"
#include "tools/load/sample.h"

namespace selaras::load {

// For which a load commands. FAILED_PRECONDITION unless the node is one of intake.
absl::StatusOr<std::string> AuthorityOf(const ledger::v1::GetNodeResponse& state);

// Sends courses of commands at that pace and keeps what was acknowledged. Errors are those of the
// first command that fails.
absl::StatusOr<Figures> DriveCommands(const Pace& pace, const RunOfLoad& run,
                                      int reports_per_request, Commander& commander,
                                      Acknowledged* acknowledged);

}  // namespace selaras::load
