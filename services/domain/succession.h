#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "selaras/event/v1/fact.pb.h"

#include "services/domain/custody.h"
#include "services/domain/local_date.h"
#include "services/reference/catalogue.h"

// A PPK that stands no more: a ministry that was dissolved or merged, a region that was abolished.
// Its node may never answer again, so who recommended sends the case on without it: to its
// successor, or with a reason to another PPK. What it wrote stays; what it adds is a contradiction.
namespace selaras::domain {

// Row of rules.tsv.
inline constexpr absl::string_view kEndedRule = "ppk_ended";

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

// Refuses (RULE) another addressee than the successor without a reason, naming the successor, but
// for one that is flagged. Writes the reason where it is needed, and marks PPK_ENDED and
// PPK_NO_SUCCESSOR.
absl::Status JudgeSuccession(const SuccessionQuery& query, const Custody& custody,
                             const reference::Catalogue& catalogue,
                             event::v1::SanctionRecommended* fact);

}  // namespace selaras::domain
