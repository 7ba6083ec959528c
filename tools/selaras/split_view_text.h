#pragma once

#include <string>

#include "selaras/cli/v1/output.pb.h"

#include "storage/log/split_view.h"
#include "tools/selaras/output.h"

namespace selaras::cli {

// Verifies evidence, and says what it shows if it is not proven.
cli::v1::VerifiedSplitView VerifiedEvidence(const log::SplitView& view, const log::LogKeys& keys);

// What happened, what it proves and what to do, for the operator of a node or an auditor.
std::string SplitViewInWords(const Output& output, const cli::v1::VerifiedSplitView& about);

}  // namespace selaras::cli
