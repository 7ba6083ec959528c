#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "selaras/event/v1/types.pb.h"
#include "selaras/query/v1/query.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/node/directory.h"
#include "storage/log/store.h"

// What was known at an earlier moment: the same entries up to then, folded by the same code. Never
// what was recorded, corrected or taken back later; what happened when is another question.
namespace selaras::node {

// A moment and whose knowledge is meant.
struct Moment {
  // Known is what came before: the end of a day.
  absl::Time end;
  // What the authors had recorded; else what this node held.
  bool by_authors = false;
};

// INVALID_ARGUMENT if it is no day, no zone, or a day after today, by `now`.
absl::StatusOr<Moment> MomentOf(const query::v1::AsKnown& as_known, absl::Time now);

// Since when this node holds an entry of its shared log or of a mirror, by its own clock: of its
// own since it was recorded. Nothing if that was not noted, or the entry is not held.
absl::StatusOr<std::optional<absl::Time>> HeldSince(const log::StoreReader& store,
                                                    const event::v1::Position& position);

// Whether it was known then: an entry of the shared log or of a mirror that is held now. One of
// which it was not noted when it came counts as held since its author recorded it.
absl::StatusOr<bool> KnownThen(const log::StoreReader& store, const event::v1::Position& position,
                               const Moment& moment);

// Own sections as they were then. Of the lists of the row, `shared` and `private` are cut.
absl::StatusOr<storage::v1::StoredSubject> SubjectThen(const log::StoreReader& store,
                                                       const storage::v1::StoredSubject& now,
                                                       const Moment& moment);

// What others had written then, as far as it is here now. Without a cursor.
absl::StatusOr<storage::v1::StoredCaseView> ViewThen(const log::StoreReader& store,
                                                     const Directory& directory,
                                                     const storage::v1::StoredCaseView& now,
                                                     const Moment& moment);

}  // namespace selaras::node
