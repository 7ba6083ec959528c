#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>

#include "services/domain/deadline.h"
#include "services/domain/decide.h"
#include "services/node/transaction.h"
#include "storage/log/store.h"

namespace selaras::node {

// Decides what a watcher asks for (IsOfWatcher), on what is there at the commit. NOT_HERE_YET while
// entries of the duty-holder are held that were not derived yet.
absl::StatusOr<domain::Decision> DecideForWatcher(const google::protobuf::Message& body,
                                                  const Transaction& transaction,
                                                  const domain::DeadlineRules& rules,
                                                  const log::StoreReader& store, absl::Time now,
                                                  const domain::Call& call);

}  // namespace selaras::node
