#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "storage/log/store.h"
#include "storage/vault/wrapping_keys.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// Answers about cases and reports from a store on disk, as of its last commit and of what its node
// had derived by then: everything that is in it, but never who reported. Knows no links, and what
// may be sent only a node can say. `now` is the moment for which time limits are judged.
//
//   NOT_FOUND   no node ever ran on the store, or it keeps no reference data.
absl::StatusOr<std::unique_ptr<CaseSource>> OpenStoredCases(
    std::shared_ptr<const log::StoreReader> store, vault::WrappingKeys wrapping_keys,
    absl::Time now);

}  // namespace selaras::cli
