#pragma once

#include <vector>

#include "selaras/query/v1/query.pb.h"

namespace selaras::registers {

// The steps of a case or report that were not taken back, as they were corrected, in its order;
// what corrects or takes back is left out. A step whose correction is sealed counts as sealed.
std::vector<query::v1::TimelineStep> EffectiveSteps(
    const google::protobuf::RepeatedPtrField<query::v1::TimelineStep>& recorded);

}  // namespace selaras::registers
