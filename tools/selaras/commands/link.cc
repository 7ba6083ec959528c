#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/log/checkpoint.h"
#include "storage/log/names.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/node_tables.h"
#include "tools/selaras/context.h"
#include "tools/selaras/split_view_text.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

ExitCode List(Context& context) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto state = (*node)->GetNode();
  if (!state.ok()) return output.Fail(state.status());
  if (output.json()) {
    for (const ledger::v1::LinkState& link : state->links()) output.Json(link);
    return ExitCode::kOk;
  }
  const Table table = LinkTable(*state);
  if (table.empty()) {
    output.Note("this node has no links");
  } else {
    output.Print(table.Text(output));
  }
  return ExitCode::kOk;
}

struct ResumeOptions {
  std::string peer;
  std::string reason;
};

ExitCode Resume(Context& context, const ResumeOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  ledger::v1::ResumeLinkRequest request;
  request.set_peer(options.peer);
  request.set_reason(options.reason);
  if (const auto resumed = (*node)->ResumeLink(request); !resumed.ok()) {
    return output.Fail(resumed);
  }
  output.Note("the link to " + options.peer + " goes on");
  return ExitCode::kOk;
}

void AddStatement(absl::string_view name, const std::string& note, Fields* fields) {
  const std::vector<std::string> lines = absl::StrSplit(note, '\n');
  if (lines.size() < 3) return;
  fields->Add(std::string(name),
              absl::StrCat(lines[0], ", ", lines[1], " entries, root ", lines[2]));
}

std::string WhatToDo(const ledger::v1::LinkState& link) {
  if (link.fault().empty()) return "nothing: it goes on by itself";
  if (!link.stopped()) return "it is tried again by itself";
  if (link.forked()) {
    return "the two statements prove that one log took two courses; the link cannot go on. Its "
           "owner "
           "must close that log where its followers agree (selaras log succeed); then accept the "
           "successor here: the succession of this peer in the configuration";
  }
  return "find out with the other office what happened, then selaras link resume " + link.peer();
}

// What two histories of a log mean: from what the node keeps of them.
std::string ExplainSplitView(const Output& output, const ledger::v1::GetNodeResponse& node,
                             const ledger::v1::LinkState& link) {
  const auto held = log::ReadUnverified(link.held());
  const auto given = log::ReadUnverified(link.given());
  // Of this node's own log, as a peer holds it: this store was turned back, or went another way.
  if (given.ok() && log::LogOfOrigin(given->origin) == node.node()) {
    return absl::StrCat(
        output.Paint(Tone::kBad, "the log of this node is not what it signed"), "\n  ",
        Printable(link.fault()),
        "\n\nWhat to do: this store was restored from an older copy, or "
        "another one of this node wrote meanwhile. Stop the node and bring back the newest store; "
        "what ",
        link.peer(), " holds is signed by this node.\n");
  }
  cli::v1::VerifiedSplitView about;
  about.set_log(link.peer());
  // What others have proven to this node may go beyond what it holds.
  about.set_held_by(link.given_by() == node.node() ? "another follower" : node.node());
  about.set_given_by(link.given_by());
  about.set_reason(link.fault());
  if (held.ok()) about.set_held_size(held->size.value);
  if (given.ok()) about.set_given_size(given->size.value);
  about.set_proven(!link.evidence_file().empty());
  about.set_problem("the second history does not go so far that the two can be compared");
  std::string text = SplitViewInWords(output, about);
  if (link.evidence_file().empty()) return text;
  absl::StrAppend(&text, "\nEvidence: ", link.evidence_file(),
                  " in the store of this node. It "
                  "convinces whoever has the key of the log:\n  selaras checkpoint verify ",
                  link.evidence_file(), " --key ");
  for (const ledger::v1::LogState& each : node.logs()) {
    if (each.log() == link.peer()) absl::StrAppend(&text, each.verifier_key(), "\n");
  }
  return text;
}

ExitCode Show(Context& context, const std::string& peer) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto state = (*node)->GetNode();
  if (!state.ok()) return output.Fail(state.status());
  for (const ledger::v1::LinkState& link : state->links()) {
    if (link.peer() != peer) continue;
    if (output.json()) {
      output.Json(link);
      return ExitCode::kOk;
    }
    Fields fields;
    fields.Add("state", LinkStateCell(link));
    if (!link.fault().empty()) fields.Add("because", {link.fault(), Tone::kBad});
    AddStatement("given", link.given(), &fields);
    AddStatement("held here", link.held(), &fields);
    fields.Add("to do", WhatToDo(link));
    output.Print(fields.Text(output));
    if (link.forked()) output.Print("\n" + ExplainSplitView(output, *state, link));
    return ExitCode::kOk;
  }
  return output.Fail(absl::NotFoundError(
      absl::StrCat("this node has no link to ", peer, "; selaras link list names its peers")));
}

}  // namespace

Command LinkCommands() {
  Command list = {.name = "list",
                  .summary = "the links of a node: who is connected, how far each side has come",
                  .details =
                      "RECEIVED counts the peer's entries whose hashes are held and verified "
                      "here, ARRIVED the own entries that the peer has acknowledged as "
                      "durable, DISCLOSED how many entries the peer has of those it may see.",
                  .examples = "selaras link list\nselaras link list --json",
                  .source = Source::kNode,
                  .run = List};
  auto shown = std::make_shared<std::string>();
  Command show = {.name = "show",
                  .summary = "one link: why it stands still, both statements, what to do",
                  .examples = "selaras link show bkn",
                  .source = Source::kNode,
                  .options = {{"PEER", "", shown.get(), "the other node", true}},
                  .run = [shown](Context& context) { return Show(context, *shown); }};
  auto options = std::make_shared<ResumeOptions>();
  Command resume = {
      .name = "resume",
      .summary = "let a link go on that stands still because of a contradiction",
      .details =
          "After the operators of both nodes know what happened, e.g. that a wrong store was "
          "started there and has been replaced. Everything is verified again from what is held. "
          "Refused if two signed statements prove that a log took two courses. What was kept as "
          "evidence stays. Needs a certificate of the role ops.",
      .examples = "selaras link resume bkn --reason \"BKN started a test store; letter 12/2026\"",
      .source = Source::kNode,
      .options = {{"PEER", "", &options->peer, "the other node", true},
                  {"--reason", "TEXT", &options->reason, "why, for the node's log", true}},
      .run = [options](Context& context) { return Resume(context, *options); }};
  return {.name = "link",
          .summary = "links to other nodes",
          .commands = {std::move(list), std::move(show), std::move(resume)}};
}

}  // namespace selaras::cli
