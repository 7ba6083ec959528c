#pragma once

#include <cstddef>

#include "storage/audit/audit.h"

namespace selaras::audit {

// Collects findings into a report, which must outlive it; keeps the first, counts all.
class Findings {
 public:
  explicit Findings(AuditReport* report) : report_(*report) {}

  // Gives the index of the finding in the report, or kFindingsMax if it was only counted.
  std::size_t Add(Finding finding);
  // Likewise, and notes it as the first one of the log if it is.
  std::size_t Add(LogSummary* summary, Finding finding);

  // A finding that was kept, for what is known only later; nullptr if it was only counted.
  Finding* Kept(std::size_t index);

 private:
  AuditReport& report_;
};

}  // namespace selaras::audit
