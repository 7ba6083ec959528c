#pragma once

#include "absl/status/statusor.h"

#include "services/domain/decide_intake.h"

// CorrectFact and VoidFact of what only the office of a report keeps: the facts of the report
// itself, and what rule 8 protects of it and of its cases. `kept` are the effective facts of the
// private log about the report or case.
namespace selaras::domain {

absl::StatusOr<Decision> DecideCorrectReportFact(const command::v1::CorrectFact& command,
                                                 const ReportState& report,
                                                 const storage::v1::SectionFold& kept,
                                                 const Call& call);

// Of the shared log, the newest; what the private log keeps with it is taken back, too.
absl::StatusOr<Decision> DecideVoidReportFact(const command::v1::VoidFact& command,
                                              const ReportState& report,
                                              const storage::v1::SectionFold& kept,
                                              const Call& call);

// The position must be one of `kept`.
absl::StatusOr<Decision> DecideCorrectCaseDetails(const command::v1::CorrectFact& command,
                                                  const CaseFold& fold,
                                                  const storage::v1::SectionFold& kept,
                                                  const Call& call);

}  // namespace selaras::domain
