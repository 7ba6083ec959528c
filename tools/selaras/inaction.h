#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "services/reference/catalogue.h"
#include "storage/log/cosignature.h"
#include "storage/log/policy.h"
#include "tools/selaras/node.h"

// A watcher's statement that no step was disclosed to it by a size of the duty-holder's log, as a
// folder that a third party verifies offline; FORMAT.md describes it. That the log was no longer
// when the due day was over is the watcher's word, unless somebody cosigned it after that day.
namespace selaras::cli {

struct Wanted {
  std::string case_id;   // or a unique prefix
  std::string deadline;  // row; empty: the only one of which there is a statement
};

// Writes the newest statement. NOT_FOUND if none is there, FAILED_PRECONDITION if it cannot be
// told which is meant, or if no log of the duty-holder was seen.
absl::StatusOr<cli::v1::InactionStatement> WriteInaction(CaseSource& cases, Ledger& ledger,
                                                         const Wanted& wanted,
                                                         const std::string& folder);

// Reads and verifies it, the checkpoint of what was seen also with the keys of witnesses: without
// any, nobody has to have cosigned it; with some, one of them after the due day. What does not fit
// goes into `problems`; an error only if the folder cannot be read.
absl::StatusOr<cli::v1::InactionStatement> VerifyInaction(
    const std::string& folder, const log::Policy& policy,
    const std::vector<log::CosignatureVerifier>& witnesses = {});

// Whether the receipt in `text` is of a step that meets the limit and stands in what was seen. Says
// so in the statement, which must be one that was verified. An error only if it is no receipt that
// the policy accepts, or the catalogue is not the one of the statement.
absl::Status Refute(const std::string& text, const log::Policy& policy, const std::string& folder,
                    const reference::Catalogue& catalogue, cli::v1::InactionStatement* statement);

}  // namespace selaras::cli
