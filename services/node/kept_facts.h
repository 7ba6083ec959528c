#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "storage/log/store.h"

// What rule 8 lets leave no office: the facts of the private log, as they were corrected.
namespace selaras::node {

using ReadKept = std::function<absl::StatusOr<event::v1::Event>(std::uint64_t sequence)>;

// Those about the case or report of the row, oldest first, without what was taken back. `read`
// gives the entries of the private log `log`. Their leaf hashes are not filled.
absl::StatusOr<storage::v1::SectionFold> FoldKept(const std::string& log,
                                                  const storage::v1::StoredSubject& subject,
                                                  const ReadKept& read);

// The same of a store.
absl::StatusOr<storage::v1::SectionFold> KeptFacts(const log::StoreReader& store,
                                                   const storage::v1::StoredSubject& subject);

}  // namespace selaras::node
