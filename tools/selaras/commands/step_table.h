#pragma once

#include <google/protobuf/repeated_field.h>

#include "selaras/query/v1/query.pb.h"

#include "tools/selaras/table.h"

// What was recorded, step by step: the same for a case and for a report.
namespace selaras::cli {

Table StepTable(const google::protobuf::RepeatedPtrField<query::v1::TimelineStep>& steps);

}  // namespace selaras::cli
