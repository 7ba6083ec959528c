#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/cli/v1/evidence.pb.h"

#include "storage/base/bytes.h"

// The result of a comparison of nodes: what is printed, and what is signed.
namespace selaras::cli {

// Counts findings and collects who has to do what.
class Totals {
 public:
  // All findings about one case that was compared.
  void AddCase(const std::vector<cli::v1::ReconciledFinding>& findings);
  void AddOfNodes(const std::vector<cli::v1::ReconciledFinding>& findings);

  cli::v1::ReconciledNodes& counts() { return counts_; }
  const cli::v1::ReconciledNodes& counts() const { return counts_; }
  bool differs() const;
  // Plain sentences, one a line: who has to do what, and for how many cases.
  std::string ToDo() const;

 private:
  void Collect(const cli::v1::ReconciledFinding& finding);

  cli::v1::ReconciledNodes counts_;
  std::map<std::string, std::uint64_t> to_do_;
};

// The text that is signed; FORMAT.md describes it. `report` is the SHA-256 of the JSON lines.
std::string SummaryText(const std::vector<cli::v1::ReconciledNode>& nodes, const Totals& totals,
                        const base::Digest& report);

// The digest of the report that a summary text names. INVALID_ARGUMENT if it is no such text.
absl::StatusOr<std::string> ReportIn(absl::string_view text);

}  // namespace selaras::cli
