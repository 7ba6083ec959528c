#pragma once

#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/message.h>

namespace selaras::cli {

// The message as one line of JSON: names as in the proto file, defaults included.
std::string ToJsonLine(const google::protobuf::Message& message);

// An object of texts, in the order given.
std::string ToJsonLine(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace selaras::cli
