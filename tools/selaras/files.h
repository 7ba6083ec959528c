#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::cli {

// The bytes of a file; `-` is the standard input.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Writes a file anew, in place of an older one.
absl::Status WriteFile(const std::string& path, absl::string_view bytes);

// Writes a file that only its owner may read. ALREADY_EXISTS if it is there.
absl::Status WriteSecretFile(const std::string& path, absl::string_view bytes);

}  // namespace selaras::cli
