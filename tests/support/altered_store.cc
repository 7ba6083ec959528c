#include "tests/support/altered_store.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace selaras::test {

absl::StatusOr<std::optional<std::string>> AlteredLog::Entry(base::Sequence sequence) const {
  if (const auto found = changes_.unreadable.find(sequence.value);
      found != changes_.unreadable.end()) {
    return found->second;
  }
  const auto found = changes_.entries.find(sequence.value);
  if (found != changes_.entries.end()) return found->second;
  return original_.Entry(sequence);
}

absl::StatusOr<std::vector<base::Digest>> AlteredLog::Hashes(int tile_level, std::uint64_t first,
                                                             std::uint64_t count) const {
  auto hashes = original_.Hashes(tile_level, first, count);
  for (std::uint64_t i = 0; hashes.ok() && i < count; ++i) {
    if (changes_.unreadable_nodes.contains({tile_level, first + i})) {
      return absl::DataLossError("the block is corrupt");
    }
    const auto found = changes_.nodes.find({tile_level, first + i});
    if (found != changes_.nodes.end()) (*hashes)[i] = found->second;
  }
  return hashes;
}

absl::StatusOr<std::vector<base::Sequence>> AlteredLog::Kept(std::uint64_t from,
                                                             std::size_t max) const {
  auto kept = mirror_->Kept(from, max);
  for (std::size_t i = 0; kept.ok() && i < kept->size(); ++i) {
    const auto found = changes_.kept.find(from + i);
    if (found != changes_.kept.end()) (*kept)[i] = found->second;
  }
  return kept;
}

AlteredStore::AlteredStore(const log::StoreReader& original)
    : original_(original),
      shared_(original.shared(), nullptr, shared_changes),
      private_(original.private_log(), nullptr, private_changes) {
  if (!original.mirrors().empty()) {
    const log::Mirror* mirror = original.mirrors().front();
    mirror_ = std::make_unique<AlteredLog>(*mirror, mirror, mirror_changes);
  }
}

std::vector<const log::Mirror*> AlteredStore::mirrors() const {
  auto mirrors = original_.mirrors();
  if (mirror_) mirrors.front() = mirror_.get();
  return mirrors;
}

absl::StatusOr<std::optional<std::string>> AlteredStore::Get(log::Table table,
                                                             absl::string_view key) const {
  const auto found = rows.find({table, std::string(key)});
  return found == rows.end() ? original_.Get(table, key) : found->second;
}

absl::Status AlteredStore::Scan(
    log::Table table, absl::string_view prefix, absl::string_view from,
    const std::function<bool(absl::string_view, absl::string_view)>& row) const {
  // Rows that were added stand between those of the original.
  auto added = rows.lower_bound({table, std::string(std::max(prefix, from))});
  const auto hand_over_until = [&](const std::string* end) {
    for (; added != rows.end() && added->first.first == table &&
           absl::StartsWith(added->first.second, prefix);
         ++added) {
      if (end != nullptr && added->first.second >= *end) break;
      if (added->second && !row(added->first.second, *added->second)) return false;
    }
    return true;
  };
  bool more = true;
  const absl::Status scanned =
      original_.Scan(table, prefix, from, [&](absl::string_view key, absl::string_view value) {
        const std::string place(key);
        more = hand_over_until(&place);
        if (!more) return false;
        const auto found = rows.find({table, place});
        if (found == rows.end()) return more = row(key, value);
        ++added;
        return more = !found->second || row(key, *found->second);
      });
  if (more && scanned.ok()) hand_over_until(nullptr);
  return scanned;
}

}  // namespace selaras::test
