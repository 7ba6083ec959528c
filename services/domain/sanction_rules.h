#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/domain/fold.h"
#include "services/domain/marks.h"
#include "services/domain/values.h"
#include "services/reference/catalogue.h"

// Whether a sanction may be recommended or imposed, and by whom it may be signed. What departs from
// the rules is refused unless a reason is given; what cannot be judged is marked.
namespace selaras::domain {

// What a case states of the act and the respondent, for the competent body and the PPK.
struct Accused {
  std::vector<std::string> violations;
  std::string act_day;  // empty: not recorded
  MaybeStatus status;
  std::string position;  // code of the list `position`; empty: not recorded
  std::string region;    // of the respondent's agency
};
// From the newest referral, or the legacy file. Nothing if neither is here.
std::optional<Accused> AccusedOf(const CaseFold& fold);

// The reason for a departure that a command gives.
struct Departure {
  std::string code;  // of the list `departure`; empty: none
  std::string text;
};
// Old rows are taken as they stand; what departs is marked.
inline constexpr absl::string_view kAsRegistered = "register";

struct Ruling {
  std::string violation = {};  // that which decides; empty: none is recorded
  std::string regime = {};     // of the sanction
  std::string departure = {};  // only where it departs
  Marks marks = {};
};

// Judges a sanction of that PPK by the heaviest of the violations, the law of the day of the act,
// and the employment status. FAILED_PRECONDITION with the rule if it departs and no reason is
// given; INVALID_ARGUMENT for an unknown sanction or reason.
absl::StatusOr<Ruling> JudgeSanction(absl::string_view sanction, absl::string_view ppk,
                                     const Accused& accused, const Departure& departure,
                                     const reference::Catalogue& catalogue);

// Whether the official who signed may: by office, against position and government, and by mandate.
// FAILED_PRECONDITION with the rule and who may; no reason helps but that the row is an old one.
// Marks what cannot be judged. INVALID_ARGUMENT for an unknown office or mandate.
absl::Status CheckSignatory(const event::v1::Signatory& signatory, absl::string_view sanction,
                            absl::string_view ppk, const Accused& accused,
                            const Departure& departure, const reference::Catalogue& catalogue,
                            Marks* marks);

// Marks that the PPK decides about one of its own top officials.
void MarkInterest(absl::string_view sanction, absl::string_view ppk, const Accused& accused,
                  const reference::Catalogue& catalogue, Marks* marks);

}  // namespace selaras::domain
