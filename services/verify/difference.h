#pragma once

#include <optional>

#include <google/protobuf/message.h>

#include "storage/audit/inspector.h"

namespace selaras::verify {

// The first field in which two messages of one type differ; nothing if they are equal.
std::optional<audit::Difference> DifferenceOf(const google::protobuf::Message& expected,
                                              const google::protobuf::Message& actual);

}  // namespace selaras::verify
