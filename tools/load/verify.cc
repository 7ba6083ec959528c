#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/verify/event_inspector.h"
#include "storage/audit/audit.h"
#include "storage/base/status.h"
#include "tools/load/modes.h"
#include "tools/load/options.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"

namespace selaras::load {
namespace {

using Moment = std::chrono::steady_clock::time_point;

struct VerifyOptions {
  int rounds = 3;
  int threads = 0;
  bool tree_only = false;
};

absl::Duration Since(Moment began) {
  return absl::FromChrono(std::chrono::steady_clock::now() - began);
}

// Verifies the store once. Gives the number of entries that were hashed.
absl::StatusOr<std::uint64_t> VerifyOnce(cli::Context& context,
                                         const audit::AuditOptions& options) {
  ASSIGN_OR_RETURN(const auto store, context.OpenStore());
  const verify::EventInspector inspector;
  const audit::AuditReport report =
      audit::Audit(*store, inspector, options, [](const audit::Step&) {});
  if (!report.clean()) {
    return absl::DataLossError(
        absl::StrCat("the store is not what its entries say: ", report.findings.front().problem,
                     "; selaras log verify says more"));
  }
  std::uint64_t entries = 0;
  for (const audit::LogSummary& log : report.logs) entries += log.entries;
  if (entries == 0) return absl::FailedPreconditionError("the store holds no entry to verify");
  return entries;
}

absl::StatusOr<Figures> Measure(cli::Context& context, const VerifyOptions& options) {
  if (options.rounds < 1) {
    return cli::BadValue("--rounds", absl::StrCat(options.rounds), "give a number from 1 on");
  }
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  audit::AuditOptions audit;
  audit.tree_only = options.tree_only;
  audit.threads = static_cast<std::size_t>(threads);
  audit.now = context.clock().Now();
  Figures figures{.name = options.tree_only ? "verify_tree" : "verify", .in_flight = threads};
  for (int round = 0; round < options.rounds; ++round) {
    const Moment began = std::chrono::steady_clock::now();
    ASSIGN_OR_RETURN(const std::uint64_t entries, VerifyOnce(context, audit));
    const absl::Duration elapsed = Since(began);
    figures.operations += entries;
    figures.elapsed += elapsed;
    figures.latencies.push_back(static_cast<std::uint64_t>(absl::ToInt64Microseconds(elapsed)));
  }
  std::sort(figures.latencies.begin(), figures.latencies.end());
  return figures;
}

}  // namespace

cli::Command VerifyMode() {
  auto options = std::make_shared<VerifyOptions>();
  return {.name = "verify",
          .summary = "how fast the logs of a store are verified",
          .details =
              "Derives the store anew from its entries, as selaras log verify does without what "
              "is derived from several logs. An entry is an operation, a round is a call, and the "
              "threads are what is in flight.",
          .examples = "selaras-load verify --store /var/lib/selaras/bkn --rounds 5",
          .source = cli::Source::kStore,
          .options = {{"--rounds", "N", &options->rounds, "how often; default: 3"},
                      {"--threads", "N", &options->threads,
                       "threads that hash and compare; default: one a processor"},
                      {"--tree-only", "", &options->tree_only,
                       "entries, hashes, roots and checkpoints only"}},
          .run = [options](cli::Context& context) {
            return Report(context.output(), Measure(context, *options));
          }};
}

}  // namespace selaras::load
