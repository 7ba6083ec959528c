#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include "storage/log/note.h"

// A message that people can read and somebody signed: a C2SP signed note whose text is the message
// in protobuf text format (selaras/config/v1/directory.proto).
namespace selaras::runtime {

std::string SignText(const google::protobuf::Message& message, const log::NoteSigner& signer);

// The signed text of `note`, into `message`. Fields that this program does not know are skipped:
// a newer one may have written it. INVALID_ARGUMENT if it is no note or its text is malformed,
// DATA_LOSS if `signer` did not sign it.
absl::Status OpenText(absl::string_view note, const log::NoteVerifier& signer,
                      google::protobuf::Message* message);

// The note with no other signature than one of `signer`, which signed it.
absl::StatusOr<std::string> OnlySignedBy(absl::string_view note, const log::NoteVerifier& signer);

// The same of a note whose own text says who signed it: nothing is proven of whoever made it.
absl::Status PeekText(absl::string_view note, google::protobuf::Message* message);

}  // namespace selaras::runtime
