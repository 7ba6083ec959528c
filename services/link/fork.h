#pragma once

#include "absl/strings/string_view.h"

#include "storage/log/log_reader.h"

namespace selaras::link {

// Whether the statement `note` of the owner of `log`, by one of its keys, and the tree that is
// held of the log cannot both be true: a matter of roots, not of words. Of a log that is shorter
// than the statement nothing is proven yet. What cannot be read proves nothing.
bool ProvesFork(const log::LogReader& log, absl::string_view note);

}  // namespace selaras::link
