#include <string>

#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/node_tables.h"
#include "tools/selaras/context.h"

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
  return {.name = "link", .summary = "links to other nodes", .commands = {std::move(list)}};
}

}  // namespace selaras::cli
