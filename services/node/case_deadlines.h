#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/query/v1/query.pb.h"

#include "services/domain/deadline.h"
#include "services/node/case_reader.h"

namespace selaras::node {

// The time limits of a case at a moment. Nothing is stored: another version of the reference data
// may give other days, and the answer names the version. Errors as CaseReader::GetCase.
absl::StatusOr<query::v1::ListDeadlinesResponse> ListDeadlines(
    const query::v1::ListDeadlinesRequest& request, const CaseReader& reader, const Viewer& viewer,
    const domain::DeadlineRules& rules, absl::Time as_of);

}  // namespace selaras::node
