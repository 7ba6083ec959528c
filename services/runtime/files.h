#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::runtime {

// The bytes of a regular file of at most `bytes_max`. NOT_FOUND if it is missing, a folder or
// unreadable, INVALID_ARGUMENT if it is larger.
absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t bytes_max);

// The same for a secret, at most 64 KiB: it must belong to the user that runs this program (or to
// root) and be closed to everybody else. FAILED_PRECONDITION names what is wrong and the command
// that mends it. A credential of root's may be readable by its group: systemd lets exactly the
// service read it, by an access list whose mask shows there.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// Where systemd put the credentials of this program. Empty: there are none.
std::string CredentialsFolder();

// Replaces the file: whoever reads it sees the old or the new content, never a part, also after a
// power cut. Durable on return.
absl::Status WriteFileAtomically(const std::string& path, absl::string_view content);

// The same for a secret: nobody but the user that runs this program can read it.
absl::Status WriteSecretFileAtomically(const std::string& path, absl::string_view content);

// Makes durable that the file has this name: a name is as durable as its folder.
absl::Status SyncFolderOf(const std::string& path);

}  // namespace selaras::runtime
