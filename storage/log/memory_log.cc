#include "storage/log/memory_log.h"

#include <mutex>
#include <utility>

#include "storage/log/errors.h"

namespace selaras::log {

std::optional<LogKeys> MemoryLog::keys() const {
  const std::shared_lock lock(mutex_);
  return keys_;
}

base::TreeSize MemoryLog::size() const {
  const std::shared_lock lock(mutex_);
  return edge_.size();
}

SignedCheckpoint MemoryLog::checkpoint() const {
  const std::shared_lock lock(mutex_);
  return checkpoint_;
}

absl::StatusOr<std::optional<std::string>> MemoryLog::Entry(base::Sequence sequence) const {
  const std::shared_lock lock(mutex_);
  if (!base::Covers(edge_.size(), sequence)) return PastTheEnd(name_, sequence, edge_.size());
  return entries_[sequence.value];
}

absl::StatusOr<std::vector<base::Digest>> MemoryLog::Hashes(int tile_level, std::uint64_t first,
                                                            std::uint64_t count) const {
  const std::shared_lock lock(mutex_);
  const std::uint64_t end = first + count;
  if (end < first || end > merkle::CompletedNodes(tile_level, edge_.size().value)) {
    return NodesPastTheEnd(name_, tile_level, end, edge_.size());
  }
  if (count == 0) return std::vector<base::Digest>();
  const std::vector<base::Digest>& level = levels_[static_cast<std::size_t>(tile_level)];
  return std::vector<base::Digest>(level.begin() + static_cast<std::ptrdiff_t>(first),
                                   level.begin() + static_cast<std::ptrdiff_t>(end));
}

absl::StatusOr<std::vector<base::Sequence>> MemoryLog::Lost(base::Sequence first,
                                                            std::uint64_t count) const {
  const std::shared_lock lock(mutex_);
  return std::vector<base::Sequence>(lost_.lower_bound(first),
                                     lost_.lower_bound({first.value + count}));
}

void MemoryLog::AppendLost(const base::Digest& leaf_hash) {
  lost_.insert(base::NextAfter(edge_.size()));
  Append(leaf_hash, std::nullopt);
}

void MemoryLog::Append(const base::Digest& leaf_hash, std::optional<std::string> entry) {
  edge_.Append(leaf_hash, [&](int tile_level, std::uint64_t, const base::Digest& hash) {
    const auto level = static_cast<std::size_t>(tile_level);
    if (levels_.size() <= level) levels_.resize(level + 1);
    levels_[level].push_back(hash);
  });
  entries_.push_back(std::move(entry));
}

void MemoryLog::Apply(Cut cut) {
  const std::uint64_t size = cut.edge.size().value;
  entries_.resize(size);
  lost_.erase(lost_.lower_bound(base::NextAfter(cut.edge.size())), lost_.end());
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    levels_[level].resize(merkle::CompletedNodes(static_cast<int>(level), size));
  }
  origin_ = cut.keys.origin();
  edge_ = std::move(cut.edge);
  keys_ = std::move(cut.keys);
  checkpoint_ = std::move(cut.checkpoint);
}

void MemoryLog::SetEntry(base::Sequence sequence, std::string entry) {
  entries_[sequence.value] = std::move(entry);
  lost_.erase(sequence);
}

}  // namespace selaras::log
