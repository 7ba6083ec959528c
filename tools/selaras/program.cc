#include "tools/selaras/program.h"

#include <optional>
#include <utility>

#include "tools/selaras/command_line.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/errors.h"

namespace selaras::cli {
namespace {

Command Root() {
  return {.name = "selaras",
          .summary = "work with the nodes of Selaras: cases, logs, registers",
          .details =
              "Asks a node over mutual TLS (--node), or reads a store on disk (--store). "
              "Results go to stdout, everything else to stderr.",
          .examples =
              "selaras status --client bkn.textproto\n"
              "selaras case list --waiting-for bkn\n"
              "selaras case timeline 3f2a9c1e\n"
              "selaras import bawaslu.csv\n"
              "selaras log verify --store /var/lib/selaras/bkn",
          .commands = {CaseCommands(),         AttachmentCommands(), EmergencyCommands(),
                       EraseCommands(),        ReportCommands(),     ReporterCommands(),
                       ImportCommand(),        ExportCommands(),     ReconcileCommand(),
                       WorklistCommand(),      StatusCommand(),      StatsCommand(),
                       SubjectAccessCommand(), LinkCommands(),       LogCommands(),
                       CheckpointCommands(),   ReceiptCommands(),    ProofCommands(),
                       ExchangeCommands(),     AuditCommands(),      BackupCommands(),
                       ClockCommands(),        AccessCommands(),     ReferenceCommand(),
                       KeyCommands(),          NodeCommands(),       DirectoryCommands(),
                       WitnessCommand(),       VersionCommand()}};
}

// Colours: on terminals, unless NO_COLOR is set; --colour decides against both.
absl::StatusOr<OutputStyle> StyleOf(const GlobalOptions& options, const Environment& environment,
                                    const Streams& streams) {
  const std::string when = options.colour.empty() ? "auto" : options.colour;
  if (when != "auto" && when != "always" && when != "never") {
    return BadValue("--colour", when, "give auto, always or never");
  }
  const bool allowed = when == "always" || (when == "auto" && !environment("NO_COLOR"));
  const bool forced = when == "always";
  return OutputStyle{.json = options.json,
                     .colour = allowed && !options.json && (forced || streams.out_is_terminal),
                     .error_colour = allowed && (forced || streams.err_is_terminal),
                     .live = streams.err_is_terminal,
                     .terminal = streams.out_is_terminal,
                     .width = streams.out_is_terminal ? streams.width : 0};
}

}  // namespace

ExitCode RunCommands(const Command& root, const World& world, const Streams& streams,
                     std::vector<std::string> arguments) {
  GlobalOptions options;
  const CommandLine line = ParseCommandLine(root, std::move(arguments), &options);
  if (line.command == nullptr) {
    *(line.code == ExitCode::kOk ? streams.out : streams.err) << line.text << std::flush;
    return line.code;
  }
  const auto style = StyleOf(options, world.environment, streams);
  Output output(root.name, streams.out, streams.err, style.ok() ? *style : OutputStyle());
  if (!style.ok()) return output.Fail(style.status());
  Context context(world, options, output);
  if (const auto fits = context.CheckSource(line.path, line.command->source); !fits.ok()) {
    return output.Fail(fits);
  }
  return output.Finish(line.command->run(context));
}

ExitCode RunProgram(const World& world, const Streams& streams,
                    std::vector<std::string> arguments) {
  return RunCommands(Root(), world, streams, std::move(arguments));
}

}  // namespace selaras::cli
