#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"

#include "services/domain/custody.h"
#include "services/domain/fold.h"
#include "services/domain/local_date.h"
#include "services/reference/catalogue.h"

// A PPK that stands no more: a ministry that was dissolved or merged, a region that was abolished.
// Its node may never answer again, so who recommended sends the case on without it: to its
// successor, or with a reason to another PPK. What it wrote stays; what it adds is a contradiction.
//
// What it had decided holds: nobody decides twice. The recommendation to the successor names the
// sanction that was imposed, by the mark PPK_HAD_DECIDED. The successor, which has its files and
// may never see its log, records that decision with its number and day, as from a register, and
// then what followed and follows: objection, appeal, revocation.
namespace selaras::domain {

// Row of rules.tsv.
inline constexpr absl::string_view kEndedRule = "ppk_ended";
// Code of a mark.
inline constexpr absl::string_view kHadDecided = "PPK_HAD_DECIDED";

// Whether the authority had ended by that day. A day that is not recorded ends nothing.
bool HasEnded(absl::string_view authority, std::optional<LocalDate> day,
              const reference::Catalogue& catalogue);

// Whether the catalogue says on which day it ends, before or after today.
bool EndsOnce(absl::string_view authority, const reference::Catalogue& catalogue);

// Why a recommendation may not go past the PPK that has it, in words, with what to do instead.
std::string WhyItKeepsTheCase(absl::string_view ppk, std::optional<LocalDate> day,
                              const reference::Catalogue& catalogue);

// What a recommendation past a PPK that has ended says.
struct SuccessionQuery {
  absl::string_view writer;  // who recommends
  absl::string_view had;     // the PPK that has ended
  absl::string_view to;      // the PPK addressed
  LocalDate day;
  absl::string_view departure;  // code of the list `departure`, checked; empty: none
};

// What a PPK that ended had imposed and may not be decided again, as the last recommendation says;
// empty if nothing.
std::string HadDecided(const CaseFold& fold);

// The same for the next recommendation, which goes past a PPK that has ended (empty: it does not).
std::string ImposedBefore(const CaseFold& fold, absl::string_view ended);

// Marks PPK_HAD_DECIDED in a recommendation, with the sanction imposed; empty: nothing was. Refuses
// (RULE) another sanction.
absl::Status TellDecided(absl::string_view imposed, event::v1::SanctionRecommended* fact);

// Refuses (RULE) a move of the successor that would decide again: any other sanction than the one
// imposed, or, with an empty one, anything that leads to no sanction or another inquiry.
absl::Status CheckNotDecided(const CaseFold& fold, absl::string_view sanction);

// Refuses (RULE) another addressee than the successor without a reason, naming the successor, but
// for one that is flagged. Writes the reason where it is needed, and marks PPK_ENDED and
// PPK_NO_SUCCESSOR.
absl::Status JudgeSuccession(const SuccessionQuery& query, const Custody& custody,
                             const reference::Catalogue& catalogue,
                             event::v1::SanctionRecommended* fact);

}  // namespace selaras::domain
