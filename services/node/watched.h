#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/deadline_watch.h"
#include "storage/log/store.h"

namespace selaras::node {

// Own row of a case or report by its key of kState; nullptr if there is none. Valid until
// LoadWatched() returns.
using SubjectLookUp =
    std::function<absl::StatusOr<const storage::v1::StoredSubject*>(const std::string& key)>;

// What time limits of the subject, `case:<id>` or `report:<id>`, are computed from: own sections by
// `look_up`, those of others as projected. A subject of which nothing is here has no facts.
absl::StatusOr<domain::WatchedSubject> LoadWatched(const log::StoreReader& store,
                                                   absl::string_view subject,
                                                   const SubjectLookUp& look_up);

}  // namespace selaras::node
