#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/scratch.h"

namespace selaras::rocks {

// Rows in a new folder inside `directory`, which only this user may enter and which goes with them.
// Nothing is synced. UNAVAILABLE if the disk is full or the folder cannot be made.
absl::StatusOr<std::unique_ptr<log::Scratch>> MakeScratch(absl::string_view directory);

// Removes what processes that were killed left of them in `directory`. No other may be using any.
void DropScratches(absl::string_view directory);

}  // namespace selaras::rocks
