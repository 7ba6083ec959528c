#include "tools/selaras/verify_report.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "selaras/cli/v1/output.pb.h"

#include "storage/base/bytes.h"
#include "tools/selaras/table.h"
#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

std::string PositionOf(const audit::Finding& finding) {
  return finding.sequence ? absl::StrCat(finding.log, "@", finding.sequence->value) : "";
}

cli::v1::VerifyFinding ToOutput(const audit::Finding& finding) {
  cli::v1::VerifyFinding output;
  output.set_kind("finding");
  output.set_part(std::string(audit::NameOf(finding.part)));
  output.set_log(finding.log);
  output.set_position(PositionOf(finding));
  output.set_subject(finding.subject);
  output.set_problem(finding.problem);
  output.set_expected(finding.expected);
  output.set_actual(finding.actual);
  return output;
}

void PrintVerifyJson(Output& output, const audit::AuditReport& report) {
  cli::v1::VerifySummary summary;
  summary.set_kind("summary");
  summary.set_clean(report.clean());
  summary.set_differences(static_cast<int>(report.findings_total));
  summary.set_request_rows(static_cast<int>(report.request_rows));
  summary.set_state_rows(static_cast<int>(report.state_rows));
  summary.set_published_rows(static_cast<int>(report.published_rows));
  summary.set_cosignatures(static_cast<int>(report.cosignatures));
  summary.set_cosignatures_unchecked(static_cast<int>(report.cosignatures_unchecked));
  for (const audit::LogSummary& log : report.logs) {
    cli::v1::VerifiedLog* verified = summary.add_logs();
    verified->set_log(log.log);
    verified->set_size(static_cast<int>(log.size.value));
    verified->set_root(base::HexEncode(log.root.view()));
    verified->set_entries(static_cast<int>(log.entries));
    verified->set_tiles(static_cast<int>(log.tiles));
    verified->set_mirror(log.kind == audit::Origin::kMirror);
    verified->set_signature_checked(log.signature_checked);
    verified->set_unsigned_entries(static_cast<int>(log.unsigned_leaves));
    verified->set_clean(!log.finding.has_value());
    verified->set_extends(static_cast<int>(log.newest_remembered.value));
    verified->set_lost_entries(static_cast<int>(log.lost.size()));
    const std::vector<std::string> lost = RangesOf(log.log, log.lost);
    verified->mutable_lost()->Assign(lost.begin(), lost.end());
  }
  for (const audit::RowSummary& rows : report.rows) {
    cli::v1::VerifiedRows* verified = summary.add_rows();
    verified->set_row_kind(rows.kind);
    verified->set_rows(static_cast<int>(rows.rows));
    verified->set_why_kept(rows.why_kept);
  }
  summary.set_rows_skipped(report.rows_skipped);
  summary.mutable_unseen()->Assign(report.unseen.begin(), report.unseen.end());
  for (const audit::Finding& finding : report.findings) output.Json(ToOutput(finding));
  if (!report.findings.empty()) *summary.mutable_first() = ToOutput(report.findings.front());
  output.Json(summary);
}

void PrintFindings(Output& output, const audit::AuditReport& report) {
  for (const audit::Finding& finding : report.findings) {
    Fields fields;
    fields.Add("expected", finding.expected);
    fields.Add("actual", finding.actual);
    const std::string place = PositionOf(finding).empty() ? finding.log : PositionOf(finding);
    const std::vector<std::string> where = {place, finding.subject};
    output.Print(absl::StrCat(
        "\n", output.Paint(Tone::kBad, audit::NameOf(finding.part)), " ",
        output.Paint(
            Tone::kStrong,
            Printable(absl::StrJoin(where, place.empty() || finding.subject.empty() ? "" : " · "))),
        ": ", Printable(finding.problem), "\n", fields.Text(output)));
  }
  if (report.findings_total > report.findings.size()) {
    output.Print(
        absl::StrCat("\n… and ", report.findings_total - report.findings.size(), " more\n"));
  }
}

void PrintPublished(Output& output, const audit::AuditReport& report) {
  if (report.published_rows == 0) return;
  output.Print(absl::StrCat(Count(report.published_rows, "published checkpoint"), " with ",
                            Count(report.cosignatures, "cosignature"), " verified\n"));
  if (report.cosignatures_unchecked == 0) return;
  output.Note(
      absl::StrCat(Count(report.cosignatures_unchecked, "cosignature"),
                   " of witnesses whose keys are not given: --config or --witness-key KEY"));
}

// What was compared beside the logs, and what nobody can derive.
void PrintRows(Output& output, const audit::AuditReport& report) {
  if (!report.rows_skipped.empty()) {
    output.Note(absl::StrCat("derived rows were not compared: ", report.rows_skipped));
  }
  std::uint64_t derived = 0;
  Table kept({"NOT DERIVABLE", ">ROWS", "WHY"});
  for (const audit::RowSummary& rows : report.rows) {
    if (rows.why_kept.empty()) {
      derived += rows.rows;
    } else {
      // Rows of other tables are not counted.
      kept.Add({rows.kind, rows.rows == 0 ? "" : absl::StrCat(rows.rows), rows.why_kept});
    }
  }
  if (report.rows.empty()) return;
  output.Print(
      absl::StrCat(Count(derived, "derived row"), " compared\n\n", kept.Text(output), "\n"));
}

void PrintLogs(Output& output, const audit::AuditReport& report) {
  Table logs({"LOG", ">LEAVES", ">HASHED", ">INNER", "ROOT", "SIGNATURE", ">EXTENDS", "RESULT"});
  for (const audit::LogSummary& log : report.logs) {
    logs.Add({log.kind == audit::Origin::kMirror ? log.log + " (mirror)" : log.log,
              absl::StrCat(log.size.value),
              absl::StrCat(log.entries),
              absl::StrCat(log.tiles),
              {base::HexEncode(log.root.view()).substr(0, 12), Tone::kDim},
              log.signature_checked ? Cell("checked") : Cell("no key given", Tone::kWarning),
              log.remembered == 0 ? Cell("-", Tone::kDim)
                                  : Cell(absl::StrCat(log.newest_remembered.value)),
              log.finding ? Cell("differs", Tone::kBad) : Cell("good", Tone::kGood)});
  }
  if (!logs.empty()) output.Print(logs.Text(output) + "\n");
}

// No differences, but nobody can read any more what they said.
void PrintLost(Output& output, const audit::AuditReport& report) {
  Table lost({"LOST IN A RESTORE", ">ENTRIES", "PLACES"});
  for (const audit::LogSummary& log : report.logs) {
    if (log.lost.empty()) continue;
    lost.Add({log.log, absl::StrCat(log.lost.size()), PlacesText(RangesOf(log.log, log.lost))});
  }
  if (!lost.empty()) output.Print(absl::StrCat("\n", lost.Text(output), "\n"));
}

void PrintNotes(Output& output, const audit::AuditReport& report) {
  bool unsigned_logs = false;
  for (const audit::LogSummary& log : report.logs) {
    unsigned_logs |= !log.signature_checked;
    if (log.unsigned_leaves == 0) continue;
    output.Note(absl::StrCat(log.log, ": the newest ", Count(log.unsigned_leaves, "entry"),
                             " will be signed at the next start, as after a kill"));
  }
  for (const std::string& unseen : report.unseen) {
    output.Note(absl::StrCat("not seen from here: ", unseen));
  }
  if (unsigned_logs) {
    output.Note(
        "signatures are checked, and trees remembered, when keys are given: "
        "--config node.textproto or --verifier-key KEY");
  }
}

void PrintVerifyReport(Output& output, const audit::AuditReport& report) {
  PrintLogs(output, report);
  if (report.request_rows + report.state_rows > 0) {
    output.Print(absl::StrCat(Count(report.request_rows, "request row"), " and ",
                              Count(report.state_rows, "state row"), " compared\n"));
  }
  PrintPublished(output, report);
  PrintRows(output, report);
  PrintLost(output, report);
  PrintFindings(output, report);
  PrintNotes(output, report);
  output.Print(
      report.clean()
          ? output.Paint(Tone::kGood, "verified: nothing differs\n")
          : output.Paint(Tone::kBad,
                         absl::StrCat("\n", Count(report.findings_total, "difference"), "\n")));
}

}  // namespace

void PrintVerified(Output& output, const audit::AuditReport& report) {
  if (output.json()) {
    PrintVerifyJson(output, report);
  } else {
    PrintVerifyReport(output, report);
  }
}

}  // namespace selaras::cli
