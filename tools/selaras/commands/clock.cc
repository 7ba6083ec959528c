#include <string>

#include "absl/strings/str_cat.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

ExitCode Show(Context& context) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  const auto about = (*node)->GetNode();
  if (!about.ok()) return output.Fail(about.status());
  if (output.json()) {
    ledger::v1::GetNodeResponse clock;
    clock.set_node(about->node());
    *clock.mutable_now() = about->now();
    clock.set_clock_in_doubt(about->clock_in_doubt());
    output.Json(clock);
    return ExitCode::kOk;
  }
  Fields fields;
  fields.Add(about->node(), TimeText(about->now()));
  fields.Add("here", TimeText(ToTimestamp(context.clock().Now())));
  fields.Add("state", about->clock_in_doubt() ? Cell("in doubt: it jumped", Tone::kBad)
                                              : Cell("trusted", Tone::kGood));
  output.Print(fields.Text(output));
  return ExitCode::kOk;
}

ExitCode Confirm(Context& context) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  ledger::v1::ConfirmClockRequest request;
  *request.mutable_time() = ToTimestamp(context.clock().Now());
  if (const auto confirmed = (*node)->ConfirmClock(request); !confirmed.ok()) {
    return output.Fail(confirmed);
  }
  output.Note("the node trusts its clock");
  return ExitCode::kOk;
}

}  // namespace

Command ClockCommands() {
  Command show = {.name = "show",
                  .summary = "what the node's clock says, and whether the node trusts it",
                  .examples = "selaras clock show",
                  .source = Source::kNode,
                  .run = Show};
  Command confirm = {
      .name = "confirm",
      .summary = "let the node trust its clock again after a jump",
      .details =
          "Tells the node what time it is by the clock of this machine; the node trusts its own "
          "if the two are less than a minute apart. Look at a third clock first. Needs a "
          "certificate of the role ops.",
      .examples = "selaras clock confirm --client ops.textproto",
      .source = Source::kNode,
      .run = Confirm};
  return {.name = "clock",
          .summary = "the clock of a node",
          .details =
              "A node whose clock jumps by more than 10 minutes refuses commands and watches no "
              "time limits until the clock is back, is confirmed, or the node was started again.",
          .commands = {std::move(show), std::move(confirm)}};
}

}  // namespace selaras::cli
