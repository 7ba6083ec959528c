#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Parts of entries that only a key holder can read: FORMAT.md, "Sealed parts". Any thread.
namespace selaras::vault {

inline constexpr std::size_t kKeyBytes = 32;
// An entry that seals a part must have a salt of at least so many random bytes.
inline constexpr std::size_t kSaltBytesMin = 16;

// The key of one entry, from that of all entries of its subject and the entry's own salt: it opens
// this entry and none of the others, so it can be handed out alone.
std::string EntryKey(absl::string_view subject_key, absl::string_view salt);

struct Sealed {
  std::string commitment;  // 32 bytes: no second key opens the same ciphertext to something else
  std::string ciphertext;  // 16 bytes longer than what was sealed
};

// Seals. An entry key must never seal two parts: who sees both would learn from each of the other.
// `context` is not stored: who opens must give the same.
Sealed Seal(absl::string_view entry_key, absl::string_view context, absl::string_view plaintext);

// DATA_LOSS if key, context and sealed part do not belong together: nothing of it is told.
absl::StatusOr<std::string> Open(absl::string_view entry_key, absl::string_view context,
                                 const Sealed& sealed);

}  // namespace selaras::vault
