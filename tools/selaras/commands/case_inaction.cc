// `case inaction`: that a time limit passed without a step, as a statement that can be proven and
// refuted.
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "services/reference/catalogue.h"
#include "storage/base/status.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/inaction.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"
#include "tools/selaras/trust.h"

namespace selaras::cli {
namespace {

using cli::v1::InactionStatement;

struct WriteOptions {
  Wanted wanted;
  std::string out;
};

struct VerifyOptions {
  std::string folder;
  TrustOptions trust;
  std::vector<std::string> witnesses;
  std::string refute;
  std::string reference;
};

std::string RungText(int rung) {
  if (rung == 0) return "at its end";
  return absl::StrCat(std::abs(rung), rung < 0 ? " before it" : " after it",
                      ", in the unit of the row");
}

void Print(Output& output, absl::string_view heading, const InactionStatement& statement) {
  Fields fields;
  fields.Add("about", statement.subject());
  fields.Add("watcher", Printable(statement.watcher()));
  fields.Add("who owes it", Printable(statement.duty()));
  fields.Add("limit", absl::StrCat(statement.deadline(), ", due on ", statement.due_on()));
  fields.Add("stated", absl::StrCat(RungText(statement.rung()), ", recorded ",
                                    statement.recorded_at(), " as ", statement.position()));
  fields.Add("runs from", statement.anchor());
  fields.Add("seen", absl::StrCat("the first ", Count(statement.seen_size(), "entry"), " of ",
                                  statement.seen_log()));
  if (statement.checkpoint_size() > 0) {
    fields.Add("signed", absl::StrCat("a checkpoint of ", statement.checkpoint_size(), " of it"));
  }
  AddWitnesses(statement.cosigned(), &fields);
  fields.Add("in time", {Printable(statement.witnessed()),
                         statement.cosigned_after_due() ? Tone::kGood : Tone::kWarning});
  for (const std::string& problem : statement.problems()) {
    fields.Add("why", {Printable(problem), Tone::kBad});
  }
  fields.Add("refuted by", {statement.refuted_by(), Tone::kBad});
  fields.Add("not refuted", Printable(statement.not_refuted_because()));
  output.Print(absl::StrCat(heading, " ", statement.bundle(), "\n", fields.Text(output)));
}

ExitCode Write(Context& context, const WriteOptions& options) {
  Output& output = context.output();
  if (options.wanted.case_id.empty() || options.out.empty()) {
    return output.Fail(BadValue("case inaction", options.wanted.case_id,
                                "give the case and a new folder: case inaction CASE -o DIR"));
  }
  const auto place = context.OpenPlace();
  if (!place.ok()) return output.Fail(place.status());
  const auto statement = WriteInaction(*place->cases, *place->ledger, options.wanted, options.out);
  if (!statement.ok()) return output.Fail(statement.status());
  if (output.json()) {
    output.Json(*statement);
  } else {
    Print(output, "wrote", *statement);
  }
  return ExitCode::kOk;
}

absl::Status TryToRefute(const VerifyOptions& options, const log::Policy& policy,
                         InactionStatement* statement) {
  if (options.refute.empty() || !statement->valid()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string receipt, ReadFile(options.refute));
  ASSIGN_OR_RETURN(const auto catalogue, reference::LoadCatalogue(options.reference));
  return Refute(receipt, policy, options.folder, *catalogue, statement);
}

ExitCode Verify(Context& context, const VerifyOptions& options) {
  Output& output = context.output();
  if (options.refute.empty() != options.reference.empty()) {
    return output.Fail(
        BadValue("--refute", options.refute, "give --refute RECEIPT and --reference DIR together"));
  }
  const auto policy = PolicyOf(options.trust);
  if (!policy.ok()) return output.Fail(policy.status());
  std::vector<log::CosignatureVerifier> witnesses;
  for (const std::string& key : options.witnesses) {
    auto witness = log::CosignatureVerifier::Parse(key);
    if (!witness.ok()) return output.Fail(witness.status());
    witnesses.push_back(*std::move(witness));
  }
  auto statement = VerifyInaction(options.folder, *policy, witnesses);
  if (!statement.ok()) return output.Fail(statement.status());
  const absl::Status tried = TryToRefute(options, *policy, &*statement);
  if (!tried.ok()) return output.Fail(tried);
  const bool stands = statement->valid() && !statement->refuted();
  if (output.json()) {
    output.Json(*statement);
  } else {
    const absl::string_view word = !statement->valid() ? "not valid" : stands ? "valid" : "refuted";
    Print(output, output.Paint(stands ? Tone::kGood : Tone::kBad, word), *statement);
  }
  return stands ? ExitCode::kOk : ExitCode::kDifference;
}

Command VerifyCommand() {
  const auto options = std::make_shared<VerifyOptions>();
  return {
      .name = "verify",
      .summary = "verify offline a statement of inaction, or refute it",
      .details =
          "Needs no network and no store: the folder, and the keys of both logs (--key, for each) "
          "or a C2SP tlog-policy (--policy), which may demand that witnesses cosigned what both "
          "signed. That the duty-holder's log had no more entries when the due day was over, who "
          "cosigned its checkpoint after that day says, too: a witness of the policy, or one whose "
          "key is given (--witness), of which one then must have. Otherwise it is the watcher's "
          "word, and the answer says not cosigned. The statement says what was disclosed to the "
          "watcher, not what the "
          "duty-holder did. One receipt of a step that meets the limit and stands in its log "
          "before the size that was seen refutes it (--refute); which facts meet a limit say the "
          "reference data that the statement names (--reference). Ends with 5 if it is not proven, "
          "or refuted.",
      .examples =
          "selaras case inaction verify d-10 --policy ombudsman.policy\n"
          "selaras case inaction verify d-10 --key selaras/bkn+… --key selaras/bawaslu-13+… "
          "--witness selaras/ombudsman/witness+…\n"
          "selaras case inaction verify d-10 --key selaras/bkn+… --key selaras/bawaslu-13+… "
          "--refute bkn-41.tlog-proof --reference deploy/reference",
      .options = {{"FOLDER", "", &options->folder, "what case inaction wrote", true},
                  KeyOption(&options->trust),
                  PolicyOption(&options->trust),
                  KeyChangeOption(&options->trust),
                  {"--witness", "KEY", &options->witnesses,
                   "verifier key of a witness; one of those must have cosigned; may be repeated"},
                  {"--refute", "RECEIPT", &options->refute, "receipt of a step of the duty-holder"},
                  {"--reference", "DIR", &options->reference,
                   "the reference data that the statement names"}},
      .run = [options](Context& context) { return Verify(context, *options); }};
}

}  // namespace

Command CaseInactionCommand() {
  const auto options = std::make_shared<WriteOptions>();
  return {
      .name = "inaction",
      .summary = "the watcher's statement that no step was disclosed to it in time, as proof",
      .details =
          "Writes a folder: the receipt of the watcher's entry, which names the size of the "
          "duty-holder's log that it had seen; a checkpoint of that log, of what was published the "
          "first that somebody cosigned after the due day, or else the newest that this node "
          "holds; and the receipt of the fact from which the limit runs, where it may be read. "
          "Ask the watcher's node, whose own cosignature it knows, or another party's; the "
          "duty-holder's knows who else cosigned.",
      .examples =
          "selaras case inaction 3f2a9c1e -o d-10\n"
          "selaras case inaction 3f2a9c1e --deadline D-16 -o d-16",
      .source = Source::kNodeOrStore,
      .options = {{"CASE", "", &options->wanted.case_id, "id of the case, or its beginning"},
                  {"--deadline", "ROW", &options->wanted.deadline,
                   "which time limit, e.g. D-16; default: the only one that was stated"},
                  {"-o,--out", "DIR", &options->out, "a new folder"}},
      .run = [options](Context& context) { return Write(context, *options); },
      .commands = {VerifyCommand()}};
}

}  // namespace selaras::cli
