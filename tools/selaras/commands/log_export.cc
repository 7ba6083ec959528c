#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "tools/selaras/cloud_event.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/json.h"
#include "tools/selaras/log_entry.h"
#include "tools/selaras/progress.h"
#include "tools/selaras/text.h"
#include "tools/selaras/tiles_export.h"

namespace selaras::cli {
namespace {

constexpr int kPage = 500;

struct ExportOptions {
  std::string log;
  std::string format;
  std::string out;
  std::uint64_t from = 0;
};

// What is written of an entry; empty: nothing.
using Line = std::function<std::string(const ledger::v1::EntryRecord& record)>;

// No cell can hold a separator: codes, ids, times and hexadecimal digits.
std::string CsvLine(const ledger::v1::EntryRecord& record) {
  std::vector<std::string> cells = {PositionText(record.position()),
                                    base::HexEncode(record.leaf_hash())};
  if (const auto event = EventOf(record)) {
    cells.insert(cells.end(),
                 {TimeText(event->recorded_at()), event->author(), FactName(event->fact()),
                  SubjectOf(*event), absl::StrCat(event->party_number())});
  } else {
    cells.insert(cells.end(), {"", "", AbsenceOf(record), "", ""});
  }
  return absl::StrJoin(cells, ",") + "\n";
}

ExitCode ExportLines(Context& context, const ExportOptions& options, const std::string& heading,
                     const Line& line) {
  Output& output = context.output();
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  std::optional<AtomicFile> file;
  if (!options.out.empty()) {
    auto created = AtomicFile::Create(options.out);
    if (!created.ok()) return output.Fail(created.status());
    file.emplace(*std::move(created));
  }
  const auto write = [&](const std::string& text) {
    if (file) return file->Append(text);
    output.Print(text);
    return absl::OkStatus();
  };
  absl::Status written;
  std::uint64_t left_out = 0;
  ledger::v1::ListEntriesRequest request;
  request.set_log(options.log);
  request.set_start(options.from);
  request.set_page_size(kPage);
  for (bool first = true; written.ok(); first = false) {
    const auto page = (*ledger)->ListEntries(request);
    if (!page.ok()) return output.Fail(page.status());
    if (options.from > page->size()) {
      return output.Fail(
          NoSuchEntry(options.log.empty() ? "the log" : options.log, options.from, page->size()));
    }
    if (first) written = write(heading);
    for (const auto& record : page->entries()) {
      const std::string text = line(record);
      left_out += text.empty() ? 1 : 0;
      if (written.ok()) written = write(text);
    }
    output.Live(ProgressText("exporting", request.start(), page->size()));
    if (page->next_start() == 0) break;
    request.set_start(page->next_start());
  }
  output.EndLive();
  if (written.ok() && file) written = file->Commit();
  if (left_out > 0) {
    output.Note(absl::StrCat(Count(left_out, "entry"),
                             " left out: not disclosed, not understood, or lost"));
  }
  return written.ok() ? ExitCode::kOk : output.Fail(written);
}

absl::StatusOr<Origins> OriginsOf(Context& context, const std::string& log) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> opened, context.OpenLedger());
  ledger::v1::GetCheckpointRequest request;
  request.set_log(log);
  ASSIGN_OR_RETURN(const auto head, opened->GetCheckpoint(request));
  return Origins::Of(head);
}

ExitCode ExportEvents(Context& context, const ExportOptions& options,
                      std::string (*text)(const ledger::v1::EntryRecord&, const Origins&)) {
  const auto origins = OriginsOf(context, options.log);
  if (!origins.ok()) return context.output().Fail(origins.status());
  return ExportLines(context, options, "",
                     [&](const auto& record) { return text(record, *origins); });
}

ExitCode ExportAsTiles(Context& context, const ExportOptions& options) {
  Output& output = context.output();
  if (options.out.empty()) {
    return output.Fail(BadValue("--out", "", "tlog-tiles needs a folder"));
  }
  if (options.from != 0) {
    return output.Fail(BadValue("--from", absl::StrCat(options.from), "tlog-tiles are of all"));
  }
  auto ledger = context.OpenLedger();
  if (!ledger.ok()) return output.Fail(ledger.status());
  const auto exported =
      ExportTiles(**ledger, options.log, options.out, [&](std::uint64_t done, std::uint64_t of) {
        output.Live(ProgressText("exporting", done, of));
      });
  output.EndLive();
  if (!exported.ok()) return output.Fail(exported.status());
  if (output.json()) {
    output.Json(*exported);
  } else {
    output.Note(absl::StrCat(Count(exported->size(), "leaf"), " and ",
                             Count(exported->entries(), "entry"), ": ", exported->written(),
                             " files written, ", exported->kept(), " kept"));
  }
  return ExitCode::kOk;
}

ExitCode Export(Context& context, const ExportOptions& options) {
  if (options.format == "tlog-tiles") return ExportAsTiles(context, options);
  if (options.format == "jsonl") {
    return ExportLines(context, options, "", [](ledger::v1::EntryRecord record) {
      record.clear_key();  // as it was written, so sealed
      return EntryLine(record) + "\n";
    });
  }
  if (options.format == "cloudevents") return ExportEvents(context, options, CloudEventLine);
  if (options.format == "cloudevents-protobuf") {
    return ExportEvents(context, options, CloudEventBatch);
  }
  if (options.format == "csv") {
    return ExportLines(context, options,
                       "position,leaf_hash,recorded_at,author,fact,subject,party_number\n",
                       CsvLine);
  }
  return context.output().Fail(
      BadValue("--format", options.format,
               "give jsonl, csv, cloudevents, cloudevents-protobuf or tlog-tiles"));
}

}  // namespace

Command LogExportCommand() {
  const auto options = std::make_shared<ExportOptions>();
  return {
      .name = "export",
      .summary = "a log in a form that other programs read",
      .details =
          "jsonl: what log list --json prints. csv: a line an entry. cloudevents: CloudEvents 1.0 "
          "in JSON, one a line, of the entries that were disclosed and understood; id is the "
          "position, subject the case. cloudevents-protobuf: the same as one CloudEventBatch, with "
          "the bytes of the entries. tlog-tiles: a folder (C2SP) that any web server can offer and "
          "others verify; entries that may not be seen are left out, and a second run only "
          "completes "
          "the first. A folder that holds another log, more of the log, or one that the log does "
          "not extend (this ends with 5) is left as it is.",
      .examples =
          "selaras log export --format cloudevents --log bkn > events.jsonl\n"
          "selaras log export --format tlog-tiles -o /srv/log --store DIR",
      .source = Source::kNodeOrStore,
      .options = {{"--format", "FORMAT", &options->format,
                   "jsonl, csv, cloudevents, cloudevents-protobuf or tlog-tiles", true},
                  {"--log", "NAME", &options->log,
                   "name of the log; default: the node's shared log"},
                  {"--from", "N", &options->from, "first entry wanted; not for tlog-tiles"},
                  {"-o,--out", "FILE", &options->out,
                   "file, or folder for tlog-tiles; default: standard output"}},
      .run = [options](Context& context) { return Export(context, *options); }};
}

}  // namespace selaras::cli
