#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <sys/types.h>

namespace selaras::load {

// This program once more, as a process of its own, whose standard input stays open as long as this
// object: it ends when that does.
class Child {
 public:
  static absl::StatusOr<Child> Start(const std::vector<std::string>& arguments);

  Child(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child& operator=(Child&&) = delete;
  // Waits for its end.
  ~Child();

  // The first line that it writes. UNAVAILABLE if it ends before; it has said why on stderr.
  absl::StatusOr<std::string> ReadLine();

 private:
  Child(pid_t pid, int in, int out) : pid_(pid), in_(in), out_(out) {}

  pid_t pid_;  // 0: moved away
  int in_;
  int out_;
};

}  // namespace selaras::load
