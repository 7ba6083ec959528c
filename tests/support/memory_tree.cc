#include "tests/support/memory_tree.h"

#include "absl/strings/str_cat.h"

#include "storage/base/check.h"

namespace selaras::test {

void MemoryTree::Append(const base::Digest& leaf_hash) {
  frontier_.Append(leaf_hash, [&](int tile_level, std::uint64_t index, const base::Digest& hash) {
    const auto level = static_cast<std::size_t>(tile_level);
    if (rows_.size() <= level) rows_.resize(level + 1);
    SELARAS_CHECK(rows_[level].size() == index) << "nodes complete in order, each once";
    rows_[level].push_back(hash);
  });
}

absl::StatusOr<std::vector<base::Digest>> MemoryTree::Hashes(int tile_level, std::uint64_t first,
                                                             std::uint64_t count) const {
  const auto level = static_cast<std::size_t>(tile_level);
  if (level >= rows_.size() || first + count > rows_[level].size()) {
    return absl::OutOfRangeError(absl::StrCat("no nodes ", first, " to ", first + count,
                                              " on tile level ", tile_level, " yet"));
  }
  const auto begin = rows_[level].begin() + static_cast<std::ptrdiff_t>(first);
  return std::vector<base::Digest>(begin, begin + static_cast<std::ptrdiff_t>(count));
}

}  // namespace selaras::test
