#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <shared_mutex>
#include <string>
#include <vector>

#include "storage/log/store.h"

namespace selaras::log {

// What the parts of a store in memory share. Whoever changes it holds `mutex`.
class MemoryState {
 public:
  using Rows = std::map<std::string, std::string, std::less<>>;

  std::shared_mutex& mutex() const { return mutex_; }

  const Rows& rows(Table table) const { return tables_[static_cast<std::size_t>(table)]; }
  void Apply(const std::vector<RowWrite>& writes);
  // Everything written so far is durable: there is one write-ahead log for all.
  void Sync() { unsynced_.clear(); }
  // Takes back what is not.
  void Crash();

  void AddEvidence(Evidence evidence);
  const std::vector<Evidence>& evidence() const { return evidence_; }

 private:
  void Apply(const RowWrite& write);

  mutable std::shared_mutex mutex_;
  std::array<Rows, 7> tables_;
  std::vector<RowWrite> unsynced_;  // what undoes the writes since the last synced one
  std::vector<Evidence> evidence_;
};

}  // namespace selaras::log
