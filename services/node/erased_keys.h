#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/event.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/node/keys.h"
#include "services/node/opener.h"
#include "storage/log/store.h"

// What goes when a case is erased.
namespace selaras::node {

// The row of a case or report (rows.h), as of now.
using SubjectSource = std::function<absl::StatusOr<std::optional<storage::v1::StoredSubject>>(
    const std::string& row)>;

// Rows of the keys that an author destroys with a case: its own ones, and the copies of those of
// other nodes; what other authorities of this node wrote they erase themselves. With the last case
// of a report those of the report, and so on to the one from which it derives, unless something
// else derives from that which is not erased. A report without a case is not erased: it may get
// one. `derivations` says whether kView knows what derives from what; without, no further report
// goes.
absl::StatusOr<std::set<std::string>> KeysErasedWith(const log::StoreReader& store,
                                                     const SubjectSource& subject,
                                                     const std::string& case_id,
                                                     const std::string& author, bool derivations);

// Rows of kView by which a part is found, as `subject` (`case:<id>`, `report:<id>`).
std::set<std::string> LookUpRows(const NodeKeys& keys, const event::v1::PersonalPart& part,
                                 absl::string_view subject);

}  // namespace selaras::node
