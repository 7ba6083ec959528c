// `export`: cases as tables of other systems.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "services/domain/local_date.h"
#include "storage/base/status.h"
#include "tools/bridges/table.h"
#include "tools/selaras/bridge.h"
#include "tools/selaras/catalogue_source.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/files.h"
#include "tools/selaras/find.h"
#include "tools/selaras/json.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

struct Options {
  std::string since;
  std::string out;
};

struct Counts {
  std::uint64_t written = 0;
  std::uint64_t no_nip = 0;
  std::uint64_t sealed = 0;
};

// Where the lines go: to a file that appears when it is complete, or to stdout as they come.
class Sink {
 public:
  static absl::StatusOr<Sink> Open(Output& output, const std::string& path) {
    if (path.empty() || path == "-") return Sink(output, std::nullopt);
    ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
    return Sink(output, std::move(file));
  }

  absl::Status Write(const std::string& line) {
    if (file_) return file_->Append(line);
    output_.Print(line);
    return absl::OkStatus();
  }

  absl::Status Close() { return file_ ? file_->Commit() : absl::OkStatus(); }

 private:
  Sink(Output& output, std::optional<AtomicFile> file) : output_(output), file_(std::move(file)) {}

  Output& output_;
  std::optional<AtomicFile> file_;
};

// The beginning of the day in Jakarta; the infinite past if none is given.
absl::StatusOr<absl::Time> ParseSince(const std::string& text) {
  if (text.empty()) return absl::InfinitePast();
  const auto day = reference::LocalDate::ParseIso(text);
  if (!day) return BadValue("--since", text, "give a day, 2024-11-30");
  absl::Time begin;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d%z", absl::StrCat(text, "+0700"), &begin, &error)) {
    return BadValue("--since", text, "give a day, 2024-11-30");
  }
  return begin;
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// Whether this node has learned of anything in the case since then.
bool ChangedSince(const query::v1::GetTimelineResponse& timeline, absl::Time since) {
  return std::any_of(timeline.steps().begin(), timeline.steps().end(),
                     [since](const query::v1::TimelineStep& step) {
                       const absl::Time known =
                           step.has_held_since()
                               ? std::max(TimeOf(step.held_since()), TimeOf(step.recorded_at()))
                               : TimeOf(step.recorded_at());
                       return known >= since;
                     });
}

std::string LineOf(bridges::System system, const std::vector<std::string>& row, bool json) {
  if (!json) return bridges::CsvLine(row);
  std::vector<std::pair<std::string, std::string>> fields;
  for (std::size_t i = 0; i < row.size(); ++i) {
    fields.emplace_back(std::string(bridges::ColumnsOf(system)[i].name), row[i]);
  }
  return ToJsonLine(fields) + "\n";
}

absl::StatusOr<Counts> WriteRows(CaseSource& cases, bridges::System system,
                                 const reference::Catalogue& catalogue, absl::Time since, bool json,
                                 Sink* sink) {
  Counts counts;
  if (!json) RETURN_IF_ERROR(sink->Write(bridges::HeaderLine(system)));
  RETURN_IF_ERROR(ForEachCase(cases, [&](const query::v1::Case& shown) -> absl::Status {
    if (!bridges::MayHaveRow(system, shown)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const BridgedCase bridged, ReadBridged(cases, system, shown));
    const bridges::Shown view = bridged.view();
    if (!bridges::HasRow(system, view) || !ChangedSince(view.timeline, since)) {
      return absl::OkStatus();
    }
    if (shown.personal() == query::v1::PERSONAL_STATE_PENDING) {
      ++counts.sealed;
    } else if (shown.respondent().nip().empty()) {
      ++counts.no_nip;
    } else {
      ++counts.written;
      return sink->Write(LineOf(system, bridges::RowOf(system, view, catalogue), json));
    }
    return absl::OkStatus();
  }));
  return counts;
}

absl::StatusOr<ExitCode> Export(Context& context, bridges::System system, const Options& options) {
  ASSIGN_OR_RETURN(const absl::Time since, ParseSince(options.since));
  ASSIGN_OR_RETURN(const std::unique_ptr<Node> node, context.OpenNode());
  ASSIGN_OR_RETURN(const auto catalogue, FetchCatalogue(*node, ""));
  Output& output = context.output();
  ASSIGN_OR_RETURN(Sink sink, Sink::Open(output, options.out));
  ASSIGN_OR_RETURN(const Counts counts,
                   WriteRows(*node, system, *catalogue, since, output.json(), &sink));
  RETURN_IF_ERROR(sink.Close());
  output.Note(Count(counts.written, "case"));
  if (counts.no_nip > 0) {
    output.Note(absl::StrCat(Count(counts.no_nip, "case"),
                             " left out: no NIP; see: selaras case "
                             "list --identity open"));
  }
  if (counts.sealed > 0) {
    output.Note(
        absl::StrCat(Count(counts.sealed, "case"), " left out: sealed, the key has not come yet"));
  }
  return counts.no_nip + counts.sealed == 0 ? ExitCode::kOk : ExitCode::kRefused;
}

Command ExportCommand(bridges::System system, std::string summary, std::string details) {
  const auto options = std::make_shared<Options>();
  const std::string name(bridges::NameOf(system));
  return {
      .name = name,
      .summary = std::move(summary),
      .details = absl::StrCat(
          details,
          "\nCSV, or with --json one object a line. Written are the cases that the caller may see; "
          "left out, counted, and told by exit code 3 are those without a NIP and those whose "
          "personal data are still sealed. Nothing that identifies a reporter is ever written. "
          "Personal data: treat the file accordingly."),
      .examples = absl::StrCat("selaras export ", name, " --out ", name, ".csv\n",
                               "selaras export ", name, " --since 2024-11-01 --json"),
      .source = cli::Source::kNode,
      .options = {{"--since", "DAY", &options->since,
                   "only cases of which the node has learned anything from this day (WIB) on"},
                  {"--out", "FILE", &options->out,
                   "write this file, which appears when it is complete; default: stdout"}},
      .run = [options, system](Context& context) {
        const auto code = Export(context, system, *options);
        return code.ok() ? *code : context.output().Fail(code.status());
      }};
}

}  // namespace

Command ExportCommands() {
  return {.name = "export",
          .summary = "cases as tables of other systems",
          .examples = "selaras export hukdis --out hukdis.csv\nselaras export sbt",
          .commands = {
              ExportCommand(bridges::System::kHukdis,
                            "decided sanctions, in the shape of SIASN's and I-DIS's records",
                            "The names and forms of the columns are those of a third party's "
                            "client: they have not been compared with SIASN itself. Codes that "
                            "only SIASN knows are left empty; ours stand beside. The table in "
                            "tools/bridges/README.md says of each column how well it is known."),
              ExportCommand(bridges::System::kSbt, "where cases stand, in the words of SBT",
                            "The words are those that SBT publishes; which state has which word is "
                            "a reading of our own (sbt_states.tsv). The columns are our own: the "
                            "form of SBT's tables is not known. See tools/bridges/README.md.")}};
}

}  // namespace selaras::cli
