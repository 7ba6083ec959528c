#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/fold.h"
#include "services/node/directory.h"
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
// The same, into an empty message. False if there is none.
absl::StatusOr<bool> LoadSubject(const log::StoreReader& store, absl::string_view key,
                                 storage::v1::StoredSubject* subject);

// The number in a row of the views; 0 if there is none.
absl::StatusOr<std::uint64_t> LoadNumber(const log::StoreReader& store, absl::string_view row);

// Folds one more own entry of the shared log into the row of its case or report. `section` is the
// node's, as far as it is known: what any section may state comes first only where the entries
// before it are lost.
void Fold(const event::v1::Position& position, const base::Digest& leaf_hash,
          const event::v1::Event& event, domain::Section section,
          storage::v1::StoredSubject* subject);

// The section of the segments of a row; none if it has no segment.
domain::Section SectionOf(const storage::v1::StoredSubject& subject);

// The row as it follows from the entries that `listed` names: what an auditor compares with.
absl::StatusOr<storage::v1::StoredSubject> Refold(const log::StoreReader& store,
                                                  const storage::v1::StoredSubject& listed);

// The fact that opened a report; nullptr if the row is none of a report.
const storage::v1::EffectiveFact* OpeningOf(const storage::v1::StoredSubject& report);

// What others wrote about the case, as projected; empty if nothing is here.
absl::StatusOr<storage::v1::StoredCaseView> LoadCaseView(const log::StoreReader& store,
                                                         absl::string_view case_id);

// An entry of another node that is held.
struct HeldEntry {
  event::v1::Position position;
  base::Digest leaf_hash;
  event::v1::Event event;
};
// The one at `position`. DATA_LOSS if it is not held.
absl::StatusOr<HeldEntry> ReadForeign(const log::StoreReader& store,
                                      const event::v1::Position& position);
using ReadHeld = std::function<absl::StatusOr<HeldEntry>(const event::v1::Position&)>;

// Folds one more entry of another node, which the directory lets speak, into the view of its case.
// False if earlier entries of its section are missing: then nothing changes. Of entries that have
// the same number the first of their log stands, whichever came first, so that every node holds the
// same case; the others become contradictions. `read` is asked only then, for what was folded.
absl::StatusOr<bool> FoldForeign(const Directory& directory, const HeldEntry& held,
                                 const ReadHeld& read, storage::v1::StoredCaseView* view);

// Own segments beside the projected ones of others.
domain::CaseFold Combine(absl::string_view case_id, const storage::v1::StoredSubject* subject,
                         const storage::v1::StoredCaseView& view);

}  // namespace selaras::node
