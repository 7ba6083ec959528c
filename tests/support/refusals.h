#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"

// What a refusal tells programs, read from its details as a foreign client would.
namespace selaras::test {

// `reason` of the ErrorInfo; empty if there is none.
std::string ReasonIn(const absl::Status& status);
std::map<std::string, std::string> MetadataIn(const absl::Status& status);
// The field of the only field violation; empty if there is none.
std::string FieldIn(const absl::Status& status);
// `type subject: description` of the only precondition violation; empty if there is none.
std::string PreconditionIn(const absl::Status& status);

}  // namespace selaras::test
