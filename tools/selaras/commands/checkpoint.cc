#include "storage/log/checkpoint.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/split_view.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/split_view_text.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"
#include "tools/selaras/trust.h"

namespace selaras::cli {
namespace {

struct ShowOptions {
  std::string log;
  bool witnessed = false;
};

ExitCode Show(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  ledger::v1::GetCheckpointRequest request;
  request.set_log(options.log);
  request.set_witnessed(options.witnessed);
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

struct VerifyOptions {
  std::string file;
  TrustOptions trust;
};

absl::Status VerifyNote(const VerifyOptions& options, cli::v1::VerifiedCheckpoint* about) {
  ASSIGN_OR_RETURN(const log::Policy policy, PolicyOf(options.trust));
  ASSIGN_OR_RETURN(const std::string note, ReadFile(options.file));
  ASSIGN_OR_RETURN(const log::Accepted accepted, policy.Open(note));
  const log::Checkpoint& checkpoint = accepted.checkpoint.checkpoint;
  about->set_origin(checkpoint.origin);
  about->set_tree_size(checkpoint.size.value);
  about->set_root(base::HexEncode(checkpoint.root.view()));
  for (const auto& [name, time] : accepted.cosigned) *about->add_cosigned() = ToOutput(name, time);
  return absl::OkStatus();
}

// A file of evidence has two checkpoints: that a key signed both is what it proves.
ExitCode VerifyEvidence(Context& context, const VerifyOptions& options, const std::string& text) {
  Output& output = context.output();
  const auto keys = LogKeysOf(options.trust);
  if (!keys.ok()) return output.Fail(keys.status());
  const auto view = log::ParseSplitView(text);
  if (!view.ok()) return output.Fail(view.status());
  const cli::v1::VerifiedSplitView about = VerifiedEvidence(*view, *keys);
  if (output.json()) {
    output.Json(about);
  } else {
    output.Print(SplitViewInWords(output, about));
  }
  return ExitCode::kDifference;
}

ExitCode Verify(Context& context, const VerifyOptions& options) {
  Output& output = context.output();
  const auto text = ReadFile(options.file);
  if (text.ok() && log::IsSplitViewText(*text)) return VerifyEvidence(context, options, *text);
  cli::v1::VerifiedCheckpoint about;
  const absl::Status verdict = VerifyNote(options, &about);
  if (!verdict.ok() && !absl::IsDataLoss(verdict)) return output.Fail(verdict);
  about.set_valid(verdict.ok());
  about.set_reason(std::string(verdict.message()));
  if (output.json()) {
    output.Json(about);
  } else {
    Fields fields;
    fields.Add("signed by", about.origin());
    if (about.valid()) fields.Add("size", Count(about.tree_size(), "entry"));
    fields.Add("root", {about.root(), Tone::kDim});
    AddWitnesses(about.cosigned(), &fields);
    fields.Add("why", Printable(about.reason()));
    output.Print(absl::StrCat(output.PaintValid(about.valid()), " ", options.file, "\n",
                              fields.Text(output)));
  }
  return about.valid() ? ExitCode::kOk : ExitCode::kDifference;
}

Command VerifyCommand() {
  const auto options = std::make_shared<VerifyOptions>();
  return {.name = "verify",
          .summary = "verify a signed checkpoint offline: who signed, who cosigned",
          .details =
              "Ends with 5 if it is not signed, or not cosigned as the policy demands. Of a "
              "file of evidence (split-view-….txt) it says whether it proves that the log's "
              "owner showed two histories, or what it shows nevertheless, and ends with 5.",
          .examples =
              "selaras checkpoint verify checkpoint.note --key selaras/bkn+9c1f…+AZ…\n"
              "selaras checkpoint verify checkpoint.note --policy ombudsman.policy",
          .options = {{"FILE", "", &options->file, "the note; - is standard input", true},
                      KeyOption(&options->trust),
                      PolicyOption(&options->trust),
                      KeyChangeOption(&options->trust)},
          .run = [options](Context& context) { return Verify(context, *options); }};
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
                   "name of the log; default: the node's shared log"},
                  {"--witnessed", "", &options->witnessed,
                   "the newest published one that meets the node's policy, with cosignatures"}},
      .run = [options](Context& context) { return Show(context, *options); }};
  return {.name = "checkpoint",
          .summary = "what a log has signed: its size and its root",
          .commands = {std::move(show), VerifyCommand()}};
}

}  // namespace selaras::cli
