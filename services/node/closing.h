#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "storage/base/number.h"
#include "storage/log/store.h"

// What it means for a node that its logs are closed and go on in successors: beside the entries
// there is what was kept of requests, cases and reports, and that must be true of what is left.
namespace selaras::node {

struct Closing {
  base::TreeSize shared;
  base::TreeSize private_;  // what of the private log does not belong to what is cut off
  // Changes of the store's rows. Answers to requests that are cut off go: whoever repeats one is
  // heard again. Cases and reports are folded again. What was derived goes, and with it the name of
  // the disclosure lists, so that peers read them again; but places in the list of changes stay,
  // because back offices remember them, and what is known of the peers' own logs.
  std::vector<log::RowWrite> rows;
};

// For a store that no node runs on. OUT_OF_RANGE if the shared log is shorter than `size`;
// FAILED_PRECONDITION if that stands within the entries of one request, which are one unit;
// DATA_LOSS if the store cannot give what it should.
absl::StatusOr<Closing> CloseAt(const log::StoreReader& store, base::TreeSize size);

}  // namespace selaras::node
