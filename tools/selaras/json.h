#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include <google/protobuf/message.h>

namespace selaras::cli {

// The message as one line of JSON: names as in the proto file, defaults included.
// FAILED_PRECONDITION if it has no such form, as a time of the year 10000, which others may have
// written.
absl::StatusOr<std::string> JsonLineOf(const google::protobuf::Message& message);
// The same; in place of what has no such form, `{"error":"…"}`.
std::string ToJsonLine(const google::protobuf::Message& message);

// An object of texts, in the order given.
std::string ToJsonLine(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace selaras::cli
