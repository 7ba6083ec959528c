#pragma once

#include <string>

#include "absl/status/status.h"
#include <google/protobuf/message.h>

namespace selaras::cli {

// Reads a configuration in protobuf's text format into `config`. BadConfigText if `text`, that of
// `file`, is none.
absl::Status ParseConfig(const std::string& file, const std::string& text,
                         google::protobuf::Message* config);

}  // namespace selaras::cli
