#pragma once

#include <string>

#include "selaras/cli/v1/output.pb.h"

#include "tools/selaras/output.h"

namespace selaras::cli {

// What happened, what it proves and what to do, for the operator of a node or an auditor.
std::string SplitViewInWords(const Output& output, const cli::v1::VerifiedSplitView& about);

}  // namespace selaras::cli
