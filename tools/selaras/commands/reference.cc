#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/domain/diagram.h"
#include "services/domain/transitions.h"
#include "services/reference/catalogue.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "tools/selaras/catalogue_source.h"
#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/json.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using reference::Catalogue;

struct ShowOptions {
  std::string what;
  std::string digest;
};

// A table as it is shown: column names, then rows.
struct Sheet {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// The authorities as the catalogue makes them of regions; the table has patterns.
Sheet Authorities(const Catalogue& catalogue) {
  Sheet sheet{{"authority", "name", "role", "region", "valid_from", "valid_to", "successor", "mark",
               "source"},
              {}};
  const auto date = [](const auto& day) { return day ? day->ToIso() : ""; };
  for (const reference::Authority& authority : catalogue.authorities()) {
    sheet.rows.push_back({authority.id, authority.name,
                          std::string(reference::NameOf(authority.role)), authority.region,
                          date(authority.valid_from), date(authority.valid_to), authority.successor,
                          std::string(reference::NameOf(authority.provenance.mark)),
                          authority.provenance.source});
  }
  return sheet;
}

// A table of the catalogue, which has checked it.
Sheet Parse(const std::string& content) {
  const std::vector<std::string> lines = absl::StrSplit(content, '\n', absl::SkipEmpty());
  Sheet sheet{absl::StrSplit(lines.front(), '\t'), {}};
  for (std::size_t i = 1; i < lines.size(); ++i) {
    sheet.rows.push_back(absl::StrSplit(lines[i], '\t'));
  }
  return sheet;
}

Sheet Summary(const Catalogue& catalogue) {
  Sheet sheet{{"table", "rows"}, {}};
  for (const auto& [name, content] : catalogue.files()) {
    sheet.rows.push_back(
        {std::string(absl::StripSuffix(name, ".tsv")), absl::StrCat(Parse(content).rows.size())});
  }
  return sheet;
}

std::string StatesText(const std::vector<domain::State>& states) {
  return absl::StrJoin(states, ", ", [](std::string* out, domain::State state) {
    absl::StrAppend(out, domain::StateName(state));
  });
}

absl::string_view ConditionText(domain::Condition condition) {
  switch (condition) {
    case domain::Condition::kFlagged:
      return ", and it is flagged";
    case domain::Condition::kEnded:
      return ", and it has ended";
    default:
      return "";
  }
}

// The rules of procedure, which are code: the same in every version of the reference data.
Sheet TransitionSheet() {
  Sheet sheet{{"section", "state", "command", "leads to", "only while", "basis"}, {}};
  for (const domain::Transition& row : domain::Transitions()) {
    sheet.rows.push_back(
        {std::string(domain::SectionName(row.section)), std::string(domain::StateName(row.from)),
         std::string(domain::CommandName(row.fact)),
         row.to == domain::State::kNone ? "(stays)" : std::string(domain::StateName(row.to)),
         absl::StrCat(StatesText(row.next), ConditionText(row.condition)), std::string(row.basis)});
  }
  return sheet;
}

std::string TableNames(const Catalogue& catalogue) {
  std::vector<absl::string_view> names;
  for (const auto& [name, content] : catalogue.files()) {
    names.push_back(absl::StripSuffix(name, ".tsv"));
  }
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<Sheet> SheetOf(const Catalogue& catalogue, const std::string& what) {
  if (what.empty()) return Summary(catalogue);
  if (what == "authorities") return Authorities(catalogue);
  const auto file = catalogue.files().find(what + ".tsv");
  if (file != catalogue.files().end()) return Parse(file->second);
  return BadValue("reference show", what,
                  absl::StrCat("there are: transitions, diagram, digest, ", TableNames(catalogue)));
}

void Print(Output& output, const Sheet& sheet) {
  Table table(sheet.columns);
  for (const auto& row : sheet.rows) {
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      fields.emplace_back(sheet.columns[i], row[i]);
      cells.emplace_back(row[i]);
    }
    if (output.json()) {
      output.Print(ToJsonLine(fields) + "\n");
    } else {
      table.Add(std::move(cells));
    }
  }
  if (!output.json()) output.Print(table.Text(output));
}

absl::Status Show(Context& context, const ShowOptions& options) {
  Output& output = context.output();
  if (options.what == "transitions") {
    Print(output, TransitionSheet());
    return absl::OkStatus();
  }
  if (options.what == "diagram") {
    output.Print(domain::StateDiagram());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto ledger, context.OpenLedger());
  ASSIGN_OR_RETURN(const auto catalogue, FetchCatalogue(*ledger, options.digest));
  const std::string digest = base::HexEncode(catalogue->digest().view());
  if (options.what == "digest") {
    output.Print((output.json() ? ToJsonLine({{"digest", digest}}) : digest) + "\n");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Sheet sheet, SheetOf(*catalogue, options.what));
  Print(output, sheet);
  if (options.what.empty()) output.Note("digest " + digest);
  return absl::OkStatus();
}

}  // namespace

Command ReferenceCommand() {
  const auto options = std::make_shared<ShowOptions>();
  Command show = {
      .name = "show",
      .summary = "a table of the reference data, or what there is",
      .examples =
          "selaras reference show\n"
          "selaras reference show violations\n"
          "selaras reference show transitions\n"
          "selaras reference show regions --json | jq -r .name\n"
          "selaras reference show digest",
      .source = Source::kNodeOrStore,
      .options = {{"TABLE", "", &options->what,
                   "regions, violations, sanctions, authorities, elections, codes, deadlines, "
                   "follow_up, holidays, calendar_years, time_zones, golongan, …; transitions "
                   "(what may follow in which state, and why), diagram (the same as a "
                   "Mermaid picture), or digest"},
                  {"--digest", "HEX", &options->digest,
                   "an older version, by its digest; default: the one in use"}},
      .run = [options](Context& context) {
        const absl::Status shown = Show(context, *options);
        return shown.ok() ? ExitCode::kOk : context.output().Fail(shown);
      }};
  return {.name = "reference",
          .summary = "the reference data that decisions are based on",
          .commands = {std::move(show)}};
}

}  // namespace selaras::cli
