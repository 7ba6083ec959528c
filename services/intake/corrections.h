#pragma once

#include "absl/status/statusor.h"

#include "services/node/decider.h"

// CorrectFact and VoidFact as an office of Bawaslu takes them: besides facts of cases also those of
// its reports, and what its private log keeps of both.
namespace selaras::intake {

absl::StatusOr<domain::Decision> DecideCorrectFact(const command::v1::CorrectFact& command,
                                                   const node::Desk& desk,
                                                   const domain::Call& call);
absl::StatusOr<domain::Decision> DecideVoidFact(const command::v1::VoidFact& command,
                                                const node::Desk& desk, const domain::Call& call);

}  // namespace selaras::intake
