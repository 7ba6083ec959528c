#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "storage/audit/findings.h"
#include "storage/audit/inspector.h"
#include "storage/log/published.h"
#include "storage/log/store.h"

namespace selaras::audit {

// Verifies every checkpoint that was published, of the shared log and of mirrors: it belongs to a
// log that is here, one of the log's keys signed it, the log has that root at that size, and the
// witnesses that the inspector knows cosigned it, at a time that has come.
class PublishedAudit {
 public:
  // All must outlive it. After the logs: a root that differs where the log does is not repeated.
  PublishedAudit(const log::StoreReader& store, const Inspector& inspector, AuditReport* report,
                 Findings* findings)
      : store_(store), inspector_(inspector), report_(*report), findings_(*findings) {}

  void Run(const AuditOptions& options, const Progress& progress);

 private:
  using Row = std::pair<std::string, std::string>;
  // What was noted of some rows.
  struct Checked {
    std::vector<Finding> findings;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t cosignatures = 0;
    std::uint64_t unchecked = 0;
  };

  void CheckRow(const Row& row, absl::Time now, Checked* checked) const;
  void CheckTree(const log::LogReader& log, const log::PublishedPlace& place,
                 absl::string_view note, Checked* checked) const;
  void CheckCosignatures(const log::PublishedPlace& place, absl::string_view note, absl::Time now,
                         Checked* checked) const;
  // The log of that name of which checkpoints are published; nullptr: there is none.
  const log::LogReader* Find(absl::string_view name) const;
  void NoteDiffering();

  const log::StoreReader& store_;
  const Inspector& inspector_;
  AuditReport& report_;
  Findings& findings_;
  std::set<std::string> differing_;  // logs that were found to differ: their roots would, too
};

}  // namespace selaras::audit
