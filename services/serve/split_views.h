#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/split_view.h"

namespace selaras::serve {

// Writes it into the folder of the store, unless it is there already, and gives its name. Durable
// on return. Errors are those of writing a file.
absl::StatusOr<std::string> KeepSplitView(absl::string_view folder, const log::SplitView& view);

// Reads it again.
absl::StatusOr<log::SplitView> LoadSplitView(absl::string_view folder, absl::string_view name);

}  // namespace selaras::serve
