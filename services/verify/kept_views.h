#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/audit/findings.h"
#include "storage/log/store.h"

namespace selaras::verify {

// Looks at views that cannot be derived (row_kinds.h) for sense: changes are numbered without gaps
// and agree with the cases, each watch has its moment and each moment its watch, links can be
// read. Disclosure lists are looked at elsewhere (disclosures.h).
class KeptViewAudit {
 public:
  // Both must outlive it.
  KeptViewAudit(const log::StoreReader& store, audit::Findings* findings)
      : store_(store), findings_(*findings) {}

  // An error: the rest cannot be looked at.
  absl::Status Run();

 private:
  absl::Status CheckChanges();
  absl::Status CheckChange(std::uint64_t number, const std::string& case_id);
  absl::Status CheckMoments();
  absl::Status CheckLinks();
  void Report(absl::string_view key, std::string problem, std::string expected, std::string actual);

  const log::StoreReader& store_;
  audit::Findings& findings_;
};

}  // namespace selaras::verify
