#pragma once

#include "absl/strings/string_view.h"

namespace selaras::runtime {

// Of the release, e.g. `0.1.0`.
absl::string_view Version();

}  // namespace selaras::runtime
