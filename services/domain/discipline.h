#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/domain/ground.h"
#include "services/domain/local_date.h"
#include "services/reference/catalogue.h"

// Which sanctions the law has for a violation. It tells; whether a command is refused for it is
// for the one who decides.
namespace selaras::domain {

struct SanctionQuery {
  std::string violation;
  std::optional<LocalDate> act;  // the law of that day holds; absent: not recorded
  reference::EmploymentStatus status = reference::EmploymentStatus::kPns;
  std::string ppk = {};  // authority, for PPPK, whose table is its own; may be empty
};

struct AdmissibleSanction {
  const reference::Sanction* sanction = nullptr;
  std::string text;  // the agency's own words for its PPPK
  // While it is not in force: what stands for it. Empty if it is in force.
  std::string replaced_by;
  Ground ground;
};

struct AdmissibleSanctions {
  reference::SanctionLevel level = reference::SanctionLevel::kMoral;
  std::vector<AdmissibleSanction> sanctions;  // in the order of sanctions.tsv
  std::vector<Ground> grounds;
  // ACT_DATE_OPEN: all regimes are listed. LEVEL_OF_LATER_RULE: the level stands in a rule that is
  // younger than the act. PPPK_TABLE_OPEN: the agency's own table is not in the catalogue.
  // NO_SANCTION: nothing of that level is on record for that day and status. CONFLICT.
  std::vector<Notice> notices;
};

// INVALID_ARGUMENT for an unknown violation.
absl::StatusOr<AdmissibleSanctions> FindAdmissibleSanctions(const SanctionQuery& query,
                                                            const reference::Catalogue& catalogue);

struct SanctionFit {
  bool fits = true;
  // Why not, in the first notice: SANCTION_LEVEL, SANCTION_STATUS, SANCTION_REGIME (another law
  // held on the day of the act), SANCTION_NOT_IN_FORCE, SANCTION_OF_OTHER_AGENCY. Then those of
  // FindAdmissibleSanctions.
  std::vector<Notice> notices;
};

// Without a violation it is judged by status and time alone (VIOLATION_OPEN). INVALID_ARGUMENT for
// an unknown violation or sanction.
absl::StatusOr<SanctionFit> CheckSanctionFits(const SanctionQuery& query,
                                              absl::string_view sanction,
                                              const reference::Catalogue& catalogue);

struct HeaviestViolation {
  const reference::Violation* violation = nullptr;  // the first of the heaviest
  std::string reason;
  std::vector<Ground> grounds;
  std::vector<Notice> notices;  // conflicts about the level of any of them
};

// Several violations lead to one sanction, of the heaviest level. INVALID_ARGUMENT if there is
// none or one is unknown.
absl::StatusOr<HeaviestViolation> FindHeaviest(std::span<const std::string> violations,
                                               const reference::Catalogue& catalogue);

}  // namespace selaras::domain
