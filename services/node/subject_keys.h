#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/random.h"
#include "storage/log/store.h"
#include "storage/vault/wrapping_keys.h"

namespace selaras::node {

// Rows of keys, wrapped, that are not committed yet: the newest first.
using UncommittedKeys = std::vector<const std::map<std::string, std::string>*>;

// What stands in the row of a key that was destroyed, so that none takes its place.
inline constexpr absl::string_view kErasedKey = "erased";

// What a row says of its key.
struct FoundKey {
  std::optional<std::string> key;  // nothing: none is here, or the wrapping key is not
  bool erased = false;             // nothing for ever: it was destroyed
};

// The keys of authors and their reports and cases, in the store's secrets under keys that are kept
// elsewhere. Thread-safe.
class SubjectKeys {
 public:
  // Both must outlive the object.
  SubjectKeys(const log::StoreReader& store, const vault::WrappingKeys& wrapping)
      : store_(store), wrapping_(wrapping) {}

  // What a row (rows.h) says. Asks `uncommitted`, if given, before the store. DATA_LOSS if the row
  // is damaged.
  absl::StatusOr<FoundKey> Look(const std::string& row, const UncommittedKeys* uncommitted) const;

  // The same for whom it is nothing, whatever the cause.
  absl::StatusOr<std::optional<std::string>> Find(const std::string& row,
                                                  const UncommittedKeys* uncommitted) const;

  // The same for whoever is about to seal: `wrapped` is set if one must be made, and is to be
  // written in this row with the first entry that it seals. FAILED_PRECONDITION with KEY_NOT_HERE
  // if there is one that cannot be read: a second one must not take its place; with ERASED if it
  // was destroyed.
  absl::StatusOr<std::string> FindOrMake(const std::string& row, const UncommittedKeys* uncommitted,
                                         crypto::RandomSource& random,
                                         std::optional<std::string>* wrapped) const;

  // The same of the store for whoever hands it on: empty if there is none, also for no row.
  absl::StatusOr<std::string> KeyOrNone(const std::string& row) const;

  // Whether the key of the row was destroyed.
  absl::StatusOr<bool> IsErased(const std::string& row, const UncommittedKeys* uncommitted) const;

  // To be held by whoever keeps a key that came from elsewhere, from looking at its row to writing
  // it, and by whoever destroys keys, while they are written over.
  std::unique_lock<std::mutex> Hold() const { return std::unique_lock(keeping_); }

  // FAILED_PRECONDITION if secrets of the store are wrapped and the first of them cannot be
  // unwrapped: then the wrapping keys are those of another store, or missing.
  absl::Status CheckFirst() const;

  const vault::WrappingKeys& wrapping() const { return wrapping_; }
  std::string Wrap(const std::string& row, absl::string_view key,
                   crypto::RandomSource& random) const {
    return wrapping_.Wrap(row, key, random);
  }

 private:
  absl::StatusOr<std::optional<std::string>> Wrapped(const std::string& row,
                                                     const UncommittedKeys* uncommitted) const;

  const log::StoreReader& store_;
  const vault::WrappingKeys& wrapping_;
  mutable std::mutex keeping_;
};

}  // namespace selaras::node
