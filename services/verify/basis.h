#pragma once

#include <memory>

#include "absl/status/statusor.h"

#include "services/node/directory.h"
#include "services/reference/catalogue.h"
#include "storage/log/store.h"

namespace selaras::verify {

// On what the views of a store rest, by its own word: reference data, authorities and peers.
struct Basis {
  std::shared_ptr<const reference::Catalogue> catalogue;
  node::Directory directory;
};

// NOT_FOUND if nothing was derived yet; DATA_LOSS if the row or the reference data that it names
// cannot be understood.
absl::StatusOr<Basis> ReadBasis(const log::StoreReader& store);

}  // namespace selaras::verify
