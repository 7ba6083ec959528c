#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "tools/selaras/commands/all.h"
#include "tools/selaras/context.h"
#include "tools/selaras/errors.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

namespace v1 = query::v1;

struct StatsOptions {
  std::vector<std::string> elections;
  std::string region;
  std::vector<std::string> by;
  std::string across;
  std::string unit;
  bool publication = false;
  bool published = false;
  bool zeros = false;
  bool csv = false;
};

// `violation_found` of VIOLATION_FOUND, without the prefix that all values of an enum have.
std::string Word(absl::string_view name, absl::string_view prefix) {
  absl::ConsumePrefix(&name, prefix);
  return absl::AsciiStrToLower(name);
}
std::string Word(v1::StatisticsDimension dimension) {
  return Word(v1::StatisticsDimension_Name(dimension), "STATISTICS_DIMENSION_");
}
std::string Word(v1::StatisticsUnit unit) {
  return Word(v1::StatisticsUnit_Name(unit), "STATISTICS_UNIT_");
}
std::string Word(v1::StatisticsContact contact) {
  return Word(v1::StatisticsContact_Name(contact), "STATISTICS_CONTACT_");
}
std::string Word(v1::DurationStage stage) {
  return absl::StrReplaceAll(Word(v1::DurationStage_Name(stage), "DURATION_STAGE_"), {{"_", " "}});
}

std::string DimensionWords() {
  std::vector<std::string> words;
  for (int i = 1; i <= v1::StatisticsDimension_MAX; ++i) {
    words.push_back(Word(static_cast<v1::StatisticsDimension>(i)));
  }
  return absl::StrJoin(words, ", ");
}

absl::StatusOr<v1::StatisticsDimension> ParseDimension(absl::string_view option,
                                                       const std::string& word) {
  v1::StatisticsDimension dimension = v1::STATISTICS_DIMENSION_UNSPECIFIED;
  const bool known = v1::StatisticsDimension_Parse(
      absl::StrCat("STATISTICS_DIMENSION_",
                   absl::AsciiStrToUpper(absl::StrReplaceAll(word, {{"-", "_"}}))),
      &dimension);
  if (known && dimension != v1::STATISTICS_DIMENSION_UNSPECIFIED) return dimension;
  return BadValue(option, word, absl::StrCat("these are: ", DimensionWords()));
}

// Values of an option that may be repeated or hold commas.
std::vector<std::string> Split(const std::vector<std::string>& values) {
  std::vector<std::string> all;
  for (const std::string& value : values) {
    for (const absl::string_view one : absl::StrSplit(value, ',', absl::SkipEmpty())) {
      all.emplace_back(one);
    }
  }
  return all;
}

absl::StatusOr<v1::GetStatisticsRequest> ToRequest(const StatsOptions& options) {
  v1::GetStatisticsRequest request;
  for (std::string& election : Split(options.elections)) {
    request.add_elections(std::move(election));
  }
  request.set_region(options.region);
  for (const std::string& word : Split(options.by)) {
    const auto dimension = ParseDimension("--by", word);
    if (!dimension.ok()) return dimension.status();
    request.add_by(*dimension);
  }
  if (!options.across.empty()) {
    const auto dimension = ParseDimension("--across", options.across);
    if (!dimension.ok()) return dimension.status();
    request.set_across(*dimension);
  }
  if (!options.unit.empty()) {
    if (options.unit != "person") {
      return BadValue("--unit", options.unit, "person, or leave it away: cases");
    }
    request.set_unit(v1::STATISTICS_UNIT_PERSON);
  }
  request.set_public_(options.publication);
  request.set_published(options.published);
  return request;
}

bool IsSilent(v1::StatisticsContact contact) {
  return contact == v1::STATISTICS_CONTACT_LOST || contact == v1::STATISTICS_CONTACT_NEVER ||
         contact == v1::STATISTICS_CONTACT_NO_LINK;
}

// A number; what is withheld; or, where nobody was heard, that a zero says nothing.
Cell Number(std::uint64_t count, bool suppressed, v1::StatisticsContact contact) {
  if (suppressed) return {"withheld", Tone::kDim};
  if (count > 0 || !IsSilent(contact)) return {absl::StrCat(count)};
  return {contact == v1::STATISTICS_CONTACT_LOST    ? "no contact lately"
          : contact == v1::STATISTICS_CONTACT_NEVER ? "no contact yet"
                                                    : "no link",
          Tone::kWarning};
}

std::string Value(const std::string& value) { return value.empty() ? "(none)" : value; }

void PrintFigures(Output& output, const v1::GetStatisticsResponse& response, bool groups) {
  Table table(groups ? std::vector<std::string>{"WHAT", "UNIT", "OF", ">NUMBER"}
                     : std::vector<std::string>{"WHAT", "UNIT", ">NUMBER"});
  for (const auto& figure : response.figures()) {
    std::vector<Cell> row = {figure.name(), Word(figure.unit())};
    if (groups) row.emplace_back(Value(figure.group()));
    row.push_back(Number(figure.count(), figure.suppressed(), figure.contact()));
    table.Add(std::move(row));
  }
  output.Print(table.Text(output));
  const bool several = std::any_of(response.figures().begin(), response.figures().end(),
                                   [](const auto& figure) { return figure.several(); });
  if (groups && several) {
    output.Print(output.Paint(
        Tone::kDim, "a person can stand in several of them: persons do not add up over these\n"));
  }
}

void PrintTable(Output& output, const v1::StatisticsTable& table, bool groups, bool zeros) {
  const std::string name = absl::AsciiStrToUpper(Word(table.dimension()));
  Table text(groups ? std::vector<std::string>{name, "OF", ">NUMBER"}
                    : std::vector<std::string>{name, ">NUMBER"});
  std::uint64_t heard = 0;
  std::uint64_t silent = 0;
  for (const auto& cell : table.cells()) {
    const bool zero = cell.count() == 0 && !cell.suppressed();
    if (zero && !zeros) {
      ++(IsSilent(cell.contact()) ? silent : heard);
      continue;
    }
    std::vector<Cell> row = {Value(cell.value())};
    if (groups) row.emplace_back(Value(cell.group()));
    row.push_back(Number(cell.count(), cell.suppressed(), cell.contact()));
    text.Add(std::move(row));
  }
  output.Print("\n");
  if (!text.empty()) output.Print(text.Text(output));
  std::vector<std::string> rest;
  if (heard > 0) rest.push_back(absl::StrCat(heard, " more: 0"));
  if (silent > 0) rest.push_back(absl::StrCat(silent, " more: no contact, so not known"));
  if (!rest.empty()) {
    output.Print(output.Paint(Tone::kDim, absl::StrCat(absl::StrJoin(rest, "; "), "\n")));
  }
  if (table.several()) {
    const bool persons = table.unit() == v1::STATISTICS_UNIT_PERSON;
    output.Print(output.Paint(
        Tone::kDim, absl::StrCat("a ", Word(table.unit()), " can stand in several of them",
                                 persons ? ": they do not add up\n" : "\n")));
  }
}

void PrintDurations(Output& output, const v1::GetStatisticsResponse& response, bool groups) {
  if (response.durations().empty()) return;
  Table table(groups ? std::vector<std::string>{"DAYS FROM", "OF", ">CASES", ">MEDIAN", ">P90"}
                     : std::vector<std::string>{"DAYS FROM", ">CASES", ">MEDIAN", ">P90"});
  for (const auto& duration : response.durations()) {
    std::vector<Cell> row = {Word(duration.stage())};
    if (groups) row.emplace_back(Value(duration.group()));
    const bool hidden = duration.suppressed();
    row.emplace_back(duration.cases() > 0 ? absl::StrCat(duration.cases()) : std::string());
    row.emplace_back(hidden ? "withheld" : absl::StrCat(duration.median_days()));
    row.emplace_back(hidden ? "withheld" : absl::StrCat(duration.p90_days()));
    table.Add(std::move(row));
  }
  output.Print(absl::StrCat("\n", table.Text(output)));
}

void PrintRates(Output& output, const v1::GetStatisticsResponse& response) {
  if (response.rates().empty()) return;
  Table table({"ELECTION", ">CASES", ">REGIONS THAT VOTED", ">CASES A REGION", "BY", "MARK"});
  for (const auto& rate : response.rates()) {
    const bool shown = !rate.rate().empty();
    table.Add({rate.election(), shown ? absl::StrCat(rate.cases()) : "withheld",
               absl::StrCat(rate.voting_regions()), rate.rate(), rate.figure_id(), rate.mark()});
  }
  output.Print(absl::StrCat("\n", table.Text(output)));
}

void PrintPublished(Output& output, const v1::GetStatisticsResponse& response) {
  if (response.published().empty()) return;
  Table table({"PUBLISHED", "ELECTION", "REGION", "AS OF", "BY", "UNIT", "WHAT", ">NUMBER", "MARK",
               "NOTE"});
  for (const auto& figure : response.published()) {
    table.Add({figure.figure_id(), absl::StrJoin(figure.elections(), ","),
               figure.region().empty() ? "national" : figure.region(), figure.as_of(),
               figure.publisher(), figure.unit(), figure.metric(), figure.value(), figure.mark(),
               figure.note()});
  }
  output.Print(absl::StrCat("\n", table.Text(output)));
}

void PrintLogs(Output& output, const v1::GetStatisticsResponse& response) {
  Table table({"COUNTED FROM", "SECTIONS", ">CHECKPOINT", ">ENTRIES", "AS OF"});
  for (const auto& log : response.logs()) {
    const std::string since = TimeText(log.verified_at());
    table.Add({log.log(), absl::StrJoin(log.sections(), ","), absl::StrCat(log.size()),
               absl::StrCat(log.entries()),
               log.own()                                       ? Cell("now")
               : log.contact() == v1::STATISTICS_CONTACT_HEARD ? Cell(since)
               : since.empty() ? Cell("no contact yet", Tone::kWarning)
                               : Cell("no contact since " + since, Tone::kWarning)});
  }
  output.Print(absl::StrCat("\n", table.Text(output), "counted by ", response.publisher(), " for ",
                            absl::StrJoin(response.authorities(), ", "), ", ",
                            TimeText(response.as_of()), "\n"));
}

// Quoted if it has to be (RFC 4180).
std::string Field(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

// One row a number, own and published ones told apart by their publisher.
void PrintCsv(Output& output, const v1::GetStatisticsResponse& response) {
  const auto line = [&](std::initializer_list<std::string> fields) {
    std::vector<std::string> quoted;
    for (const std::string& field : fields) quoted.push_back(Field(field));
    output.Print(absl::StrCat(absl::StrJoin(quoted, ","), "\n"));
  };
  const std::string now = TimeText(response.as_of());
  const std::string& by = response.publisher();
  const auto number = [](const auto& cell) {
    return cell.suppressed() ? std::string() : absl::StrCat(cell.count());
  };
  const auto note = [](const auto& suppressed, bool several) {
    return std::string(suppressed.suppressed() ? "withheld" : several ? "does not add up" : "");
  };
  line({"table", "value", "of", "number", "unit", "publisher", "as_of", "contact", "note"});
  for (const auto& figure : response.figures()) {
    line({"overview", figure.name(), figure.group(), number(figure), Word(figure.unit()), by, now,
          Word(figure.contact()), note(figure, figure.several())});
  }
  for (const auto& table : response.tables()) {
    for (const auto& cell : table.cells()) {
      line({Word(table.dimension()), cell.value(), cell.group(), number(cell), Word(table.unit()),
            by, now, Word(cell.contact()), note(cell, table.several())});
    }
  }
  for (const auto& duration : response.durations()) {
    for (const auto& [name, days] :
         {std::pair{"median", duration.median_days()}, std::pair{"p90", duration.p90_days()}}) {
      line({absl::StrCat(name, " of days"), Word(duration.stage()), duration.group(),
            duration.suppressed() ? "" : absl::StrCat(days), "day", by, now, "",
            duration.suppressed() ? "withheld" : ""});
    }
  }
  for (const auto& rate : response.rates()) {
    line(
        {"cases a region that voted", rate.election(), "", rate.rate(), "case", by, now, "",
         absl::StrCat(rate.voting_regions(), " regions by ", rate.figure_id(), ", ", rate.mark())});
  }
  for (const auto& figure : response.published()) {
    line({"published", figure.metric(),
          absl::StrCat(absl::StrJoin(figure.elections(), ";"), " ",
                       figure.region().empty() ? "national" : figure.region()),
          figure.value(), figure.unit(), figure.publisher(), figure.as_of(), figure.mark(),
          figure.note()});
  }
}

ExitCode Stats(Context& context, const StatsOptions& options) {
  Output& output = context.output();
  const auto request = ToRequest(options);
  if (!request.ok()) return output.Fail(request.status());
  auto source = context.OpenCases();
  if (!source.ok()) return output.Fail(source.status());
  const auto response = (*source)->GetStatistics(*request);
  if (!response.ok()) return output.Fail(response.status());
  if (output.json()) {
    output.Json(*response);
    return ExitCode::kOk;
  }
  if (options.csv) {
    PrintCsv(output, *response);
    return ExitCode::kOk;
  }
  const bool groups = request->across() != v1::STATISTICS_DIMENSION_UNSPECIFIED;
  PrintFigures(output, *response, groups);
  for (const auto& table : response->tables()) PrintTable(output, table, groups, options.zeros);
  PrintDurations(output, *response, groups);
  PrintRates(output, *response);
  PrintPublished(output, *response);
  PrintLogs(output, *response);
  if (response->suppressed_below() > 0) {
    output.Note(absl::StrCat("numbers below ", response->suppressed_below(),
                             " are withheld, and those from which they could be computed"));
  }
  return ExitCode::kOk;
}

}  // namespace

Command StatsCommand() {
  const auto options = std::make_shared<StatsOptions>();
  return {
      .name = "stats",
      .summary = "how many cases, by what, in which election and region",
      .details =
          "Counts the cases that you may see, as far as this node has heard of them: every "
          "log says up to which checkpoint, and where nobody was heard it says so instead of "
          "0. What is private (source, motive, alleged violation) counts only at the node of "
          "the report's office. What others have published stands beside it and is never "
          "added to it.\n\n"
          "Persons are told apart by their NIP: several cases of one count once. Who is not "
          "identified is no person here; how many cases that concerns stands beside it. One "
          "person can stand in several elections and regions, so these numbers do not add up.\n\n"
          "--public withholds small numbers and those from which they could be computed. It "
          "protects one answer: do not publish two that differ only by a small region.",
      .examples =
          "selaras stats\n"
          "selaras stats --by place,region --region 13\n"
          "selaras stats --election PILKADA-2020,PILKADA-2024 --across election --by state\n"
          "selaras stats --election PILKADA-2024 --by violation_found --public --csv\n"
          "selaras stats --by region --unit person\n"
          "selaras stats --election PILKADA-2020 --published",
      .source = Source::kNodeOrStore,
      .options = {{"--election", "CODE", &options->elections,
                   "only cases of this election; may be repeated, or hold commas"},
                  {"--region", "CODE", &options->region,
                   "only cases of agencies in this region or below, e.g. 13 or 13.04"},
                  {"--by", "DIMENSION", &options->by,
                   absl::StrCat("a table for each of: ", DimensionWords())},
                  {"--across", "DIMENSION", &options->across,
                   "everything once for each election, province or region: to compare them"},
                  {"--unit", "UNIT", &options->unit,
                   "person: count persons instead of cases in the tables; only by election, "
                   "region and province"},
                  {"--public", "", &options->publication, "withhold small numbers"},
                  {"--published", "", &options->published,
                   "also the figures that others have published"},
                  {"--zeros", "", &options->zeros, "also the values for which there is nothing"},
                  {"--csv", "", &options->csv, "comma-separated, one number a line"}},
      .run = [options](Context& context) { return Stats(context, *options); }};
}

}  // namespace selaras::cli
