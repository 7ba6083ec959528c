#include "tools/selaras/import/report.h"

#include <algorithm>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using cli::v1::ImportRow;
using cli::v1::ImportSummary;
using Rows = google::protobuf::RepeatedPtrField<ImportRow>;

void Describe(const registers::PlannedRow& planned, const RowOutcome& outcome, ImportRow* row) {
  std::visit(
      [row](const auto& any) {
        row->set_nomor_register(any.number);
        row->set_line(any.line);
      },
      planned);
  row->set_column(outcome.column);
  row->set_why(outcome.why);
  for (const registers::Difference& difference : outcome.differences) {
    cli::v1::ImportDifference* wire = row->add_differences();
    wire->set_column(difference.column);
    wire->set_recorded(difference.recorded);
    wire->set_in_file(difference.in_file);
  }
}

void Add(const registers::PlannedRow& planned, const RowOutcome& outcome, ImportSummary* summary) {
  switch (outcome.state) {
    case RowState::kUnsent:
      return summary->set_unsent(summary->unsent() + 1);
    case RowState::kImported:
      return summary->set_imported(summary->imported() + 1);
    case RowState::kUnchanged:
      return summary->set_unchanged(summary->unchanged() + 1);
    case RowState::kDuplicate:
      return summary->set_duplicates(summary->duplicates() + 1);
    case RowState::kRefused:
      return Describe(planned, outcome, summary->add_refused());
    case RowState::kPending:
      return Describe(planned, outcome, summary->add_pending());
    case RowState::kChanged:
      return Describe(planned, outcome, summary->add_changed());
    case RowState::kAmended:
      return Describe(planned, outcome, summary->add_amended());
    case RowState::kUndone:
      return summary->set_undone(summary->undone() + 1);
  }
}

std::string Counts(const ImportSummary& summary, const Output& output) {
  std::vector<std::string> parts;
  const auto add = [&](int count, absl::string_view what, Tone tone) {
    if (count > 0) parts.push_back(output.Paint(tone, absl::StrCat(count, " ", what)));
  };
  add(summary.imported(), summary.dry_run() ? "would be imported" : "imported", Tone::kGood);
  add(summary.amended_size(), summary.dry_run() ? "would be amended" : "amended", Tone::kGood);
  add(summary.undone(), summary.dry_run() ? "would be undone" : "undone", Tone::kGood);
  add(summary.unchanged(), "unchanged", Tone::kPlain);
  add(summary.duplicates(), "repeated in the file", Tone::kPlain);
  add(summary.refused_size(), "refused", Tone::kBad);
  add(summary.changed_size(), "changed, and refused", Tone::kBad);
  add(summary.pending_size(), "pending", Tone::kWarning);
  add(summary.unsent(), "not sent", Tone::kBad);
  return parts.empty() ? "no rows" : absl::StrJoin(parts, " · ");
}

std::string RowTable(absl::string_view title, const Rows& rows, const Output& output) {
  if (rows.empty()) return "";
  Table table({">LINE", "COLUMN", "WHY", "NUMBER"});
  for (const ImportRow& row : rows) {
    table.Add({absl::StrCat(row.line()), row.column(), row.why(), row.nomor_register()});
  }
  return absl::StrCat("\n", output.Paint(Tone::kStrong, title), "\n", table.Text(output));
}

std::string ChangedText(absl::string_view title, const Rows& rows, const Output& output) {
  if (rows.empty()) return "";
  std::string text = absl::StrCat(
      "\n", output.Paint(Tone::kStrong, absl::StrCat(title, " rows (- recorded, + in the file)")),
      "\n");
  for (const ImportRow& row : rows) {
    absl::StrAppend(&text, "  line ", row.line(), "  ", Printable(row.nomor_register()), "\n");
    if (row.differences().empty()) absl::StrAppend(&text, "    ", Printable(row.why()), "\n");
    for (const cli::v1::ImportDifference& difference : row.differences()) {
      absl::StrAppend(
          &text, "    ", difference.column(), "\n",
          output.Paint(Tone::kBad, absl::StrCat("    - ", Printable(difference.recorded()))), "\n",
          output.Paint(Tone::kGood, absl::StrCat("    + ", Printable(difference.in_file()))), "\n");
    }
  }
  return text;
}

// RFC 4180; a leading sign would be taken for a formula by a spreadsheet.
std::string CsvField(std::string text) {
  if (!text.empty() && absl::StrContains("=+-@\t\r", text.substr(0, 1))) text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string DifferenceText(const ImportRow& row) {
  return absl::StrJoin(row.differences(), "; ", [](std::string* out, const auto& difference) {
    absl::StrAppend(out, difference.column(), ": recorded '", difference.recorded(),
                    "', in the file '", difference.in_file(), "'");
  });
}

// Why, and what would have changed.
std::string WhyText(const ImportRow& row) {
  if (row.differences().empty()) return row.why();
  return absl::StrCat(row.why(), row.why().empty() ? "" : ": ", DifferenceText(row));
}

}  // namespace

ImportSummary Summarise(const std::string& file, const registers::Register& source,
                        const Importer::Result& result, bool dry_run) {
  ImportSummary summary;
  summary.set_kind("summary");
  summary.set_file(file);
  summary.set_rows(static_cast<int>(source.rows.size()));
  summary.set_dry_run(dry_run);
  for (std::size_t i = 0; i < source.rows.size(); ++i) {
    Add(source.rows[i], result.rows[i], &summary);
  }
  return summary;
}

std::string SummaryText(const ImportSummary& summary, const Output& output) {
  std::string text = absl::StrCat(output.Paint(Tone::kStrong, summary.file()), ": ",
                                  Counts(summary, output), "\n");
  const bool same = summary.imported() == 0 && summary.pending_size() == 0 &&
                    summary.changed_size() == 0 && summary.unsent() == 0 &&
                    summary.amended_size() == 0 && summary.undone() == 0;
  if (same && summary.unchanged() > 0) absl::StrAppend(&text, "nothing changed\n");
  if (summary.dry_run()) absl::StrAppend(&text, "dry run: nothing was written\n");
  if (!summary.batch().empty()) absl::StrAppend(&text, "batch ", summary.batch(), "\n");
  absl::StrAppend(&text, RowTable("refused rows", summary.refused(), output),
                  ChangedText("changed", summary.changed(), output),
                  ChangedText("amended", summary.amended(), output),
                  RowTable("pending rows", summary.pending(), output));
  if (!summary.pending().empty()) {
    absl::StrAppend(&text,
                    "import the file again when their cases have arrived; see: selaras link "
                    "list\n");
  }
  return text;
}

std::string RefusedCsv(const std::vector<ImportSummary>& summaries) {
  std::string csv = "file,line,nomor_register,column,why\r\n";
  for (const ImportSummary& summary : summaries) {
    std::vector<const ImportRow*> rows;
    for (const ImportRow& row : summary.refused()) rows.push_back(&row);
    for (const ImportRow& row : summary.changed()) rows.push_back(&row);
    std::sort(rows.begin(), rows.end(),
              [](const ImportRow* a, const ImportRow* b) { return a->line() < b->line(); });
    for (const ImportRow* row : rows) {
      absl::StrAppend(&csv, CsvField(summary.file()), ",", row->line(), ",",
                      CsvField(row->nomor_register()), ",", CsvField(row->column()), ",",
                      CsvField(WhyText(*row)), "\r\n");
    }
  }
  return csv;
}

ExitCode ExitCodeOf(const std::vector<ImportSummary>& summaries) {
  const auto any = [&](auto has) { return std::any_of(summaries.begin(), summaries.end(), has); };
  if (any([](const ImportSummary& s) { return s.unsent() > 0; })) return ExitCode::kUnreachable;
  if (any([](const ImportSummary& s) { return !s.pending().empty(); })) return ExitCode::kPending;
  if (any([](const ImportSummary& s) { return !s.refused().empty() || !s.changed().empty(); })) {
    return ExitCode::kRefused;
  }
  return ExitCode::kOk;
}

}  // namespace selaras::cli
