#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/log/store.h"

namespace selaras::verify {

// Reads rows one after another in the order of their keys, some at a time, so that two tables can
// be walked side by side.
class RowStream {
 public:
  // Rows of `table` whose key starts with `prefix`; the store must outlive the stream.
  RowStream(const log::StoreReader& store, log::Table table, std::string prefix = "");

  // Whether there is one more row. An error ends the rows.
  bool Valid();
  const std::string& key() const { return rows_[next_].first; }
  const std::string& value() const { return rows_[next_].second; }
  void Next() { ++next_; }
  // Once no row is Valid(): whether that was the end, or an error.
  const absl::Status& status() const { return status_; }

 private:
  const log::StoreReader& store_;
  const log::Table table_;
  const std::string prefix_;
  std::vector<std::pair<std::string, std::string>> rows_;
  std::size_t next_ = 0;
  std::string from_;
  bool end_ = false;
  absl::Status status_;
};

}  // namespace selaras::verify
