#include "tools/load/options.h"

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "tools/selaras/errors.h"

namespace selaras::load {
namespace {

constexpr int kInFlightMax = 4'000;  // fewer than a node's queue takes
constexpr int kSecondsMax = 3'600;

}  // namespace

std::vector<cli::Option> OptionsOf(PaceOptions* options) {
  return {{"-n,--in-flight", "N", &options->in_flight,
           absl::StrCat("calls under way at any time, 1 to ", kInFlightMax,
                        "; default: ", options->in_flight)},
          SecondsOption(&options->seconds)};
}

cli::Option SecondsOption(int* seconds) {
  return {"-s,--seconds", "S", seconds,
          absl::StrCat("how long, 1 to ", kSecondsMax, "; default: ", *seconds)};
}

absl::Status CheckBetween(absl::string_view option, int value, int max) {
  if (value >= 1 && value <= max) return absl::OkStatus();
  return cli::BadValue(option, absl::StrCat(value), absl::StrCat("give 1 to ", max));
}

absl::Status CheckSeconds(int seconds) { return CheckBetween("--seconds", seconds, kSecondsMax); }

absl::StatusOr<Pace> PaceOf(const PaceOptions& options) {
  RETURN_IF_ERROR(CheckBetween("--in-flight", options.in_flight, kInFlightMax));
  RETURN_IF_ERROR(CheckSeconds(options.seconds));
  return Pace{options.in_flight, absl::Seconds(options.seconds)};
}

void Print(cli::Output& output, const Figures& figures) {
  output.Print(absl::StrCat(output.json() ? FiguresJson(figures) : FiguresLine(figures), "\n"));
}

cli::ExitCode Report(cli::Output& output, const absl::StatusOr<Figures>& figures) {
  if (!figures.ok()) return output.Fail(figures.status());
  Print(output, *figures);
  return cli::ExitCode::kOk;
}

}  // namespace selaras::load
