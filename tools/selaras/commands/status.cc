#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/node_tables.h"
#include "tools/selaras/context.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

std::string RestoredText(const ledger::v1::RestoredStore& restored) {
  std::vector<std::string> parts;
  for (const ledger::v1::HeldMore& more : restored.ahead()) {
    parts.push_back(absl::StrCat(more.peer(), " holds ", more.size(), " entries"));
  }
  if (!parts.empty()) {
    return absl::StrCat("lacks entries: ", absl::StrJoin(parts, ", "), "; takes no commands");
  }
  return absl::StrCat("restored from a backup; takes no commands before it heard ",
                      absl::StrJoin(restored.unheard(), ", "));
}

// The last full pass of the scrubber, and what the one under way does.
Cell ScrubText(const ledger::v1::ScrubState& scrub) {
  std::vector<std::string> parts;
  const ledger::v1::ScrubPass& last = scrub.last();
  if (last.has_finished_at()) {
    parts.push_back(absl::StrCat(TimeText(last.finished_at()), ": ", Count(last.entries(), "entry"),
                                 ", ", Count(last.findings(), "difference"),
                                 last.first().empty() ? "" : ", the first in ", last.first()));
  } else {
    parts.emplace_back("no full pass yet");
  }
  if (!scrub.stage().empty()) {
    parts.push_back(absl::StrCat(
        "now at ", scrub.stage(),
        scrub.findings_so_far() == 0
            ? ""
            : absl::StrCat(", ", Count(scrub.findings_so_far(), "difference"), " so far")));
  }
  const bool bad = last.findings() + scrub.findings_so_far() > 0;
  return {Printable(absl::StrJoin(parts, "; ")), bad ? Tone::kBad : Tone::kPlain};
}

// Which directory of nodes is in force, and whom it does not list as this node knows them.
Cell DirectoryText(const ledger::v1::DirectoryState& directory) {
  std::string text =
      absl::StrCat("version ", directory.serial(), " of ", directory.issued(), ", ",
                   Count(directory.nodes(), "node"), ", signed by ", directory.keeper());
  std::vector<std::string> unlisted;
  for (const auto& peer : directory.unlisted()) unlisted.push_back(peer.node());
  if (unlisted.empty()) return Printable(text);
  absl::StrAppend(&text, "; not linked: ", absl::StrJoin(unlisted, ", "));
  return {Printable(text), Tone::kBad};
}

ExitCode Status(Context& context) {
  Output& output = context.output();
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  const auto node = (*ledger)->GetNode();
  if (!node.ok()) return output.Fail(node.status());
  if (output.json()) {
    output.Json(*node);
    return ExitCode::kOk;
  }
  Fields fields;
  fields.Add("role", node->role());
  fields.Add("acts for", absl::StrJoin(node->authorities(), ", "));
  fields.Add("version", node->version());
  fields.Add("reference data", {node->catalogue().substr(0, 16), Tone::kDim});
  if (node->clock_in_doubt()) {
    fields.Add("clock", {"in doubt: see selaras clock --help", Tone::kBad});
  }
  if (node->has_restored()) {
    fields.Add("store", {RestoredText(node->restored()), Tone::kBad});
  }
  if (node->has_directory()) fields.Add("directory", DirectoryText(node->directory()));
  if (node->has_scrub()) fields.Add("scrubbed", ScrubText(node->scrub()));
  if (!node->role().empty()) {
    fields.Add("views", node->projected() ? Cell("up to date", Tone::kGood)
                                          : Cell("catching up", Tone::kWarning));
  }
  output.Print(absl::StrCat(output.Paint(Tone::kStrong, "node "), node->node(), "\n",
                            fields.Text(output), "\n", LogTable(*node).Text(output)));
  const Table published = PublishedTable(*node);
  if (!published.empty()) output.Print(absl::StrCat("\n", published.Text(output)));
  for (const ledger::v1::LogState& log : node->logs()) {
    if (log.published().missing().empty()) continue;
    output.Print(absl::StrCat(output.Paint(Tone::kWarning, "not witnessed"), " ", log.log(), ": ",
                              Printable(log.published().missing()), "\n"));
  }
  const Table links = LinkTable(*node);
  if (!links.empty()) output.Print(absl::StrCat("\n", links.Text(output)));
  const Table certificates = CertificateTable(*node);
  if (!certificates.empty()) output.Print(absl::StrCat("\n", certificates.Text(output)));
  return ExitCode::kOk;
}

}  // namespace

Command StatusCommand() {
  return {.name = "status",
          .summary = "a node on one screen: its logs, its links, its certificates",
          .examples = "selaras status --node 127.0.0.1:7413\nselaras status --store DIR",
          .source = Source::kNodeOrStore,
          .run = Status};
}

}  // namespace selaras::cli
