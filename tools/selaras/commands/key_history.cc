#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "storage/log/checkpoint.h"
#include "storage/log/succession.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/files.h"
#include "tools/selaras/table.h"

namespace selaras::cli {
namespace {

struct HistoryOptions {
  std::string log;
  std::string directory;
};

// `bkn-key-1.tlog-proof`: what leads from the first key to the second; `.succession` if that is the
// statement of a successor.
std::string FileOf(const HistoryOptions& options, absl::string_view origin, int number,
                   absl::string_view change) {
  return absl::StrCat(options.directory, "/",
                      absl::StrReplaceAll(origin, {{"selaras/", ""}, {"/", "-"}}), "-key-", number,
                      log::IsSuccessionText(change) ? ".succession" : ".tlog-proof");
}

absl::Status WriteChanges(Output& output, const HistoryOptions& options,
                          const ledger::v1::GetCheckpointResponse& response) {
  for (int i = 0; i < response.past_keys_size(); ++i) {
    const ledger::v1::PastKey& key = response.past_keys(i);
    const std::string origin = key.verifier_key().substr(0, key.verifier_key().find('+'));
    if (key.key_change().empty()) {
      output.Note(absl::StrCat("the entry by which key ", i + 1, " was replaced is not held here"));
      continue;
    }
    const std::string file = FileOf(options, origin, i + 1, key.key_change());
    if (absl::Status written = WriteFile(file, key.key_change()); !written.ok()) return written;
    output.Note("wrote " + file);
  }
  return absl::OkStatus();
}

void Print(Output& output, const ledger::v1::GetCheckpointResponse& response) {
  Table table({"KEY", "BELIEVED UP TO", "VERIFIER KEY"});
  int number = 0;
  for (const ledger::v1::PastKey& key : response.past_keys()) {
    table.Add({absl::StrCat(++number),
               absl::StrCat("size ", key.last_size()),
               {key.verifier_key(), Tone::kDim}});
  }
  table.Add({absl::StrCat(number + 1), {"signs now", Tone::kGood}, response.verifier_key()});
  output.Print(table.Text(output));
}

ExitCode History(Context& context, const HistoryOptions& options) {
  Output& output = context.output();
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  ledger::v1::GetCheckpointRequest request;
  request.set_log(options.log);
  const auto response = (*ledger)->GetCheckpoint(request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(*response);
  } else {
    Print(output, *response);
  }
  if (options.directory.empty()) return ExitCode::kOk;
  const absl::Status written = WriteChanges(output, options, *response);
  return written.ok() ? ExitCode::kOk : output.Fail(written);
}

}  // namespace

Command KeyHistoryCommand() {
  const auto options = std::make_shared<HistoryOptions>();
  return {
      .name = "history",
      .summary = "the keys that signed a log, and how far each is believed",
      .details =
          "A key is replaced by a start with another log_key and the old one as previous_log_key. "
          "The receipts that -o writes prove each change to whoever trusts the key before it: "
          "give them to receipt verify and checkpoint verify with --key-change. Or a policy says "
          "it, to whoever trusts that policy: past-log and log, as in the example, with the keys "
          "and sizes that are shown. Other readers of C2SP tlog-policy refuse such a policy. "
          "Where the log was closed and goes on in a successor, -o writes the statement of that, "
          "which proves nothing: compare its fingerprint with the office whose log it is.",
      .examples =
          "selaras key history --log bkn\n"
          "selaras key history --store /var/lib/selaras/bkn -o /srv/keys\n"
          "printf 'past-log %s 4711\\nlog %s\\nquorum none\\n' KEY-1 KEY-2 > bkn.policy",
      .source = Source::kNodeOrStore,
      .options = {{"--log", "NAME", &options->log,
                   "name of the log or mirror; default: the node's shared log"},
                  {"-o,--out", "DIR", &options->directory,
                   "existing folder to which the receipts of the changes are written"}},
      .run = [options](Context& context) { return History(context, *options); }};
}

}  // namespace selaras::cli
