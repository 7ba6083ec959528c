#include "tools/selaras/cosigned_bounds.h"

#include <algorithm>

namespace selaras::cli {

void CosignedTrees::Add(absl::string_view witness, absl::Time time, base::TreeSize size) {
  auto known = std::find(witnesses_.begin(), witnesses_.end(), witness);
  if (known == witnesses_.end()) known = witnesses_.emplace(known, witness);
  rows_.push_back(
      {size.value, time, static_cast<std::uint32_t>(std::distance(witnesses_.begin(), known))});
}

void CosignedTrees::Sort() {
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.size < b.size; });
  earliest_.resize(rows_.size());
  for (std::size_t i = rows_.size(); i-- > 0;) {
    const bool last = i + 1 == rows_.size();
    earliest_[i] = last || rows_[i].time <= rows_[earliest_[i + 1]].time ? i : earliest_[i + 1];
  }
}

CosignedTree CosignedTrees::TreeOf(const Row& row) const {
  return {witnesses_[row.witness], row.time, {row.size}};
}

CosignedBounds CosignedTrees::Bound(base::Sequence place) {
  if (earliest_.size() != rows_.size()) Sort();
  while (next_ < rows_.size() && rows_[next_].size <= place.value) {
    const std::size_t begin = next_;
    while (next_ < rows_.size() && rows_[next_].size == rows_[begin].size) ++next_;
    for (std::size_t i = begin; i < next_; ++i) {
      const bool late = next_ < rows_.size() && rows_[earliest_[next_]].time < rows_[i].time;
      if (!late && (!without_ || without_->time <= rows_[i].time)) without_ = rows_[i];
    }
  }
  CosignedBounds bounds;
  if (without_) bounds.without = TreeOf(*without_);
  if (next_ < rows_.size()) bounds.with = TreeOf(rows_[earliest_[next_]]);
  return bounds;
}

}  // namespace selaras::cli
