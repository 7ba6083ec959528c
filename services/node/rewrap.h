#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"

#include "storage/crypto/random.h"
#include "storage/log/store.h"
#include "storage/vault/wrapping_keys.h"

namespace selaras::node {

struct Rewrapped {
  std::uint64_t secrets = 0;  // that are under the newest key now
  std::uint64_t erased = 0;   // keys that were destroyed before: nothing of them is left
};

// Puts every secret of a store that no node runs on under the newest of these keys, and replaces
// the key of look-ups: what was derived with it is forgotten, and derived anew at the next start.
// When the other wrapping keys are destroyed afterwards, nobody can open what an older file or
// backup of the store holds, and what was erased is gone. Durable on return. May be broken off and
// done again. FAILED_PRECONDITION if none of these keys wrapped a secret, DATA_LOSS if one is
// damaged.
absl::StatusOr<Rewrapped> Rewrap(log::Store& store, const vault::WrappingKeys& keys,
                                 crypto::RandomSource& random,
                                 const std::function<void(std::uint64_t done)>& progress);

}  // namespace selaras::node
