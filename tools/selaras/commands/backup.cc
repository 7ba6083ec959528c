#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

ExitCode Create(Context& context, const std::string& name) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  ledger::v1::CreateBackupRequest request;
  request.set_name(name);
  const auto backup = (*node)->CreateBackup(request);
  if (!backup.ok()) return output.Fail(backup.status());
  if (output.json()) {
    output.Json(*backup);
    return ExitCode::kOk;
  }
  Fields fields;
  fields.Add("backup", backup->directory());
  fields.Add("shared log", absl::StrCat(backup->shared_size(), " entries"));
  fields.Add("private log", absl::StrCat(backup->private_size(), " entries"));
  output.Print(fields.Text(output));
  output.Note(
      "the log key and the keys that open what is sealed are not in it: keep them elsewhere");
  return ExitCode::kOk;
}

ExitCode Confirm(Context& context, const std::string& reason) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  ledger::v1::ConfirmRestoredRequest request;
  request.set_reason(reason);
  if (const auto confirmed = (*node)->ConfirmRestored(request); !confirmed.ok()) {
    return output.Fail(confirmed);
  }
  output.Note("the node takes commands again");
  return ExitCode::kOk;
}

}  // namespace

Command BackupCommands() {
  auto name = std::make_shared<std::string>();
  Command create = {
      .name = "create",
      .summary = "copy the store of a running node into a new directory on its machine",
      .details =
          "The directory is made below the one that the node's configuration names (backups). "
          "Needs a certificate of the role ops. To restore, stop the node, move its store away, "
          "copy the backup to its place and start the node: it takes no commands before all its "
          "peers have shown that they hold no more of its log; if one holds more, selaras backup "
          "recover "
          "brings it back. selaras log verify --store "
          "reads a backup like a store.",
      .examples =
          "selaras backup create 2026-05-01\n"
          "selaras log verify --store /var/backups/selaras/2026-05-01",
      .source = Source::kNode,
      .options = {{"NAME", "", name.get(), "name of the new directory", true}},
      .run = [name](Context& context) { return Create(context, *name); }};
  auto reason = std::make_shared<std::string>();
  Command confirm = {
      .name = "confirm",
      .summary = "let a restored node write although not all its peers were heard",
      .details =
          "States that no peer which was not heard ever held more of this node's log than the "
          "backup. If one did, the next entry forks the log, which cannot be healed. Refused if a "
          "peer has shown that it holds more. Needs a certificate of the role ops.",
      .examples =
          "selaras backup confirm --reason \"BKN has been offline since before the backup\"",
      .source = Source::kNode,
      .options = {{"--reason", "TEXT", reason.get(), "how this is known, for the node's log",
                   true}},
      .run = [reason](Context& context) { return Confirm(context, *reason); }};
  return {.name = "backup",
          .summary = "backups of a store, and what follows a restore",
          .commands = {std::move(create), BackupRecoverCommand(), std::move(confirm)}};
}

}  // namespace selaras::cli
