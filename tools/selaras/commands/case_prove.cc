// `case prove` and `case verify`: a case as a folder that anybody can verify.
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "storage/base/status.h"
#include "tools/selaras/case_bundle.h"
#include "tools/selaras/case_file.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"
#include "tools/selaras/trust.h"

namespace selaras::cli {
namespace {

struct ProveOptions {
  std::string id;
  std::string out;
};

absl::StatusOr<cli::v1::ProvenCase> WriteCase(Context& context, const ProveOptions& options) {
  ASSIGN_OR_RETURN(const Place place, context.OpenPlace());
  ASSIGN_OR_RETURN(const CaseFile file, ReadCaseFile(*place.cases, *place.ledger, options.id));
  if (file.entries.empty()) return NothingToProve(file.as_shown.case_id());
  RETURN_IF_ERROR(WriteBundle(file, options.out));
  cli::v1::ProvenCase proven;
  proven.set_bundle(options.out);
  proven.set_case_id(file.as_shown.case_id());
  proven.set_entries(static_cast<int>(file.entries.size()));
  std::set<std::string> personal;
  for (const ProvenEntry& entry : file.entries) {
    for (std::string& field : PersonalFields(entry.event)) personal.insert(std::move(field));
  }
  for (const std::string& field : personal) proven.add_personal(field);
  return proven;
}

ExitCode Prove(Context& context, const ProveOptions& options) {
  Output& output = context.output();
  const auto proven = WriteCase(context, options);
  if (!proven.ok()) return output.Fail(proven.status());
  if (output.json()) {
    output.Json(*proven);
    return ExitCode::kOk;
  }
  output.Note(absl::StrCat("wrote ", proven->bundle(), ": ",
                           Count(static_cast<std::uint64_t>(proven->entries()), "receipt"),
                           " of case ", proven->case_id()));
  if (!proven->personal().empty()) {
    output.Note(absl::StrCat(
        "whoever gets it can read personal data: ", absl::StrJoin(proven->personal(), ", "),
        "\nthey cannot be blacked out: a proof holds for the whole entry or not at all"));
  }
  return ExitCode::kOk;
}

struct VerifyOptions {
  std::string bundle;
  TrustOptions trust;
};

void PrintEntries(Output& output, const cli::v1::VerifiedCase& verified) {
  Table table({"POSITION", ">NUMBER", "AUTHOR", "FACT", "HAPPENED", "RECORDED", "PERSONAL DATA"});
  for (const cli::v1::CaseEntry& entry : verified.entries()) {
    table.Add({entry.position(),
               absl::StrCat(entry.party_number()),
               Printable(entry.author()),
               {entry.fact(), Tone::kStrong},
               Printable(entry.occurred_at()),
               entry.recorded_at(),
               absl::StrJoin(entry.personal(), ", ")});
  }
  if (!table.empty()) output.Print(absl::StrCat("\n", table.Text(output)));
  Table held({"HELD BY", "FROM", "UNTIL"});
  for (const cli::v1::HeldFile& each : verified.held()) {
    held.Add({Printable(each.holder()), each.from(),
              each.until().empty() ? Cell("has it", Tone::kStrong) : Cell(each.until())});
  }
  if (!held.empty()) output.Print(absl::StrCat("\n", held.Text(output)));
}

void Print(Output& output, const cli::v1::VerifiedCase& verified) {
  Fields fields;
  fields.Add("case", verified.case_id());
  for (const cli::v1::BundleLog& log : verified.logs()) {
    fields.Add("signed by", absl::StrCat(log.origin(), ", ", Count(log.tree_size(), "entry")));
    AddWitnesses(log.cosigned(), &fields);
  }
  fields.Add("waiting for", Printable(verified.waiting_for()));
  fields.Add("cites beside", absl::StrJoin(verified.cited_elsewhere(), ", "));
  fields.Add("reveals", {absl::StrJoin(verified.personal(), ", "), Tone::kWarning});
  for (const std::string& problem : verified.problems()) {
    fields.Add("why", {Printable(problem), Tone::kBad});
  }
  output.Print(absl::StrCat(output.PaintValid(verified.valid()), " ", verified.bundle(), "\n",
                            fields.Text(output)));
  PrintEntries(output, verified);
  if (verified.valid()) {
    output.Note("what the authors told the parties later, if anything, is not in it");
  }
}

ExitCode Verify(Context& context, const VerifyOptions& options) {
  Output& output = context.output();
  const auto policy = PolicyOf(options.trust);
  if (!policy.ok()) return output.Fail(policy.status());
  const auto verified = VerifyBundle(options.bundle, *policy);
  if (!verified.ok()) return output.Fail(verified.status());
  if (output.json()) {
    output.Json(*verified);
  } else {
    Print(output, *verified);
  }
  return verified->valid() ? ExitCode::kOk : ExitCode::kDifference;
}

}  // namespace

Command CaseProveCommand() {
  const auto options = std::make_shared<ProveOptions>();
  return {
      .name = "prove",
      .summary = "write a folder with a receipt of every entry of a case, for third parties",
      .details =
          "Holds what the parties of the case are told, as far as the node holds it: an index, and "
          "a C2SP tlog-proof for each entry, all those of a log by one checkpoint. Other programs "
          "that read tlog-proofs verify them, too. Entries are shown whole or not at all, with "
          "their personal data: the folder goes only to whom all of them may go. What stays in an "
          "office is never in it.",
      .examples =
          "selaras case prove 3f2a9c1e -o case-for-the-court\n"
          "selaras case prove 3f2a9c1e -o /media/usb/case --store /var/lib/selaras/bkn",
      .source = Source::kNodeOrStore,
      .options = {{"CASE", "", &options->id, "id of the case, or its beginning", true},
                  {"-o,--out", "DIR", &options->out, "a new folder", true}},
      .run = [options](Context& context) { return Prove(context, *options); }};
}

Command CaseVerifyCommand() {
  const auto options = std::make_shared<VerifyOptions>();
  return {
      .name = "verify",
      .summary = "verify offline what case prove wrote: proofs, citations, numbering, hand-overs",
      .details =
          "Needs no network and no store: the folder, and the keys of the logs (--key, once for "
          "each) or a C2SP tlog-policy (--policy), which may demand witnesses. The keys that the "
          "folder names are its writer's claim and are not used. Says who had the file from when "
          "to when, by what the authors recorded, and which personal data the folder reveals. An "
          "entry that was left out shows as a gap in its author's numbers, unless it is the last. "
          "Whether a log may speak for an authority is for whoever gave the keys to say. Ends with "
          "5 if anything is not proven or does not fit.",
      .examples =
          "selaras case verify case-for-the-court --policy pengadilan.policy\n"
          "selaras case verify case --key selaras/bkn+9c1f…+AZ… --key selaras/bawaslu-13+07aa…+AV…",
      .options = {{"BUNDLE", "", &options->bundle, "the folder", true},
                  KeyOption(&options->trust),
                  PolicyOption(&options->trust),
                  KeyChangeOption(&options->trust)},
      .run = [options](Context& context) { return Verify(context, *options); }};
}

}  // namespace selaras::cli
