#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/reference/catalogue.h"
#include "tools/selaras/node.h"

namespace selaras::cli {

// The reference data that a node or store keeps under that digest; the one in use if it is empty.
// DATA_LOSS if the bytes do not have the digest that was stated.
absl::StatusOr<std::shared_ptr<const reference::Catalogue>> FetchCatalogue(
    Ledger& ledger, const std::string& digest);

}  // namespace selaras::cli
