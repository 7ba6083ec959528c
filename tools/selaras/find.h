#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "selaras/query/v1/query.pb.h"

#include "tools/registers/plan.h"
#include "tools/registers/rows.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// Ids of the cases that the key finds.
absl::StatusOr<std::vector<std::string>> LookUpCases(CaseSource& node,
                                                     const registers::LookUp& key);

// Ids of the cases that suit the row, see tools/registers/join.h: none, the one, or several, among
// which nobody here may choose.
absl::StatusOr<std::vector<std::string>> FindCases(CaseSource& node, const registers::Row& row);

// What a node shows of a case.
struct ReadCase {
  query::v1::Case the_case;
  query::v1::GetTimelineResponse timeline;
  std::optional<query::v1::Report> report;  // where the caller may see it
};

absl::StatusOr<ReadCase> Read(CaseSource& node, const std::string& case_id);

}  // namespace selaras::cli
