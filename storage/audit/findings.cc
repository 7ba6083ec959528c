#include "storage/audit/findings.h"

#include <utility>

namespace selaras::audit {

std::size_t Findings::Add(Finding finding) {
  ++report_.findings_total;
  if (report_.findings.size() == kFindingsMax) return kFindingsMax;
  report_.findings.push_back(std::move(finding));
  return report_.findings.size() - 1;
}

std::size_t Findings::Add(LogSummary* summary, Finding finding) {
  const std::size_t index = Add(std::move(finding));
  if (!summary->finding.has_value() && index < kFindingsMax) summary->finding = index;
  return index;
}

Finding* Findings::Kept(std::size_t index) {
  return index < report_.findings.size() ? &report_.findings[index] : nullptr;
}

}  // namespace selaras::audit
