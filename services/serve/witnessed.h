#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "storage/base/number.h"
#include "storage/log/policy.h"
#include "storage/log/store.h"

// Which published checkpoints of the own shared log a node's policy accepts. Fails closed:
// FAILED_PRECONDITION, NOT_WITNESSED, says what is missing, also if there is no policy.
namespace selaras::serve {

// The oldest that covers the entry. Of many that the policy does not accept only the first
// thousand and the newest ones are tried.
absl::StatusOr<log::SignedCheckpoint> OldestWitnessed(const log::StoreReader& store,
                                                      const std::optional<log::Policy>& policy,
                                                      base::Sequence covered);

// The newest, among the newest few.
absl::StatusOr<log::SignedCheckpoint> NewestWitnessed(const log::StoreReader& store,
                                                      const std::optional<log::Policy>& policy);

}  // namespace selaras::serve
