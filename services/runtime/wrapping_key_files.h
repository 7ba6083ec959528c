#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/crypto/random.h"
#include "storage/vault/wrapping_keys.h"

// Keys that wrap those in a store, as files: one folder for each store, outside of it and of every
// backup of it. A file is named by its number, `1.key` being the oldest, and holds one line:
// `selaras-wrapping-key-v1 ` and 64 hexadecimal digits.
namespace selaras::runtime {

// Where they are unless a configuration says something else: beside the store.
std::string WrappingKeysBeside(absl::string_view store);

// Those of the folder; none if there is no such folder. FAILED_PRECONDITION if others can read a
// file, INVALID_ARGUMENT if it holds no such key: the message says which and what mends it.
absl::StatusOr<vault::WrappingKeys> LoadWrappingKeys(const std::string& folder);

// Makes a further key, which wraps from now on, and the folder if there is none, both closed to
// others. All keys of the folder, durable on return. Errors are those of LoadWrappingKeys.
absl::StatusOr<vault::WrappingKeys> MakeWrappingKey(const std::string& folder,
                                                    crypto::RandomSource& random);

// Destroys all keys but the newest, as well as a file can be destroyed: its bytes are written over
// before it goes. The number of them. What only they wrapped is lost for ever. Durable on return;
// may be broken off and done again.
absl::StatusOr<int> DestroyOlderWrappingKeys(const std::string& folder);

}  // namespace selaras::runtime
