#pragma once

#include <string>
#include <vector>

#include "selaras/cli/v1/output.pb.h"

#include "tools/registers/register.h"
#include "tools/selaras/import/importer.h"
#include "tools/selaras/output.h"

namespace selaras::cli {

// What became of one file.
cli::v1::ImportSummary Summarise(const std::string& file, const registers::Register& source,
                                 const Importer::Result& result, bool dry_run);

// The same for people: counts, then the rows that were not imported.
std::string SummaryText(const cli::v1::ImportSummary& summary, const Output& output);

// Refused and changed rows of all files as CSV (RFC 4180), with a heading.
std::string RefusedCsv(const std::vector<cli::v1::ImportSummary>& summaries);

// The code for all files together: unreachable before pending before refused.
ExitCode ExitCodeOf(const std::vector<cli::v1::ImportSummary>& summaries);

}  // namespace selaras::cli
