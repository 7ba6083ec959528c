#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace selaras::base {

// The same error, with "<where>: " before its message. Code and payloads stay;
// OK stays OK.
absl::Status Annotate(const absl::Status& status, absl::string_view where);

namespace internal {
inline absl::Status StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}
}  // namespace internal

}  // namespace selaras::base

// NOLINTBEGIN(bugprone-macro-parentheses): names and declarations take none.
#define SELARAS_STATUS_JOIN_(a, b) a##b
#define SELARAS_STATUS_NAME_(a, b) SELARAS_STATUS_JOIN_(a, b)

// Returns the error of a Status or StatusOr expression from the enclosing
// function; goes on if there is none.
#define RETURN_IF_ERROR(...) \
  SELARAS_RETURN_IF_ERROR_(SELARAS_STATUS_NAME_(selaras_status_, __LINE__), (__VA_ARGS__))
#define SELARAS_RETURN_IF_ERROR_(name, expression)                  \
  do {                                                              \
    if (const auto& name = (expression); !name.ok()) [[unlikely]] { \
      return ::selaras::base::internal::StatusOf(name);             \
    }                                                               \
  } while (false)

// ASSIGN_OR_RETURN(lhs, expression): moves the value of a StatusOr expression
// into `lhs`, which may be a declaration, or returns its error from the enclosing
// function. Two statements: needs braces after an `if`.
#define ASSIGN_OR_RETURN(lhs, ...) \
  SELARAS_ASSIGN_OR_RETURN_(SELARAS_STATUS_NAME_(selaras_result_, __LINE__), lhs, (__VA_ARGS__))
#define SELARAS_ASSIGN_OR_RETURN_(name, lhs, expression) \
  auto name = (expression);                              \
  if (!name.ok()) [[unlikely]]                           \
    return std::move(name).status();                     \
  lhs = *std::move(name)
// NOLINTEND(bugprone-macro-parentheses)
