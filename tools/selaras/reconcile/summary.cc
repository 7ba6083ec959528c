#include "tools/selaras/reconcile/summary.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "tools/selaras/text.h"

namespace selaras::cli {
namespace {

using cli::v1::ReconciledFinding;

constexpr absl::string_view kFirstLine = "selaras reconciliation 1";
constexpr absl::string_view kReport = "report sha256 ";

}  // namespace

void Totals::Collect(const ReconciledFinding& finding) {
  if (!finding.to_do().empty()) ++to_do_[finding.to_do()];
}

void Totals::AddCase(const std::vector<ReconciledFinding>& findings) {
  std::set<std::string> results;
  for (const ReconciledFinding& finding : findings) {
    results.insert(finding.result());
    Collect(finding);
  }
  if (results.contains("not_compared")) {
    counts_.set_not_compared(counts_.not_compared() + 1);
  } else {
    counts_.set_compared(counts_.compared() + 1);
  }
  if (results.empty()) counts_.set_equal(counts_.equal() + 1);
  if (results.contains("missing")) counts_.set_missing(counts_.missing() + 1);
  if (results.contains("late")) counts_.set_late(counts_.late() + 1);
  if (results.contains("contradictory")) counts_.set_contradictory(counts_.contradictory() + 1);
}

void Totals::AddOfNodes(const std::vector<ReconciledFinding>& findings) {
  for (const ReconciledFinding& finding : findings) Collect(finding);
  counts_.set_of_nodes(counts_.of_nodes() + static_cast<int>(findings.size()));
}

bool Totals::differs() const {
  return counts_.missing() + counts_.late() + counts_.contradictory() + counts_.of_nodes() > 0;
}

std::string Totals::ToDo() const {
  if (to_do_.empty()) {
    return counts_.not_compared() + counts_.late() > 0
               ? "Nobody has to do anything about what could be compared.\n"
               : "Nobody has to do anything: all agree.\n";
  }
  std::string text;
  for (const auto& [sentence, times] : to_do_) {
    absl::StrAppend(&text, "- ", sentence, " (", Count(times, "finding"), ")\n");
  }
  return text;
}

std::string SummaryText(const std::vector<cli::v1::ReconciledNode>& nodes, const Totals& totals,
                        const base::Digest& report) {
  const cli::v1::ReconciledNodes& counts = totals.counts();
  std::string text = absl::StrCat(kFirstLine, "\nat ", counts.at(), "\n");
  for (const cli::v1::ReconciledNode& node : nodes) {
    absl::StrAppend(&text, "node ", node.node(), " ", node.tree_size(), " ", node.root(), "\n");
  }
  absl::StrAppend(&text, "cases ", counts.compared(), " compared ", counts.equal(), " equal ",
                  counts.missing(), " missing ", counts.late(), " late ", counts.contradictory(),
                  " contradictory ", counts.not_compared(), " not-compared\nnodes ",
                  counts.of_nodes(), " findings\n", kReport, base::HexEncode(report.view()), "\n");
  return text;
}

absl::StatusOr<std::string> ReportIn(absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(absl::StripSuffix(text, "\n"), '\n');
  absl::string_view last = lines.back();
  if (lines.front() != kFirstLine || !absl::ConsumePrefix(&last, kReport) ||
      last.size() != 2 * base::Digest::kSize) {
    return absl::InvalidArgumentError("the signed text is no summary of a reconciliation");
  }
  return std::string(last);
}

}  // namespace selaras::cli
