#pragma once

#include <string>

#include "absl/status/status.h"

#include "services/runtime/log.h"
#include "storage/log/note.h"
#include "storage/log/store.h"
#include "storage/log/succession.h"

namespace selaras::serve {

// Follows the log of `peer` to its successor, which the operator has accepted. What lies beyond the
// closing is first written to a file in `folder` (FORMAT.md), then cut off, in one step with what
// was published of it and what the link stood still for. Nothing happens if that was done before.
// `configured` is the key by which a mirror is made, should there be none. Nothing else may use the
// store meanwhile. Errors are those of Store::Succeed, and of writing a file.
absl::Status AcceptSuccession(log::Store& store, const std::string& peer,
                              const log::NoteVerifier& configured,
                              const log::Succession& succession, const std::string& folder,
                              runtime::Logger& log);

// What is cut off of a mirror, as the text of that file.
absl::StatusOr<std::string> CutText(const log::Mirror& mirror, base::TreeSize kept);

}  // namespace selaras::serve
