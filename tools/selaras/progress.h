#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace selaras::cli {

// `verifying bkn  ██████░░░░  412/820`; without a bar if `of` is 0.
std::string ProgressText(absl::string_view what, std::uint64_t done, std::uint64_t of);

}  // namespace selaras::cli
