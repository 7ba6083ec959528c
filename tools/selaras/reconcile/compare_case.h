#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "selaras/cli/v1/evidence.pb.h"
#include "selaras/ledger/v1/ledger.pb.h"
#include "selaras/query/v1/query.pb.h"

// What several nodes hold of one case, side by side: a pure comparison of what they answered.
namespace selaras::cli {

// A case as one node shows it.
struct SeenCase {
  const ledger::v1::GetNodeResponse* node = nullptr;
  bool shown = false;  // false: the node has no such case for the caller
  query::v1::Case the_case;
  query::v1::GetTimelineResponse timeline;
};

// What differs, one finding for each pair of nodes and kind. `late` is how long an entry may take
// from its recording, or from when its receiver became a party, until it is held there. Empty if
// all agree. What the caller may not see at a node is not_compared.
std::vector<cli::v1::ReconciledFinding> CompareCase(const std::string& case_id,
                                                    const std::vector<SeenCase>& seen,
                                                    absl::Duration late);

// Whether more than one of the nodes should hold the case: only then there is something to compare.
bool IsShared(const std::vector<SeenCase>& seen);

}  // namespace selaras::cli
