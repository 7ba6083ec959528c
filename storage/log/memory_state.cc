#include "storage/log/memory_state.h"

#include <optional>
#include <utility>

#include "storage/log/limits.h"

namespace selaras::log {

void MemoryState::Apply(const std::vector<RowWrite>& writes) {
  for (const RowWrite& write : writes) {
    const auto found = rows(write.table).find(write.key);
    unsynced_.push_back(
        {write.table, write.key,
         found == rows(write.table).end() ? std::nullopt : std::optional(found->second)});
    Apply(write);
  }
}

void MemoryState::Apply(const RowWrite& write) {
  Rows& rows = tables_[static_cast<std::size_t>(write.table)];
  if (write.value) {
    rows[write.key] = *write.value;
  } else {
    rows.erase(write.key);
  }
}

void MemoryState::Crash() {
  for (auto change = unsynced_.rbegin(); change != unsynced_.rend(); ++change) Apply(*change);
  unsynced_.clear();
}

void MemoryState::AddEvidence(Evidence evidence) {
  std::size_t of_this_log = 0;
  for (const Evidence& known : evidence_) {
    if (known.log != evidence.log) continue;
    if (known.given == evidence.given || ++of_this_log == kEvidencePerLogMax) return;
  }
  evidence_.push_back(std::move(evidence));
}

}  // namespace selaras::log
