#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

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

// How long, with the seconds to be had if it is not given.
cli::Option SecondsOption(int* seconds);

// INVALID_ARGUMENT, and cli::IsUsage(), unless it is 1 to `max`.
absl::Status CheckBetween(absl::string_view option, int value, int max);
// The same for what SecondsOption() takes.
absl::Status CheckSeconds(int seconds);

// Errors are those of CheckBetween().
absl::StatusOr<Pace> PaceOf(const PaceOptions& options);

// On stdout, as the caller wants it.
void Print(cli::Output& output, const Figures& figures);
// The same as the end of a mode, which may have failed.
cli::ExitCode Report(cli::Output& output, const absl::StatusOr<Figures>& figures);

}  // namespace selaras::load
