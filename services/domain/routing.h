#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/domain/ground.h"
#include "services/domain/local_date.h"
#include "services/reference/catalogue.h"

// To whom a case goes.
namespace selaras::domain {

struct Addressee {
  const reference::Authority* authority = nullptr;
  std::vector<Ground> grounds;
  // AGENCY_UNKNOWN: its name is not in agencies.tsv, the region decided. SUCCEEDED: the authority
  // that was asked for had ended, its successor stands here. AGENCY_OF_OTHER_REGION.
  std::vector<Notice> notices;
};

// The PPK that decides about a respondent: of the agency by its name, where it is known, for a
// local office of a central agency has the PPK of that agency; else of the region. `day` is that of
// the decision to send. INVALID_ARGUMENT if neither leads to a PPK; FAILED_PRECONDITION if none
// stands on that day.
absl::StatusOr<Addressee> FindPpk(absl::string_view agency_name, absl::string_view region,
                                  LocalDate day, const reference::Catalogue& catalogue);

// Who stands for a PPK on a day: itself, or else the first of its successors that does; nullptr if
// none does or the catalogue does not know it.
const reference::Authority* StandingFor(absl::string_view ppk, LocalDate day,
                                        const reference::Catalogue& catalogue);

// Whether a case may be sent to that PPK on that day. INVALID_ARGUMENT for `field` if it is no PPK;
// FAILED_PRECONDITION if it does not stand on that day, naming who does. A day that is not recorded
// forbids nothing.
absl::Status CheckPpk(absl::string_view field, absl::string_view ppk, std::optional<LocalDate> day,
                      const reference::Catalogue& catalogue);

// Who receives referrals that are decided on that day. FAILED_PRECONDITION if nobody did.
absl::StatusOr<Addressee> FindReferralBody(LocalDate day, const reference::Catalogue& catalogue);

}  // namespace selaras::domain
