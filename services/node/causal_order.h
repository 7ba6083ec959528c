#pragma once

#include <vector>

#include "selaras/query/v1/query.pb.h"
#include "selaras/storage/v1/storage.pb.h"

namespace selaras::node {

// The steps of a case, in whatever order they come, each place once or oftener: each place once,
// those of each log in its order, each after those that it cites, as far as they are here. Where
// that leaves a choice, the order of the segments of `fold` decides: never a clock. Steps that a
// later one takes back are marked.
std::vector<query::v1::TimelineStep> InCausalOrder(std::vector<query::v1::TimelineStep> steps,
                                                   const storage::v1::CaseFold& fold);

}  // namespace selaras::node
