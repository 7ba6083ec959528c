#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "rocksdb/status.h"

namespace selaras::rocks {

// The end of every rocksdb::Status. `what` says what was being done. Must not be called with
// NotFound, which is an answer and not an error.
//
//   DATA_LOSS           a checksum is wrong, or a file is gone.
//   RESOURCE_EXHAUSTED  the disk is full.
//   UNAVAILABLE         the disk fails or refuses.
//   INTERNAL            anything else: a mistake of this program.
absl::Status FromRocks(const rocksdb::Status& status, absl::string_view what);

// Ends the process. For writes whose outcome is unknown and for stores that lie: only a new
// start, which makes durable what it finds and checks it, may answer for them.
[[noreturn]] void EndProcess(absl::string_view what, const absl::Status& why);

}  // namespace selaras::rocks
