#include <memory>
#include <string>

#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"

namespace selaras::cli {
namespace {

struct ShowOptions {
  std::string log;
};

ExitCode Show(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  ledger::v1::GetCheckpointRequest request;
  request.set_log(options.log);
  const auto response = (*ledger)->GetCheckpoint(request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(*response);
    return ExitCode::kOk;
  }
  output.Print(response->checkpoint());  // byte for byte: other tools verify it
  if (!response->verifier_key().empty()) {
    output.Note("verifier key: " + response->verifier_key());
  }
  return ExitCode::kOk;
}

}  // namespace

Command CheckpointCommands() {
  const auto options = std::make_shared<ShowOptions>();
  Command show = {
      .name = "show",
      .summary = "the newest signed checkpoint of a log, byte for byte (C2SP tlog-checkpoint)",
      .examples =
          "selaras checkpoint show > checkpoint.note\n"
          "selaras checkpoint show --log bkn --store DIR",
      .source = Source::kNodeOrStore,
      .options = {{"--log", "NAME", &options->log,
                   "name of the log; default: the node's shared log"}},
      .run = [options](Context& context) { return Show(context, *options); }};
  return {.name = "checkpoint",
          .summary = "what a log has signed: its size and its root",
          .commands = {std::move(show)}};
}

}  // namespace selaras::cli
