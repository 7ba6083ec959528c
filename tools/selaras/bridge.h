#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/query/v1/query.pb.h"

#include "tools/bridges/table.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// Calls `visit` for every case that the caller may see, page by page: never more than one page is
// held. Stops at the first error.
absl::Status ForEachCase(CaseSource& cases,
                         const std::function<absl::Status(const query::v1::Case& shown)>& visit);

// A case with what tables of other systems need besides.
struct BridgedCase {
  query::v1::Case the_case;
  query::v1::GetTimelineResponse timeline;
  std::string in_force_on;

  bridges::Shown view() const { return {the_case, timeline, in_force_on}; }
};

absl::StatusOr<BridgedCase> ReadBridged(CaseSource& cases, bridges::System system,
                                        const query::v1::Case& shown);

}  // namespace selaras::cli
