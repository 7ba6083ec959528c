#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "services/domain/fold.h"
#include "services/domain/marks.h"
#include "services/reference/catalogue.h"

// The ways against a sanction, keberatan and banding, and what may become of it. Both refuse (RULE)
// with the row of rules.tsv and what would do.
namespace selaras::domain {

// The way to BPASN; the other one is `keberatan`, about which the PPK decides.
inline constexpr absl::string_view kBanding = "banding";

// Code of the sanction in force: as decided, or as an objection changed it last. Empty if the
// section's last stint states none. `before`: as it was when that fact of it was stated.
std::string SanctionInForce(const CaseFold& fold, const event::v1::Position* before = nullptr);

// Whether the way is open against the sanction: BPASN takes only what sanctions.tsv gives it, and
// what BPASN takes no PPK decides. `departure` `register` takes an old row as it stands. Marks what
// departs (APPEAL_ROUTE) or cannot be told (APPEAL_ROUTE_OPEN).
absl::Status CheckAppealRoute(absl::string_view route, absl::string_view sanction,
                              absl::string_view departure, const reference::Catalogue& catalogue,
                              Marks* marks);

// Whether the outcome, a code of the list `appeal_outcome`, goes with the sanction that it states,
// where `in_force` was the one before. Of two sanctions of one level none is called heavier.
// INVALID_ARGUMENT for a sanction that is missing.
absl::Status CheckAppealOutcome(absl::string_view outcome, absl::string_view sanction,
                                absl::string_view in_force, const reference::Catalogue& catalogue);

}  // namespace selaras::domain
