#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/crypto/sha256.h"
#include "tools/registers/register.h"
#include "tools/selaras/catalogue_source.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/error_text.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/import/importer.h"
#include "tools/selaras/import/patience.h"
#include "tools/selaras/import/report.h"
#include "tools/selaras/progress.h"

namespace selaras::cli {
namespace {

constexpr int kInFlightMax = 256;

struct Options {
  std::vector<std::string> files;
  std::string refused;
  std::string wait = "30s";
  int generation = 1;
  int in_flight = 16;
  bool dry_run = false;
  bool amend = false;
};

struct UndoOptions {
  std::string batch;
  std::string file;
  Options import;
};

struct Source {
  std::string file;
  std::string batch;
  registers::Register rows;
};

// Which node takes a register, and how its owner is called.
struct Home {
  absl::string_view owner;
  absl::string_view role;
};

// Of a worklist its first row says so; one without any suits everybody.
Home HomeOfWorklist(const registers::Register& rows, absl::string_view role) {
  for (const registers::PlannedRow& row : rows.rows) {
    const auto* plan = std::get_if<registers::Plan>(&row);
    if (plan == nullptr) continue;
    constexpr absl::string_view kRoles[] = {"intake", "referral", "sanction"};
    return {plan->authority, kRoles[plan->commands.index()]};
  }
  return {"nobody", role};
}

Home HomeOf(const registers::Register& rows, absl::string_view role) {
  switch (rows.kind) {
    case registers::Kind::kBawaslu:
      return {"Bawaslu", "intake"};
    case registers::Kind::kBkn:
      return {"BKN", "referral"};
    case registers::Kind::kBkpsdm:
      return {"a BKPSDM", "sanction"};
    case registers::Kind::kWorklist:
      return HomeOfWorklist(rows, role);
  }
  return {};
}

// Names what a file states. It follows from the file alone, so whoever has the file can undo it.
std::string BatchOf(const registers::Register& rows, absl::string_view bytes, int generation) {
  constexpr std::size_t kShown = 8;
  if (rows.kind == registers::Kind::kWorklist) return "";
  const base::Digest digest = crypto::Sha256(absl::StrCat(
      "selaras import batch 1\n", registers::NameOf(rows.kind), "\n", generation, "\n", bytes));
  return base::HexEncode(digest.view().substr(0, kShown));
}

// Asks until the node answers: it may be starting.
template <typename Call>
auto Insist(Context& context, absl::Duration wait, const Call& call) {
  Patience patience(context.clock(), wait);
  auto answer = call();
  for (int attempt = 0; !answer.ok() && IsTransient(answer.status()) && !patience.over();
       ++attempt) {
    if (attempt == 0) {
      context.output().Note(absl::StrCat(ErrorText(answer.status()), "\ntrying again for ",
                                         absl::FormatDuration(wait), " …"));
    }
    context.clock().Sleep(Pause(attempt, absl::ZeroDuration()));
    answer = call();
  }
  return answer;
}

absl::StatusOr<std::vector<Source>> ReadSources(const Options& options, const std::string& name,
                                                const std::string& role,
                                                const reference::Catalogue& catalogue) {
  std::vector<Source> sources;
  for (const std::string& file : options.files) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file));
    auto rows = registers::ReadRegister(bytes, catalogue, {.generation = options.generation});
    if (!rows.ok()) return base::Annotate(rows.status(), file);
    const Home home = HomeOf(*rows, role);
    if (role != home.role) return WrongRole(file, home.owner, home.role, name, role);
    sources.push_back({file, BatchOf(*rows, bytes, options.generation), *std::move(rows)});
  }
  return sources;
}

Importer::Progress ProgressOf(Context& context, const std::string& file) {
  const std::string name = file.substr(file.rfind('/') + 1);
  return [&output = context.output(), name](const ImportCounts& counts) {
    std::string line = ProgressText(name, counts.done, counts.rows);
    if (counts.refused > 0) absl::StrAppend(&line, "  ", counts.refused, " refused");
    if (counts.pending > 0) absl::StrAppend(&line, "  ", counts.pending, " pending");
    if (counts.waiting) {
      absl::StrAppend(&line,
                      counts.pending > 0 ? "  waiting for the links" : "  waiting for the node");
    }
    output.Live(line);
  };
}

absl::Status CheckNumbers(const Options& options) {
  if (options.in_flight < 1 || options.in_flight > kInFlightMax) {
    return BadValue("--in-flight", absl::StrCat(options.in_flight),
                    absl::StrCat("give 1 to ", kInFlightMax));
  }
  if (options.generation < 1) {
    return BadValue("--generation", absl::StrCat(options.generation), "give 1 or more");
  }
  return absl::OkStatus();
}

// Imports the files in the order given, because a later register builds on an earlier one.
// Gives why rows were not sent.
absl::Status ImportAll(Context& context, Node& node, const ImportOptions& options,
                       const std::vector<Source>& sources,
                       std::vector<cli::v1::ImportSummary>* summaries) {
  Output& output = context.output();
  absl::Status stopped;
  for (const Source& source : sources) {
    Importer importer(node, context.clock(), options, ProgressOf(context, source.file));
    const Importer::Result result = importer.Run(source.rows);
    output.EndLive();
    summaries->push_back(Summarise(source.file, source.rows, result, options.dry_run));
    summaries->back().set_batch(source.batch);
    if (output.json()) {
      output.Json(summaries->back());
    } else {
      output.Print(SummaryText(summaries->back(), output));
    }
    if (!result.stopped.ok()) stopped = result.stopped;
    if (!stopped.ok()) break;
  }
  return stopped;
}

std::uint64_t SharedSize(const ledger::v1::GetNodeResponse& node) {
  for (const ledger::v1::LogState& log : node.logs()) {
    if (log.log() == node.node()) return log.size();
  }
  return 0;
}

// Looks into cases rest on what is derived: wait until the node has done so.
absl::Status AwaitProjected(Context& context, Node& node, absl::Duration wait) {
  const auto projected = [&]() -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const auto about, node.GetNode());
    if (!about.projected()) return absl::UnavailableError("the node has not caught up yet");
    return true;
  };
  return Insist(context, wait, projected).status();
}

absl::Status CheckAmendable(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    if (source.rows.kind == registers::Kind::kWorklist) return NotARegister(source.file);
  }
  return absl::OkStatus();
}

absl::Status CheckBatch(const std::vector<Source>& sources, const std::string& batch) {
  for (const Source& source : sources) {
    if (source.batch != batch) return WrongBatch(source.file, source.batch, batch);
  }
  return absl::OkStatus();
}

// `undo` names the batch to take back; empty: the rows are imported.
absl::StatusOr<ExitCode> Import(Context& context, const Options& options, const std::string& undo) {
  if (options.files.empty()) return BadValue("FILE", "", "give a register, or worklist, as CSV");
  RETURN_IF_ERROR(CheckNumbers(options));
  ASSIGN_OR_RETURN(const absl::Duration wait, ParseDuration("--wait", options.wait));
  ASSIGN_OR_RETURN(const std::unique_ptr<Node> node, context.OpenNode());
  ASSIGN_OR_RETURN(const auto about, Insist(context, wait, [&] { return node->GetNode(); }));
  ASSIGN_OR_RETURN(const auto catalogue,
                   Insist(context, wait, [&] { return FetchCatalogue(*node, ""); }));
  ASSIGN_OR_RETURN(const std::vector<Source> sources,
                   ReadSources(options, about.node(), about.role(), *catalogue));
  ImportMode mode = ImportMode::kRecord;
  if (options.amend || !undo.empty()) {
    mode = undo.empty() ? ImportMode::kAmend : ImportMode::kUndo;
    RETURN_IF_ERROR(CheckAmendable(sources));
    RETURN_IF_ERROR(AwaitProjected(context, *node, wait));
  }
  if (!undo.empty()) RETURN_IF_ERROR(CheckBatch(sources, undo));
  std::vector<cli::v1::ImportSummary> summaries;
  const absl::Status stopped = ImportAll(context, *node,
                                         {.in_flight = options.in_flight,
                                          .wait = wait,
                                          .dry_run = options.dry_run,
                                          .mode = mode,
                                          .reason = absl::StrCat("import undone: batch ", undo),
                                          .log_size = SharedSize(about)},
                                         sources, &summaries);
  if (!options.refused.empty()) {
    RETURN_IF_ERROR(WriteFile(options.refused, RefusedCsv(summaries)));
  }
  RETURN_IF_ERROR(stopped);
  return ExitCodeOf(summaries);
}

}  // namespace

namespace {

Command UndoCommand() {
  const auto options = std::make_shared<UndoOptions>();
  return {
      .name = "undo",
      .summary = "take back what a register stated that was imported",
      .details =
          "Needs the file as it was imported and the batch that the import printed, on any "
          "machine; refuses another file. Takes back what the rows state, newest first, each case "
          "as a whole or not at all, whichever import recorded it. What no import recorded, what "
          "others have built on or acknowledged, and cases that say something else than the row by "
          "now or have gone on, are listed as refused and stay. The opening of a case stays, too: "
          "it cannot be taken back. To import the file again use --amend.\n"
          "Ends as selaras import does.",
      .examples =
          "selaras import undo 3f2a9c1e5b7d0486 bkn.csv --dry-run\n"
          "selaras import undo 3f2a9c1e5b7d0486 bkn.csv",
      .source = cli::Source::kNode,
      .options = {{"BATCH", "", &options->batch, "the batch, as the import printed it", true},
                  {"FILE", "", &options->file, "the register that was imported", true},
                  {"--dry-run", "", &options->import.dry_run, "check everything, write nothing"},
                  {"--refused", "FILE", &options->import.refused, "write the refused rows as CSV"},
                  {"--wait", "DURATION", &options->import.wait,
                   "give up when nothing has happened for so long; default: 30s"},
                  {"--generation", "N", &options->import.generation,
                   "as with the import; default: 1"},
                  {"-j,--in-flight", "N", &options->import.in_flight,
                   "rows sent at once; default: 16"}},
      .run = [options](Context& context) {
        options->import.files = {options->file};
        const auto code = Import(context, options->import, options->batch);
        return code.ok() ? *code : context.output().Fail(code.status());
      }};
}

}  // namespace

Command ImportCommand() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "import",
      .summary = "turn the rows of a register into commands of the agency that keeps it",
      .details =
          "Reads the registers of Bawaslu, BKN and BKPSDM as CSV, and worklists that were filled "
          "in "
          "(selaras worklist --csv); which one it is follows from the columns. Each row is checked "
          "as a whole and sent as one batch: all of it, or nothing. "
          "Rows that are wrong are listed, and the others go on. A row whose case has not arrived "
          "yet is tried again as the links advance.\n"
          "A second run changes nothing, so after an interruption run it again. A row that was "
          "recorded with another content is shown as a difference and refused. With --amend it is "
          "brought to what the file says: by a correction where that is possible; where the row "
          "says another step, by taking back what was stated from there on, newest first, and "
          "stating what it says now; all of it, or nothing. Refused are a change of what others "
          "have built on or acknowledged, or of the report itself. With --dry-run it shows what "
          "would change.\n"
          "Each run prints the batch of each file, by which selaras import undo takes back what "
          "the file states.\n"
          "Ends with 3 if rows were refused or changed, with 4 if rows are pending, with 6 if the "
          "node went away.",
      .examples =
          "selaras import bawaslu.csv --node 127.0.0.1:7413\n"
          "selaras import bkn.csv --dry-run\n"
          "selaras import bawaslu.csv --amend --dry-run\n"
          "selaras import undo 3f2a9c1e5b7d0486 bkn.csv\n"
          "selaras import worklist.csv\n"
          "selaras import bkpsdm.csv --wait 2m --refused refused.csv --json",
      .source = cli::Source::kNode,
      .options = {{"FILE", "", &options->files, "a register, as CSV; - is the standard input"},
                  {"--dry-run", "", &options->dry_run, "check everything, write nothing"},
                  {"--amend", "", &options->amend,
                   "change what was recorded with another content, too"},
                  {"--refused", "FILE", &options->refused, "write the refused rows as CSV"},
                  {"--wait", "DURATION", &options->wait,
                   "give up when nothing has happened for so long; default: 30s"},
                  {"--generation", "N", &options->generation,
                   "import the register anew under other request ids; default: 1"},
                  {"-j,--in-flight", "N", &options->in_flight, "rows sent at once; default: 16"}},
      .run =
          [options](Context& context) {
            const auto code = Import(context, *options, "");
            return code.ok() ? *code : context.output().Fail(code.status());
          },
      .commands = {UndoCommand()}};
}

}  // namespace selaras::cli
