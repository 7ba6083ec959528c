#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

#include "storage/log/store.h"
#include "storage/log/succession.h"

namespace selaras::rocks {

// Makes the store `to` in which both own logs of the store `from` go on in their successors: a copy
// of it, cut where the statements close the logs, with `rows` (of any table) written to it. Mirrors
// and all other rows stay as they are. What signs it from now on is the key that the statements
// name.
//
// `from` is not changed: it is evidence. `to` takes its name only when all of it is durable; what
// a run that was killed left of it is begun again.
//
//   ALREADY_EXISTS       `to` is there.
//   OUT_OF_RANGE         a log is shorter than its closing.
//   FAILED_PRECONDITION  `from` is no store, or the statements are of other logs.
//   DATA_LOSS            `from` does not agree with itself, or with the closings.
//   UNAVAILABLE          a node runs on `from`; the disk is full or fails.
absl::Status MakeSuccessor(const std::string& from, const std::string& to,
                           const log::Succession& shared, const log::Succession& private_log,
                           const std::vector<log::RowWrite>& rows);

}  // namespace selaras::rocks
