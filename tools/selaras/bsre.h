#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/event/v1/personal.pb.h"

namespace selaras::cli {

// What an answer of BSrE tells.
struct BsreAnswer {
  event::v1::SignatureCheck check;
  std::string document;  // its name, as it was sent to BSrE; empty if it is not told
};

// What BSrE's service that verifies electronic signatures answered about a PDF, as it is kept with
// the document. The answer is JSON: `summary`, `jumlah_signature`, and for each signature one of
// `details` with `info_signer` and `signature_document`. Nothing else goes into the check, texts
// that are too long are cut, and times that cannot be read are left out. IsUsage(), with the field,
// for what is no such answer or contradicts itself; `file` names it. `checked_at` fits a Timestamp.
absl::StatusOr<BsreAnswer> ReadBsreAnswer(absl::string_view file, absl::string_view json,
                                          absl::Time checked_at);

}  // namespace selaras::cli
