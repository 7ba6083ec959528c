#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/fold.h"
#include "storage/log/log_reader.h"
#include "storage/log/store.h"

// Own sections as of the last commit, and what this node knows of a case altogether.
namespace selaras::node {

// Parses an entry. DATA_LOSS if the bytes are no event.
absl::StatusOr<event::v1::Event> ParseEvent(absl::string_view bytes);

// The entry at `sequence`. NOT_FOUND if it was not disclosed to this node.
absl::StatusOr<event::v1::Event> ReadEvent(const log::LogReader& log, base::Sequence sequence);

// The row of a case or report; nothing if there is none. A row of older folding code is folded
// again from the entries that it lists.
absl::StatusOr<std::optional<storage::v1::StoredSubject>> LoadSubject(const log::StoreReader& store,
                                                                      absl::string_view key);

// The row as it follows from the entries that `listed` names: what an auditor compares with.
absl::StatusOr<storage::v1::StoredSubject> Refold(const log::StoreReader& store,
                                                  const storage::v1::StoredSubject& listed);

// What others wrote about the case, as projected; empty if nothing is here.
absl::StatusOr<storage::v1::StoredCaseView> LoadCaseView(const log::StoreReader& store,
                                                         absl::string_view case_id);

// Own section over the projected sections of others.
domain::CaseFold Combine(absl::string_view case_id, domain::Section own,
                         const storage::v1::StoredSubject* subject,
                         const storage::v1::StoredCaseView& view);

}  // namespace selaras::node
