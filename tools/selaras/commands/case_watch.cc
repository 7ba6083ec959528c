// `case watch`: which cases change, as it happens.
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"

namespace selaras::cli {
namespace {

struct WatchOptions {
  std::uint64_t after = 0;
};

ExitCode Watch(Context& context, const WatchOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  query::v1::WatchCasesRequest request;
  request.set_after_cursor(options.after);
  std::uint64_t cursor = options.after;
  bool waiting = false;
  const absl::Status ended =
      (*node)->WatchCases(request, [&](const query::v1::WatchCasesResponse& told) {
        cursor = told.cursor();
        for (const query::v1::Change& change : told.changes()) {
          if (output.json()) {
            output.Json(change);
          } else {
            output.Print(absl::StrCat(change.cursor(), "  ", change.case_id(), "\n"));
          }
        }
        output.Flush();
        if (told.changes().empty() && !waiting) {
          output.Note("these are all so far; waiting for more");
          waiting = true;
        }
        return true;
      });
  output.Note(absl::StrCat("to go on: selaras case watch --after ", cursor));
  return ended.ok() ? ExitCode::kOk : output.Fail(ended);
}

}  // namespace

Command CaseWatchCommand() {
  const auto options = std::make_shared<WatchOptions>();
  return {.name = "watch",
          .summary = "which cases change: since a cursor, then as it happens",
          .examples =
              "selaras case watch\n"
              "selaras case watch --after 4711 --json | jq -r .case_id",
          .options = {{"--after", "CURSOR", &options->after,
                       "the first number of the last line that you have seen; default: from the "
                       "beginning"}},
          .run = [options](Context& context) { return Watch(context, *options); }};
}

}  // namespace selaras::cli
