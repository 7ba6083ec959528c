#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "storage/log/store.h"

// What operations took by break-glass, and until when it holds.
namespace selaras::node {

// When the BreakGlassOpened of this entry ends, unless it is reviewed before.
absl::Time EndOfBreakGlass(const event::v1::Event& event);
// Whether `now` lies between, and so does all that was written since: a clock that is set back
// makes nothing longer.
absl::StatusOr<bool> IsWithinBreakGlass(const log::StoreReader& store,
                                        const event::v1::Event& event, absl::Time now);

// The newest opening of the report, not reviewed, that lets whoever has this authority and role in
// his certificate see who reported, now; nothing if there is none.
absl::StatusOr<std::optional<event::v1::Position>> OpenBreakGlass(
    const log::StoreReader& store, const storage::v1::StoredSubject& report, absl::string_view by,
    absl::string_view role, absl::Time now);

}  // namespace selaras::node
