#include "services/domain/discipline.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using reference::Catalogue;
using reference::EmploymentStatus;
using reference::PppkSanction;
using reference::Sanction;
using reference::Violation;

absl::StatusOr<const Violation*> Find(absl::string_view code, const Catalogue& catalogue) {
  const Violation* violation = catalogue.FindViolation(code);
  if (violation != nullptr) return violation;
  return BadField("violation", absl::StrCat("unknown violation code \"", code, "\""));
}

bool HoldsFor(const Sanction& sanction, const std::optional<LocalDate>& act) {
  return !act || IsValidOn(sanction, *act);
}

// What stands for the sanction on that day; nullptr if it is in force itself.
const Sanction* SubstituteOf(const Sanction& sanction, const std::optional<LocalDate>& act,
                             const Catalogue& catalogue) {
  for (const Sanction& each : catalogue.sanctions()) {
    if (each.replaces == sanction.code && HoldsFor(each, act)) return &each;
  }
  return nullptr;
}

// The rows of an agency's own table that hold on that day.
std::vector<const PppkSanction*> OwnTable(const SanctionQuery& query, const Catalogue& catalogue) {
  std::vector<const PppkSanction*> own;
  for (const PppkSanction& each : catalogue.pppk_sanctions()) {
    if (each.authority == query.ppk && (!query.act || IsValidOn(each, *query.act))) {
      own.push_back(&each);
    }
  }
  return own;
}

void AddSanctions(const SanctionQuery& query, const std::vector<const PppkSanction*>& own,
                  const Catalogue& catalogue, AdmissibleSanctions* found) {
  for (const Sanction& sanction : catalogue.sanctions()) {
    if (sanction.level != found->level || sanction.applies_to != query.status ||
        !HoldsFor(sanction, query.act)) {
      continue;
    }
    AdmissibleSanction one{&sanction, sanction.text, {}, GroundOf(sanction)};
    if (query.status == EmploymentStatus::kPppk && !own.empty()) {
      const auto row = std::find_if(own.begin(), own.end(), [&](const PppkSanction* each) {
        return each->code == sanction.code;
      });
      if (row == own.end()) continue;
      one.text = (*row)->text;
      one.ground = Ground{absl::StrCat("pppk_sanctions ", query.ppk), one.text, (*row)->basis,
                          (*row)->provenance};
    }
    if (const Sanction* other = SubstituteOf(sanction, query.act, catalogue)) {
      one.replaced_by = other->code;
    }
    AddConflicts("sanctions", sanction.code, catalogue, &found->notices);
    found->sanctions.push_back(std::move(one));
  }
}

void AddNotices(const SanctionQuery& query, bool own_table, const Catalogue& catalogue,
                AdmissibleSanctions* found) {
  const auto add = [&](absl::string_view code, std::string text, absl::string_view rule) {
    found->notices.push_back(
        {std::string(code), std::move(text), {GroundOfRule(rule, catalogue)}, query.violation});
  };
  const reference::LegalRule* level = catalogue.FindRule("level_by_violation");
  if (!query.act) {
    add("ACT_DATE_OPEN",
        "the day of the act is not recorded: the sanctions of every time are listed",
        "regime_by_act_date");
  } else if (level != nullptr && !query.violation.empty() && !IsValidOn(*level, *query.act)) {
    add("LEVEL_OF_LATER_RULE",
        absl::StrCat("the level is that of a rule which did not hold on ", query.act->ToIso()),
        "level_by_violation");
  }
  if (query.status == EmploymentStatus::kPppk && !own_table) {
    add("PPPK_TABLE_OPEN",
        query.ppk.empty() ? std::string("the PPK is not recorded, and each has its own table")
                          : absl::StrCat("the table of ", query.ppk, " is not in the catalogue"),
        "pppk_own_table");
  }
  if (found->sanctions.empty()) {
    add("NO_SANCTION",
        absl::StrCat("no sanction of level ", reference::NameOf(found->level), " for ",
                     reference::NameOf(query.status), " is on record",
                     query.act ? absl::StrCat(" for an act of ", query.act->ToIso()) : ""),
        "regime_by_act_date");
  }
}

// Why the sanction is not among the admissible ones.
Notice Misfit(const SanctionQuery& query, const Sanction& sanction,
              const AdmissibleSanctions& admissible, const Catalogue& catalogue) {
  const auto notice = [&](absl::string_view code, std::string text, absl::string_view rule) {
    return Notice{std::string(code),
                  std::move(text),
                  {GroundOfRule(rule, catalogue), GroundOf(sanction)},
                  sanction.code};
  };
  if (sanction.applies_to != query.status) {
    return notice("SANCTION_STATUS",
                  absl::StrCat(sanction.code, " is for ", reference::NameOf(sanction.applies_to),
                               ", the respondent is ", reference::NameOf(query.status)),
                  "pppk_own_table");
  }
  if (sanction.level != admissible.level) {
    return notice("SANCTION_LEVEL",
                  absl::StrCat(sanction.code, " is ", reference::NameOf(sanction.level), ", ",
                               query.violation, " leads to ", reference::NameOf(admissible.level)),
                  "level_by_violation");
  }
  if (!HoldsFor(sanction, query.act)) {
    return notice("SANCTION_REGIME",
                  absl::StrCat(sanction.code, " (", sanction.regime, ") did not hold on ",
                               query.act ? query.act->ToIso() : "", ", the day of the act"),
                  "regime_by_act_date");
  }
  return notice("SANCTION_OF_OTHER_AGENCY",
                absl::StrCat(query.ppk, " has no sanction ", sanction.code, " in its table"),
                "pppk_own_table");
}

// The sanctions of the level that was found.
void AddOfLevel(const SanctionQuery& query, const Catalogue& catalogue,
                AdmissibleSanctions* found) {
  found->grounds.push_back(GroundOfRule("regime_by_act_date", catalogue));
  const auto own = OwnTable(query, catalogue);
  AddSanctions(query, own, catalogue, found);
  AddNotices(query, !own.empty(), catalogue, found);
}

// Without a violation the sanction's own level holds, so that status and time are still judged.
absl::StatusOr<AdmissibleSanctions> FindFor(const SanctionQuery& query, const Sanction& sanction,
                                            const Catalogue& catalogue) {
  if (!query.violation.empty()) return FindAdmissibleSanctions(query, catalogue);
  AdmissibleSanctions found;
  found.level = sanction.level;
  found.notices.push_back({"VIOLATION_OPEN",
                           "no violation is recorded: the level cannot be judged",
                           {GroundOfRule("level_by_violation", catalogue)},
                           sanction.code});
  AddOfLevel(query, catalogue, &found);
  return found;
}

}  // namespace

absl::StatusOr<AdmissibleSanctions> FindAdmissibleSanctions(const SanctionQuery& query,
                                                            const Catalogue& catalogue) {
  ASSIGN_OR_RETURN(const Violation* violation, Find(query.violation, catalogue));
  AdmissibleSanctions found;
  found.level = violation->sanction_level;
  found.grounds = {GroundOf(*violation), GroundOfRule("level_by_violation", catalogue)};
  AddConflicts("violations", violation->code, catalogue, &found.notices);
  AddOfLevel(query, catalogue, &found);
  return found;
}

absl::StatusOr<SanctionFit> CheckSanctionFits(const SanctionQuery& query, absl::string_view code,
                                              const Catalogue& catalogue) {
  const Sanction* sanction = catalogue.FindSanction(code);
  if (sanction == nullptr) {
    return BadField("sanction", absl::StrCat("unknown sanction code \"", code, "\""));
  }
  ASSIGN_OR_RETURN(AdmissibleSanctions admissible, FindFor(query, *sanction, catalogue));
  const auto among =
      std::find_if(admissible.sanctions.begin(), admissible.sanctions.end(),
                   [&](const AdmissibleSanction& each) { return each.sanction == sanction; });
  SanctionFit fit;
  if (among == admissible.sanctions.end()) {
    fit.notices.push_back(Misfit(query, *sanction, admissible, catalogue));
  } else if (!among->replaced_by.empty()) {
    fit.notices.push_back(
        {"SANCTION_NOT_IN_FORCE",
         absl::StrCat(code, " is not in force yet; ", among->replaced_by, " stands for it"),
         {GroundOfRule("transition_substitutes", catalogue)},
         std::string(code)});
  }
  fit.fits = fit.notices.empty();
  for (Notice& notice : admissible.notices) fit.notices.push_back(std::move(notice));
  return fit;
}

absl::StatusOr<HeaviestViolation> FindHeaviest(std::span<const std::string> violations,
                                               const Catalogue& catalogue) {
  if (violations.empty()) return BadField("violations", "is required: there is none");
  HeaviestViolation found;
  for (const std::string& code : violations) {
    ASSIGN_OR_RETURN(const Violation* violation, Find(code, catalogue));
    // The levels are declared from the lightest to the heaviest.
    if (found.violation == nullptr || violation->sanction_level > found.violation->sanction_level) {
      found.violation = violation;
    }
    AddConflicts("violations", code, catalogue, &found.notices);
  }
  found.reason =
      absl::StrCat("of ", violations.size(),
                   violations.size() == 1 ? " violation " : " violations ", found.violation->code,
                   " is the heaviest: ", reference::NameOf(found.violation->sanction_level));
  found.grounds = {GroundOfRule("one_heaviest", catalogue), GroundOf(*found.violation)};
  return found;
}

}  // namespace selaras::domain
