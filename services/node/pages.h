#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// How much one answer to a reader holds at most.
namespace selaras::node {

// A page ends early after looking at so many cases, or with so many bytes: a filter that matches
// little neither holds a thread for long nor makes a message that the caller's side refuses.
inline constexpr std::size_t kLookedAtMax = 4'096;
inline constexpr std::size_t kPageBytesMax = std::size_t{1} << 20;

// What a `page_size` asks for. INVALID_ARGUMENT if it is none.
absl::StatusOr<std::size_t> PageSize(int wanted);
// The end of the key from which a page goes on, which its `page_token` is in hexadecimal.
// INVALID_ARGUMENT if it is none.
absl::StatusOr<std::string> KeyInToken(absl::string_view page_token);

}  // namespace selaras::node
