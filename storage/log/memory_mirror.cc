#include "storage/log/memory_mirror.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "storage/base/status.h"
#include "storage/log/rules.h"

namespace selaras::log {

absl::Status MemoryMirror::Extend(base::TreeSize from, std::span<const base::Digest> leaf_hashes,
                                  absl::string_view note) {
  std::optional<Evidence> contradiction;
  absl::StatusOr<std::optional<Extension>> extension = CheckExtension(
      log_, log_.edge(), *log_.keys(), from, leaf_hashes, note,
      [](int, std::uint64_t, const base::Digest&) {}, &contradiction);
  const std::unique_lock lock(state_.mutex());
  if (contradiction) {
    state_.AddEvidence(*std::move(contradiction));
    state_.Sync();
  }
  RETURN_IF_ERROR(extension);
  if (!*extension) return absl::OkStatus();
  const std::uint64_t fresh = (*extension)->edge.size().value - log_.edge().size().value;
  for (const base::Digest& leaf : leaf_hashes.last(fresh)) log_.Append(leaf, std::nullopt);
  log_.SetCheckpoint(std::move((*extension)->checkpoint));
  state_.Sync();
  return absl::OkStatus();
}

absl::Status MemoryMirror::AddKey(const NoteVerifier& next, absl::string_view closing) {
  std::optional<Evidence> contradiction;
  absl::StatusOr<std::optional<LogKeys>> changed =
      CheckNextKey(log_, log_.edge(), next, closing, &contradiction);
  const std::unique_lock lock(state_.mutex());
  if (contradiction) state_.AddEvidence(*std::move(contradiction));
  state_.Sync();
  RETURN_IF_ERROR(changed);
  if (*changed) log_.SetKeys(**std::move(changed));
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> MemoryMirror::Keep(std::span<const DisclosedEntry> entries,
                                               absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<const DisclosedEntry*> fresh, CheckDisclosed(log_, entries));
  const std::unique_lock lock(state_.mutex());
  for (const DisclosedEntry* entry : fresh) {
    log_.SetEntry(entry->sequence, entry->bytes);
    kept_.push_back(entry->sequence);
    if (now != absl::InfinitePast()) {
      kept_at_[entry->sequence] = absl::FromUnixMicros(absl::ToUnixMicros(now));
    }
  }
  state_.Sync();
  return fresh.size();
}

void MemoryMirror::Apply(Cut cut) {
  const base::TreeSize size = cut.edge.size();
  if (size.value == 0) cut.checkpoint = {};  // as of every empty mirror
  log_.Apply(std::move(cut));
  std::erase_if(kept_, [size](base::Sequence place) { return !base::Covers(size, place); });
  std::erase_if(kept_at_, [size](const auto& kept) { return !base::Covers(size, kept.first); });
}

std::uint64_t MemoryMirror::entries_held() const {
  const std::shared_lock lock(state_.mutex());
  return kept_.size();
}

absl::StatusOr<std::vector<base::Sequence>> MemoryMirror::Kept(std::uint64_t from,
                                                               std::size_t max) const {
  const std::shared_lock lock(state_.mutex());
  const std::size_t begin = std::min<std::size_t>(from, kept_.size());
  const std::size_t end = begin + std::min(max, kept_.size() - begin);
  return std::vector<base::Sequence>(kept_.begin() + begin, kept_.begin() + end);
}

absl::StatusOr<std::optional<absl::Time>> MemoryMirror::KeptAt(base::Sequence sequence) const {
  const std::shared_lock lock(state_.mutex());
  const auto found = kept_at_.find(sequence);
  if (found == kept_at_.end()) return std::nullopt;
  return found->second;
}

}  // namespace selaras::log
