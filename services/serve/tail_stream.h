#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"

#include "selaras/ledger/v1/ledger.pb.h"

#include "services/rpc/service.h"
#include "services/serve/tails.h"

namespace selaras::serve {

// What a tail reads from.
struct TailSource {
  std::function<std::uint64_t()> size;
  std::function<absl::StatusOr<ledger::v1::EntryRecord>(std::uint64_t sequence)> record;
};

// Adds TailEntries: sends entries from the requested place on, then waits for more, until the
// caller goes or the node drains. One entry is under way at a time, so a slow reader costs nothing.
void AddTail(rpc::Service& service, Tails& tails,
             std::function<absl::StatusOr<TailSource>(const ledger::v1::TailEntriesRequest&,
                                                      const rpc::CallInfo&)>
                 open);

}  // namespace selaras::serve
