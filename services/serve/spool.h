#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::serve {

// A file without a name: what waits on disk to be handed on, and goes away with this process. One
// thread at a time.
class Spool {
 public:
  // On the disk of `directory`. UNAVAILABLE if it cannot be made.
  static absl::StatusOr<std::shared_ptr<Spool>> Create(const std::string& directory);

  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  // RESOURCE_EXHAUSTED if it would become larger than 4 GiB, UNAVAILABLE if the disk fails.
  absl::Status Append(absl::string_view bytes);
  // The bytes from `at` on, as many as are asked for, fewer only at the end.
  absl::StatusOr<std::string> Read(std::uint64_t at, std::size_t bytes) const;
  std::uint64_t size() const { return size_; }

 private:
  explicit Spool(int file) : file_(file) {}

  const int file_;
  std::uint64_t size_ = 0;
};

}  // namespace selaras::serve
