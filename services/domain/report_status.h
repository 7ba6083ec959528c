#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/event/v1/types.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/transitions.h"

// Where a report stands, as its reporter is told: codes of the catalogue list `report_status`. They
// tell how far it got, never who is concerned, who decided, or what was decided: a dismissal, a
// sanction and an objection to it read the same.
namespace selaras::domain {

// Code of a case in that state.
absl::string_view ReportStatusOf(State state);
// Of a report whose office waits for the reporter to complete it.
inline constexpr absl::string_view kWaitsForReporter = "completion_requested";

// A code, and when it came to that; unset: not recorded.
struct ReportStep {
  std::string status;
  event::v1::When since;
};

// Of a case. What followed a decision is between the respondent and the body: it moves nothing.
ReportStep ReportStepOf(const storage::v1::CaseFold& fold);

// Of a report without cases, from what was stated about it; its opening stands first.
ReportStep ReportStepOf(const storage::v1::SectionFold& facts);

// Whether the office waits for the reporter to complete the report.
bool IsCompletionOpen(const storage::v1::SectionFold& facts);

// The report as a whole: the case that has the longest way to go, or if all have ended the one that
// got furthest. `steps` is not empty.
const ReportStep& WholeOf(const std::vector<ReportStep>& steps);

// By code and day, an order that tells nothing about the cases.
void SortSteps(std::vector<ReportStep>* steps);

}  // namespace selaras::domain
