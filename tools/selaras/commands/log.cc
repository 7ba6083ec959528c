#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;
constexpr int kTailDefault = 10;

struct ListOptions {
  std::string log;
  std::uint64_t from = 0;
  int limit = 0;
};

struct GetOptions {
  std::string position;
  std::string log;
};

struct TailOptions {
  std::string log;
  int lines = kTailDefault;
};

Option LogOption(std::string* log) {
  return {"--log", "NAME", log,
          "name of the log, e.g. bawaslu-13, bawaslu-13/private or a mirror; default: the node's "
          "shared log"};
}

ExitCode List(Context& context, const ListOptions& options) {
  Output& output = context.output();
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  ledger::v1::ListEntriesRequest request;
  request.set_log(options.log);
  request.set_start(options.from);
  // Printed page by page: a log may be longer than memory.
  for (int shown = 0;;) {
    request.set_page_size(options.limit == 0 ? kPage : std::min(kPage, options.limit - shown));
    const auto page = (*ledger)->ListEntries(request);
    if (!page.ok()) return output.Fail(page.status());
    if (shown == 0 && options.from > page->size()) {
      return output.Fail(
          NoSuchEntry(options.log.empty() ? "the log" : options.log, options.from, page->size()));
    }
    Table table(EntryHeadings());
    for (const ledger::v1::EntryRecord& record : page->entries()) {
      ++shown;
      if (output.json()) {
        output.Json(ToOutput(record));
      } else {
        table.Add(EntryRow(record));
      }
    }
    if (!table.empty()) output.Print(table.Text(output));
    request.set_start(page->next_start());
    if (page->next_start() == 0 || shown == options.limit) {
      output.Note(absl::StrCat(shown, " of ", Count(page->size(), "entry")));
      return ExitCode::kOk;
    }
  }
}

ExitCode Get(Context& context, const GetOptions& options) {
  Output& output = context.output();
  const auto position = ParsePosition(options.position, options.log);
  if (!position.ok()) return output.Fail(position.status());
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  ledger::v1::ListEntriesRequest request;
  request.set_log(position->log());
  request.set_start(position->sequence());
  request.set_page_size(1);
  const auto page = (*ledger)->ListEntries(request);
  if (!page.ok()) return output.Fail(page.status());
  if (page->entries().empty()) {
    return output.Fail(NoSuchEntry(position->log().empty() ? "the log" : position->log(),
                                   position->sequence(), page->size()));
  }
  if (output.json()) {
    output.Json(ToOutput(page->entries(0)));
  } else {
    output.Print(EntryText(page->entries(0), output));
  }
  return ExitCode::kOk;
}

ExitCode Tail(Context& context, const TailOptions& options) {
  Output& output = context.output();
  auto node = context.OpenNode();
  if (!node.ok()) return output.Fail(node.status());
  ledger::v1::ListEntriesRequest head;
  head.set_log(options.log);
  head.set_page_size(1);
  const auto page = (*node)->ListEntries(head);
  if (!page.ok()) return output.Fail(page.status());
  ledger::v1::TailEntriesRequest request;
  request.set_log(options.log);
  request.set_start(page->size() -
                    std::min<std::uint64_t>(page->size(), std::max(options.lines, 0)));
  const absl::Status ended =
      (*node)->TailEntries(request, [&](const ledger::v1::EntryRecord& record) {
        if (output.json()) {
          output.Json(ToOutput(record));
        } else {
          std::string line;
          for (const Cell& cell : EntryRow(record)) {
            if (!cell.text.empty()) {
              absl::StrAppend(&line, line.empty() ? "" : "  ",
                              output.Paint(cell.tone, Printable(cell.text)));
            }
          }
          output.Print(line + "\n");
        }
        output.Flush();
        return true;
      });
  if (!ended.ok()) return output.Fail(ended);
  output.Note("the node ended the stream: it is being stopped");
  return ExitCode::kOk;
}

Command ListCommand() {
  const auto options = std::make_shared<ListOptions>();
  return {.name = "list",
          .summary = "the entries of a log, in order",
          .examples =
              "selaras log list --log bkn --from 100 --limit 20\n"
              "selaras log list --store /var/lib/selaras/bkn --json",
          .source = Source::kNodeOrStore,
          .options = {LogOption(&options->log),
                      {"--from", "N", &options->from, "first entry wanted; default: 0"},
                      LimitOption(&options->limit)},
          .run = [options](Context& context) { return List(context, *options); }};
}

Command GetCommand() {
  const auto options = std::make_shared<GetOptions>();
  return {.name = "get",
          .summary = "one entry, read in full",
          .examples =
              "selaras log get bawaslu-13@7\n"
              "selaras log get 7 --log bawaslu-13/private --store DIR",
          .source = Source::kNodeOrStore,
          .options = {{"POSITION", "", &options->position, "log@number, or a number", true},
                      LogOption(&options->log)},
          .run = [options](Context& context) { return Get(context, *options); }};
}

Command TailCommand() {
  const auto options = std::make_shared<TailOptions>();
  return {.name = "tail",
          .summary = "the newest entries, and then those that are written; Ctrl-C ends it",
          .examples =
              "selaras log tail\n"
              "selaras log tail -n 0 --log bkn --json",
          .source = Source::kNode,
          .options = {LogOption(&options->log),
                      {"-n,--lines", "N", &options->lines,
                       absl::StrCat("so many older entries first; default: ", kTailDefault)}},
          .run = [options](Context& context) { return Tail(context, *options); }};
}

}  // namespace

Command LogCommands() {
  return {.name = "log",
          .summary = "the logs themselves: read them, count them, prove them, verify them",
          .commands = {TailCommand(), GetCommand(), ListCommand(), LogProveCommand(),
                       LogVerifyCommand(), LogDiffCommand(), LogExportCommand(), LogStatsCommand(),
                       LogSucceedCommand()}};
}

}  // namespace selaras::cli
