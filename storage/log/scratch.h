#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/log/store.h"

namespace selaras::log {

// Rows on the side, for what is derived anew only to be compared: as many as a store has, so
// memory may not hold them. They go with the object. One thread at a time.
class Scratch {
 public:
  virtual ~Scratch() = default;

  virtual absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const = 0;
  // As StoreReader::Scan.
  virtual absl::Status Scan(
      absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view key, absl::string_view value)>& row) const = 0;
  // The table of a row is not looked at.
  virtual absl::Status Write(const std::vector<RowWrite>& rows) = 0;
};

using ScratchMaker = std::function<absl::StatusOr<std::unique_ptr<Scratch>>()>;

}  // namespace selaras::log
