#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "tools/load/drive.h"
#include "tools/load/figures.h"
#include "tools/selaras/command.h"
#include "tools/selaras/context.h"

namespace selaras::load {

// What all modes take.
struct PaceOptions {
  int in_flight = 16;
  int seconds = 10;
};

std::vector<cli::Option> OptionsOf(PaceOptions* options);

// INVALID_ARGUMENT, and cli::IsUsage(), if it is out of bounds.
absl::StatusOr<Pace> PaceOf(const PaceOptions& options);

// On stdout, as the caller wants it.
void Print(cli::Output& output, const Figures& figures);
// The same as the end of a mode, which may have failed.
cli::ExitCode Report(cli::Output& output, const absl::StatusOr<Figures>& figures);

}  // namespace selaras::load
