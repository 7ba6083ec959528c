#include "storage/log/receipt.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/log/names.h"
#include "storage/log/policy.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"
#include "tools/selaras/trust.h"

namespace selaras::cli {
namespace {

struct GetOptions {
  std::string position;
  std::string log;
  std::string out;
  std::uint64_t size = 0;
  bool witnessed = false;
};

struct VerifyOptions {
  std::vector<std::string> files;
  TrustOptions trust;
  std::string entry;
};

ExitCode Get(Context& context, const GetOptions& options) {
  Output& output = context.output();
  const auto position = ParsePosition(options.position, options.log);
  if (!position.ok()) return output.Fail(position.status());
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  ledger::v1::GetReceiptRequest request;
  request.set_log(position->log());
  request.set_sequence(position->sequence());
  request.set_tree_size(options.size);
  request.set_witnessed(options.witnessed);
  const auto response = (*ledger)->GetReceipt(request);
  if (!response.ok()) return output.Fail(response.status());
  if (!options.out.empty()) {
    const auto written = WriteFile(options.out, response->receipt());
    if (!written.ok()) return output.Fail(written);
    output.Note("wrote " + options.out);
  } else {
    output.Print(response->receipt());
  }
  if (!response->verifier_key().empty()) output.Note("verifier key: " + response->verifier_key());
  return ExitCode::kOk;
}

// Fills what is known, also of a receipt that proves nothing.
absl::Status VerifyOne(const log::Policy& policy, const VerifyOptions& options,
                       cli::v1::VerifiedReceipt* about) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(about->file()));
  ASSIGN_OR_RETURN(log::Receipt receipt, log::ParseReceipt(text));
  std::string entry = std::move(receipt.extra);
  if (!options.entry.empty()) {
    ASSIGN_OR_RETURN(entry, ReadFile(options.entry));
  }
  if (entry.empty() && options.entry.empty()) {
    return absl::InvalidArgumentError(
        "the receipt does not carry the entry; name the file that has its bytes: --entry FILE");
  }
  ASSIGN_OR_RETURN(const log::Accepted accepted, policy.Open(receipt.checkpoint));
  const log::Checkpoint& checkpoint = accepted.checkpoint.checkpoint;
  about->set_origin(checkpoint.origin);
  about->set_position(absl::StrCat(log::LogOfOrigin(checkpoint.origin), "@", receipt.index.value));
  about->set_tree_size(checkpoint.size.value);
  about->set_root(base::HexEncode(checkpoint.root.view()));
  for (const auto& [name, time] : accepted.cosigned) {
    *about->add_cosigned() = ToOutput(name, time);
  }
  RETURN_IF_ERROR(log::VerifyReceipt(receipt, entry, checkpoint));
  event::v1::Event event;
  if (event.ParseFromString(entry)) *about->mutable_event() = std::move(event);
  return absl::OkStatus();
}

void Print(Output& output, const cli::v1::VerifiedReceipt& about) {
  if (output.json()) return output.Json(about);
  Fields fields;
  fields.Add("entry", about.position());
  if (about.has_event()) {
    fields.Add("fact", {FactName(about.event().fact()), Tone::kStrong});
    fields.Add("states", FactDetails(about.event().fact()));
    fields.Add("author", about.event().author());
    fields.Add("recorded", TimeText(about.event().recorded_at()));
  }
  fields.Add("signed by", about.origin());
  if (about.tree_size() > 0) fields.Add("in a log of", Count(about.tree_size(), "entry"));
  AddWitnesses(about.cosigned(), &fields);
  fields.Add("why", Printable(about.reason()));
  output.Print(
      absl::StrCat(output.PaintValid(about.valid()), " ", about.file(), "\n", fields.Text(output)));
}

// What cannot be read is an error; what proves nothing, or something else, a difference.
ExitCode Verify(Context& context, const VerifyOptions& options) {
  Output& output = context.output();
  const auto policy = PolicyOf(options.trust);
  if (!policy.ok()) return output.Fail(policy.status());
  ExitCode code = ExitCode::kOk;
  for (const std::string& file : options.files) {
    cli::v1::VerifiedReceipt about;
    about.set_file(file);
    const absl::Status verdict = VerifyOne(*policy, options, &about);
    about.set_valid(verdict.ok());
    about.set_reason(std::string(verdict.message()));
    Print(output, about);
    if (verdict.ok()) continue;
    const bool unreadable = !absl::IsDataLoss(verdict);
    if (code == ExitCode::kOk || unreadable) {
      code = unreadable ? ExitCode::kError : ExitCode::kDifference;
    }
  }
  return code;
}

}  // namespace

Command ReceiptCommands() {
  const auto get = std::make_shared<GetOptions>();
  Command get_command = {
      .name = "get",
      .summary = "the receipt of an entry: a file that proves it to anybody (C2SP tlog-proof)",
      .details =
          "Holds the entry, its Merkle proof and the signed checkpoint: who has it can read the "
          "entry, so it goes only to whom the entry may go.",
      .examples =
          "selaras receipt get bkn@7 -o case.tlog-proof\n"
          "selaras receipt get 7 --log bkn --store DIR > case.tlog-proof",
      .source = Source::kNodeOrStore,
      .options = {{"POSITION", "", &get->position, "log@number, or a number", true},
                  {"--log", "NAME", &get->log, "name of the log; default: the node's shared log"},
                  FromOne({"--size", "N", &get->size,
                           "by the checkpoint of so many entries; default: the newest"}),
                  {"--witnessed", "", &get->witnessed,
                   "by the oldest published checkpoint that meets the node's policy"},
                  {"-o,--out", "FILE", &get->out, "where to write it; default: standard output"}},
      .run = [get](Context& context) { return Get(context, *get); }};
  const auto verify = std::make_shared<VerifyOptions>();
  Command verify_command = {
      .name = "verify",
      .summary = "verify receipts offline",
      .details =
          "Needs no network and no store: the receipt, and the key of the log (--key) or a C2SP "
          "tlog-policy (--policy), which may demand witnesses. Ends with 5 if a receipt proves "
          "nothing, and with 1 if one cannot be read.",
      .examples =
          "selaras receipt verify case.tlog-proof --key selaras/bkn+9c1f…+AZ…\n"
          "selaras receipt verify *.tlog-proof --policy ombudsman.policy --json",
      .options = {{"FILE", "", &verify->files, "receipts", true},
                  KeyOption(&verify->trust),
                  PolicyOption(&verify->trust),
                  KeyChangeOption(&verify->trust),
                  {"--entry", "FILE", &verify->entry,
                   "bytes of the entry, for a receipt that does not carry them"}},
      .run = [verify](Context& context) { return Verify(context, *verify); }};
  return {.name = "receipt",
          .summary = "receipts: proofs of single entries, for whoever doubts",
          .commands = {std::move(get_command), std::move(verify_command)}};
}

}  // namespace selaras::cli
