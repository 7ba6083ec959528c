#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"

#include "storage/log/scratch.h"

namespace selaras::test {

// Rows on the side, in memory.
class MemoryScratch final : public log::Scratch {
 public:
  static absl::StatusOr<std::unique_ptr<log::Scratch>> Make() {
    return std::make_unique<MemoryScratch>();
  }

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    const auto found = rows_.find(key);
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }
  absl::Status Scan(
      absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view, absl::string_view)>& row) const override {
    for (auto next = rows_.lower_bound(std::max(prefix, from));
         next != rows_.end() && absl::StartsWith(next->first, prefix); ++next) {
      if (!row(next->first, next->second)) break;
    }
    return absl::OkStatus();
  }
  absl::Status Write(const std::vector<log::RowWrite>& rows) override {
    for (const log::RowWrite& row : rows) {
      if (row.value) {
        rows_[row.key] = *row.value;
      } else {
        rows_.erase(row.key);
      }
    }
    return absl::OkStatus();
  }

 private:
  std::map<std::string, std::string, std::less<>> rows_;
};

}  // namespace selaras::test
