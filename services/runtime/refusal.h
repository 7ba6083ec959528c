#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace selaras::runtime {

// A status that carries an ErrorInfo of the domain `selaras` as a payload, which the gRPC border
// copies. `reason` is UPPER_SNAKE_CASE.
absl::Status Refusal(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                     const std::vector<std::pair<std::string, std::string>>& metadata = {});

// INVALID_ARGUMENT, INVALID_FIELD, with a BadRequest: `field` is the path in the request.
absl::Status BadField(absl::string_view field, absl::string_view description);

// The same status, with when to come back as a RetryInfo.
absl::Status RetryAfter(absl::Status status, absl::Duration wait);

}  // namespace selaras::runtime
