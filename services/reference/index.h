#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace selaras::reference {

// The rows of one table in their order, found by key. Pointers to rows are stable
// once the last row is added.
template <typename Row>
class Index {
 public:
  // False, and nothing is added, if the key is taken.
  bool Add(std::string key, Row row) {
    if (!places_.emplace(std::move(key), rows_.size()).second) return false;
    rows_.push_back(std::move(row));
    return true;
  }

  // nullptr if there is no such key.
  const Row* Find(absl::string_view key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &rows_[found->second];
  }

  std::span<const Row> rows() const { return rows_; }

 private:
  std::vector<Row> rows_;
  absl::flat_hash_map<std::string, std::size_t> places_;
};

}  // namespace selaras::reference
