#pragma once

#include "absl/status/statusor.h"

#include "selaras/command/v1/command.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/decide_intake.h"

// Break-glass: operations take the right to see who reported, for one report and a while, and its
// office reviews that. All of it stays in the private log.
namespace selaras::domain {

// The office of the report is the authority of the call; who takes the right stands in the command.
absl::StatusOr<Decision> DecideBreakGlass(const command::v1::BreakGlass& command,
                                          const ReportState& report, const Call& call);

// `kept` are the facts of the private log about the report. NOT_FOUND, BREAK_GLASS_NOT_FOUND if the
// opening is none of them.
absl::StatusOr<Decision> DecideReviewBreakGlass(const command::v1::ReviewBreakGlass& command,
                                                const ReportState& report,
                                                const storage::v1::SectionFold& kept,
                                                const Call& call);

}  // namespace selaras::domain
