#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"
#include "selaras/storage/v1/storage.pb.h"

#include "services/domain/custody.h"
#include "services/domain/local_date.h"
#include "services/domain/marks.h"
#include "services/reference/catalogue.h"

// Conflicts of interest: an authority is flagged, and who recommends does not send the case there
// without a reason. A flag stays in the office that raises it: its reason and words may tell who
// spoke (rule 8). That a PPK is flagged is a fact about the PPK, which the competent body needs: it
// goes with the referral, and what it decided with the recommendation, as marks.
namespace selaras::domain {

// Row of rules.tsv.
inline constexpr absl::string_view kConflictRule = "conflict_of_interest";

// Code of the mark in a referral about each PPK that its office had flagged.
inline constexpr absl::string_view kFlagTold = "PPK_FLAGGED_BY_SENDER";

// Marks in a referral the PPKs that its writer has flagged.
void TellFlags(const Custody& custody, absl::string_view writer,
               const reference::Catalogue& catalogue, Marks* marks);

// The newest flag against the authority on which the writer of the section may act: one of its own,
// or one that the parties see, if only as a mark of the last referral. nullptr if none stands.
const storage::v1::EffectiveFact* FlagAgainst(const Custody& custody, Section section,
                                              absl::string_view writer,
                                              absl::string_view authority);

// Who has the case, or is to take it in, after the section's last stint; empty if nobody.
absl::string_view NextIn(const Custody& custody, Section section);

// The PPK that decides instead on that day: the first in alternates.tsv, from one to the next, that
// stands and is not flagged itself. nullptr if none is on record.
const reference::Alternate* InsteadOf(absl::string_view ppk, std::optional<LocalDate> day,
                                      const Custody& custody, absl::string_view writer,
                                      const reference::Catalogue& catalogue);

// What a recommendation says of flags.
struct ConflictQuery {
  absl::string_view writer;     // who recommends
  absl::string_view to;         // the PPK addressed
  absl::string_view otherwise;  // the PPK that would have been addressed
  std::optional<LocalDate> day;
  absl::string_view departure;  // code of the list `conflict_departure`, checked; empty: none
};

// Refuses (RULE) a flagged addressee without a reason, naming who decides instead. Writes the
// reason where it is needed, and marks what a flag decided: PPK_FLAGGED, PPK_AVOIDED.
absl::Status JudgeConflict(const ConflictQuery& query, const Custody& custody,
                           const reference::Catalogue& catalogue,
                           event::v1::SanctionRecommended* fact);

}  // namespace selaras::domain
