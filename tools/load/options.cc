#include "tools/load/options.h"

#include "absl/strings/str_cat.h"

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
          {"-s,--seconds", "S", &options->seconds,
           absl::StrCat("how long, 1 to ", kSecondsMax, "; default: ", options->seconds)}};
}

absl::StatusOr<Pace> PaceOf(const PaceOptions& options) {
  if (options.in_flight < 1 || options.in_flight > kInFlightMax) {
    return cli::BadValue("--in-flight", absl::StrCat(options.in_flight),
                         absl::StrCat("give 1 to ", kInFlightMax));
  }
  if (options.seconds < 1 || options.seconds > kSecondsMax) {
    return cli::BadValue("--seconds", absl::StrCat(options.seconds),
                         absl::StrCat("give 1 to ", kSecondsMax));
  }
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
