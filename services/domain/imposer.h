#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/domain/ground.h"
#include "services/reference/catalogue.h"

// Who may impose a sanction, and whether an official may sign it.
namespace selaras::domain {

struct ImposerQuery {
  std::string position;                   // code of the list `position`
  std::optional<bool> expert_main = {};   // of `fungsional`: whether it is an ahli utama
  std::optional<bool> heads_agency = {};  // of `jpt_madya`: whether the respondent is a PPK
  reference::GovernmentLevel government = reference::GovernmentLevel::kCentral;
  std::string sanction;
};

struct ImposerOption {
  std::string imposer;  // code of the list `imposer`
  std::string target;   // code of the list `sanction_target`: as what the respondent counts
  Ground ground;
};

struct ImposerFinding {
  std::vector<ImposerOption> options;  // in the order of authority.tsv; none: see the notices
  std::vector<Ground> grounds;
  // TARGET_OPEN: the position alone does not decide. PPK_INTEREST: the PPK decides about one of
  // its own top officials and may be who gains. NO_IMPOSER_TABLE: the law of this sanction has no
  // rows. NO_IMPOSER: none of its rows fits.
  std::vector<Notice> notices;
};

// INVALID_ARGUMENT for an unknown position or sanction.
absl::StatusOr<ImposerFinding> FindImposers(const ImposerQuery& query,
                                            const reference::Catalogue& catalogue);

// Of the authority's region; central without one.
reference::GovernmentLevel GovernmentOf(const reference::Authority& authority,
                                        const reference::Catalogue& catalogue);

struct MandateFinding {
  bool may_sign = false;
  std::vector<Ground> grounds;
  std::vector<Notice> notices;  // MANDATE_TOO_WEAK
};

// Whether an official with that mandate (code of the list `mandate`) signs sanctions of a level.
// INVALID_ARGUMENT for an unknown mandate; FAILED_PRECONDITION if mandates.tsv is silent about it.
absl::StatusOr<MandateFinding> CheckMandate(absl::string_view mandate,
                                            reference::SanctionLevel level,
                                            const reference::Catalogue& catalogue);

}  // namespace selaras::domain
