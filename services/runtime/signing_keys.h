#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/note.h"

namespace selaras::runtime {

// The key of a log, as a setting names it: a file of a C2SP note key that is closed to others, or a
// key in a token (storage/crypto/token.h), whose label is the name of the note key, that is the
// origin of the log. The PIN lies in a file that is closed to others, with an absolute path. Errors
// name the setting, the place and the cure.
absl::StatusOr<log::NoteSigner> ReadNoteSigner(absl::string_view setting, const std::string& place);

// The PIN of a token's URI.
absl::StatusOr<std::string> ReadPin(absl::string_view uri);

}  // namespace selaras::runtime
