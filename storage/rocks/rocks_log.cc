#include "storage/rocks/rocks_log.h"

#include <utility>

#include "storage/base/status.h"
#include "storage/log/errors.h"
#include "storage/rocks/errors.h"

namespace selaras::rocks {

absl::StatusOr<std::optional<std::string>> RocksLog::Entry(base::Sequence sequence) const {
  const base::TreeSize here = size();
  if (!base::Covers(here, sequence)) return log::PastTheEnd(name(), sequence, here);
  return rows_.Entry(sequence);
}

absl::Status RocksLog::Entries(
    base::Sequence first, std::uint64_t count,
    absl::FunctionRef<void(base::Sequence, absl::string_view)> entry) const {
  const base::TreeSize here = size();
  const base::TreeSize end{first.value + count};
  if (end.value < first.value || here < end) return log::PastTheEnd(name(), first, here);
  return rows_.EntriesHeld(first, count, entry);
}

absl::StatusOr<std::vector<base::Digest>> RocksLog::Hashes(int tile_level, std::uint64_t first,
                                                           std::uint64_t count) const {
  const base::TreeSize here = size();
  const std::uint64_t end = first + count;
  if (end < first || end > merkle::CompletedNodes(tile_level, here.value)) {
    return log::NodesPastTheEnd(name(), tile_level, end, here);
  }
  return rows_.Hashes(tile_level, first, count);
}

void RocksLog::Succeed(log::Cut cut) {
  origin_ = cut.keys.origin();
  Publish(std::move(cut.keys));
  Publish({std::move(cut.edge), std::move(cut.checkpoint)});
}

std::shared_ptr<const Recovered> RocksLog::head() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

void RocksLog::Publish(Recovered head) {
  auto next = std::make_shared<const Recovered>(std::move(head));
  const std::lock_guard lock(mutex_);
  head_.swap(next);
}

std::shared_ptr<const log::LogKeys> RocksLog::shared_keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

void RocksLog::Publish(log::LogKeys keys) {
  auto next = std::make_shared<const log::LogKeys>(std::move(keys));
  const std::lock_guard lock(mutex_);
  keys_.swap(next);
}

absl::StatusOr<std::optional<std::string>> OwnLog::Entry(base::Sequence sequence) const {
  ASSIGN_OR_RETURN(std::optional<std::string> entry, RocksLog::Entry(sequence));
  if (entry) return entry;
  ASSIGN_OR_RETURN(const std::vector<base::Sequence> lost, Lost(sequence, 1));
  if (lost.empty()) return EntryMissing(name(), sequence);
  return std::nullopt;
}

absl::StatusOr<std::vector<base::Sequence>> OwnLog::Lost(base::Sequence first,
                                                         std::uint64_t count) const {
  return rows().Lost(first, count);
}

}  // namespace selaras::rocks
