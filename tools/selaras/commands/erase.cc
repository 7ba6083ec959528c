#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/commands/case_table.h"
#include "tools/selaras/context.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

struct StatusOptions {
  std::string id;
};

void AddSteps(const std::string& what,
              const google::protobuf::RepeatedPtrField<query::v1::ErasureStep>& steps, Tone tone,
              Table* table) {
  for (const query::v1::ErasureStep& step : steps) {
    table->Add({{what, tone},
                step.by(),
                step.code(),
                WhenText(step.occurred_at()),
                PositionText(step.position())});
  }
}

void Print(Output& output, const query::v1::Case& c) {
  const query::v1::Erasure& erasure = c.erasure();
  Fields fields;
  fields.Add("erasure", {ErasureText(c), Tone::kStrong});
  fields.Add("consented", absl::StrJoin(erasure.consented(), ", "));
  fields.Add("missing", {absl::StrJoin(erasure.missing(), ", "), Tone::kWarning});
  fields.Add("refused", {absl::StrJoin(erasure.refused(), ", "), Tone::kWarning});
  fields.Add("keys here", erasure.keys_destroyed() ? "destroyed" : "in use");
  output.Print(
      absl::StrCat(output.Paint(Tone::kStrong, "case "), c.case_id(), "\n", fields.Text(output)));
  Table steps({"WHAT", "BY", "CODE", "ON", "ENTRY"});
  AddSteps("legal hold", erasure.holds(), Tone::kWarning, &steps);
  AddSteps("order", erasure.orders(), Tone::kPlain, &steps);
  AddSteps("erased", erasure.erased(), Tone::kGood, &steps);
  if (!steps.empty()) output.Print(absl::StrCat("\n", steps.Text(output)));
  if (erasure.keys_destroyed()) {
    output.Note(
        "older files and backups of this node hold the keys until its wrapping key is "
        "replaced: selaras key rewrap");
  }
}

ExitCode Status(Context& context, const StatusOptions& options) {
  Output& output = context.output();
  auto node = context.OpenCases();
  if (!node.ok()) return output.Fail(node.status());
  query::v1::GetCaseRequest request;
  request.set_case_id(options.id);
  const auto response = (*node)->GetCase(request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(response->case_().erasure());
  } else {
    Print(output, response->case_());
  }
  return ExitCode::kOk;
}

}  // namespace

Command EraseCommands() {
  const auto options = std::make_shared<StatusOptions>();
  Command status = {
      .name = "status",
      .summary = "who holds a case, who consented to forget it, who destroyed its keys",
      .details =
          "Everybody who wrote in a case is asked before it is erased (UU 27/2022 Ps 43-44), by "
          "the commands OrderErasure, AnswerErasure and EraseCase of the office's own system; a "
          "legal hold of any of them forbids it until it is lifted. This node shows what has come "
          "to it.",
      .examples =
          "selaras erase status 8a63fd54\nselaras erase status 8a63fd54 --json | jq .missing",
      .source = Source::kNodeOrStore,
      .options = {{"CASE", "", &options->id,
                   "id of the case, or its beginning: at least 6 characters", true}},
      .run = [options](Context& context) { return Status(context, *options); }};
  return {.name = "erase",
          .summary = "cases that are to be forgotten",
          .commands = {std::move(status)}};
}

}  // namespace selaras::cli
