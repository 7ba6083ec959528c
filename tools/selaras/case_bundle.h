#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "storage/log/policy.h"
#include "tools/selaras/case_file.h"

// A case as a folder of receipts that a third party verifies offline; FORMAT.md describes it.
namespace selaras::cli {

// Name of the file in which an entry's receipt stands.
std::string ReceiptFileName(const event::v1::Position& position);

// A new folder that only its owner may read. ALREADY_EXISTS if something is there.
absl::Status MakeFolder(const std::string& folder);

// Writes the case into `folder`. ALREADY_EXISTS if something is there. The index comes last:
// without it a folder is no bundle.
absl::Status WriteBundle(const CaseFile& file, const std::string& folder);

// Reads and verifies a bundle. What does not fit goes into `problems`; an error only if the folder
// cannot be read or is no bundle.
absl::StatusOr<cli::v1::VerifiedCase> VerifyBundle(const std::string& folder,
                                                   const log::Policy& policy);

}  // namespace selaras::cli
