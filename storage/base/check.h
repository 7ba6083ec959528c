#pragma once

#include <ostream>
#include <sstream>

#include "absl/strings/string_view.h"

// SELARAS_CHECK(condition) << "why it always holds";
//
// Stops the process if the condition does not hold: a broken invariant is not an
// error that a caller could handle. Prints file, line, condition and message to
// stderr. Never for input, however wrong: that is a Status.
// NOLINTBEGIN(bugprone-macro-parentheses): a message follows.
#define SELARAS_CHECK(condition)            \
  (condition)                               \
      ? static_cast<void>(0)                \
      : ::selaras::base::internal::Void() & \
            ::selaras::base::internal::CheckFailure(__FILE__, __LINE__, #condition).stream()
// NOLINTEND(bugprone-macro-parentheses)

namespace selaras::base::internal {

// Collects the message; its end is the end of the process.
class CheckFailure {
 public:
  CheckFailure(const char* file, int line, const char* condition);
  CheckFailure(const CheckFailure&) = delete;
  CheckFailure& operator=(const CheckFailure&) = delete;
  [[noreturn]] ~CheckFailure();

  std::ostream& stream() { return message_; }

 private:
  std::ostringstream message_;
};

// Makes both branches of the conditional void, binding weaker than <<.
struct Void {
  void operator&(std::ostream&) const {}
};

}  // namespace selaras::base::internal
