#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/random.h"

namespace selaras::vault {

// The keys under which keys of subjects are kept in a store. They themselves are kept elsewhere, so
// that neither the store nor a backup of it opens anything: to destroy one of them is to destroy
// what it wraps, in every copy that was ever made. Never changes. Any thread.
class WrappingKeys {
 public:
  static constexpr std::size_t kIdBytes = 8;

  // Without keys: unwraps nothing.
  WrappingKeys() = default;
  // 32 random bytes each, the newest last: that one wraps.
  explicit WrappingKeys(const std::vector<std::string>& keys);

  bool empty() const { return newest_.empty(); }
  // Name of the key that wraps; of no use to whoever does not have it.
  const std::string& newest_id() const { return newest_; }

  // The key, readable with the newest of these. `context` is not stored: who unwraps must give the
  // same. There must be a key.
  std::string Wrap(absl::string_view context, absl::string_view key,
                   crypto::RandomSource& random) const;

  // FAILED_PRECONDITION if none of these wrapped it, DATA_LOSS if it is damaged or the context
  // another one.
  absl::StatusOr<std::string> Unwrap(absl::string_view context, absl::string_view wrapped) const;

  // Name of the key that is needed to unwrap; empty if the bytes are no wrapped key.
  static absl::string_view IdOf(absl::string_view wrapped);

 private:
  std::map<std::string, std::string, std::less<>> keys_;  // by id
  std::string newest_;
};

}  // namespace selaras::vault
