#include "services/domain/imposer.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/domain/refusal.h"
#include "storage/base/status.h"

namespace selaras::domain {
namespace {

using reference::Catalogue;
using reference::GovernmentLevel;
using reference::ImposableLevel;
using reference::ImposerRule;
using reference::Sanction;

constexpr absl::string_view kPpk = "ppk";

template <typename Value, typename List>
bool Holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// One of two, or both while it is not known which.
std::vector<std::string> Either(std::optional<bool> first, absl::string_view if_true,
                                absl::string_view if_false) {
  if (!first) return {std::string(if_true), std::string(if_false)};
  return {std::string(*first ? if_true : if_false)};
}

// As what the respondent counts in authority.tsv.
std::vector<std::string> TargetsOf(const ImposerQuery& query) {
  if (query.position == "fungsional") {
    return Either(query.expert_main, "jf_ahli_utama", "jf_lain");
  }
  if (query.position == "jpt_madya") {
    return Either(query.heads_agency, "jpt_madya_ppk", "jpt_madya");
  }
  return {query.position};
}

bool Covers(const ImposerRule& rule, const Sanction& sanction) {
  return std::any_of(rule.levels.begin(), rule.levels.end(), [&](const ImposableLevel& level) {
    return level.level == sanction.level &&
           (level.sanctions.empty() || Holds(level.sanctions, sanction.code));
  });
}

void AddNotices(const ImposerQuery& query, const Sanction& sanction,
                const std::vector<std::string>& targets, bool table, const Catalogue& catalogue,
                ImposerFinding* finding) {
  const auto add = [&](absl::string_view code, std::string text, absl::string_view rule) {
    finding->notices.push_back(
        {std::string(code), std::move(text), {GroundOfRule(rule, catalogue)}, query.position});
  };
  if (targets.size() > 1) {
    add("TARGET_OPEN",
        absl::StrCat(query.position, " counts as ", absl::StrJoin(targets, " or "),
                     "; record which"),
        "imposer_by_position");
  }
  const bool ppk = std::any_of(finding->options.begin(), finding->options.end(),
                               [](const ImposerOption& each) { return each.imposer == kPpk; });
  if (ppk && absl::StartsWith(query.position, "jpt_")) {
    add("PPK_INTEREST", "the PPK decides about a top official of its own and may be who gains",
        "ppk_interest");
  }
  if (!table) {
    add("NO_IMPOSER_TABLE",
        absl::StrCat("authority.tsv has no rows for ", sanction.regime,
                     ": who may impose it is not on record"),
        "imposer_by_position");
  } else if (finding->options.empty()) {
    add("NO_IMPOSER",
        absl::StrCat("no row of authority.tsv gives ", sanction.code, " against ",
                     absl::StrJoin(targets, " or ")),
        "imposer_by_position");
  }
}

}  // namespace

absl::StatusOr<ImposerFinding> FindImposers(const ImposerQuery& query, const Catalogue& catalogue) {
  if (catalogue.FindCode("position", query.position) == nullptr) {
    return BadField("position", absl::StrCat("unknown position \"", query.position, "\""));
  }
  const Sanction* sanction = catalogue.FindSanction(query.sanction);
  if (sanction == nullptr) {
    return BadField("sanction", absl::StrCat("unknown sanction code \"", query.sanction, "\""));
  }
  const std::vector<std::string> targets = TargetsOf(query);
  ImposerFinding finding;
  finding.grounds.push_back(GroundOfRule("imposer_by_position", catalogue));
  bool table = false;
  for (const ImposerRule& rule : catalogue.imposer_rules()) {
    if (!Holds(rule.regimes, sanction->regime)) continue;
    table = true;
    if (!Holds(rule.governments, query.government) || !Covers(rule, *sanction)) continue;
    for (const std::string& target : targets) {
      if (Holds(rule.targets, target)) {
        finding.options.push_back({rule.imposer, target, GroundOf(rule)});
      }
    }
  }
  AddNotices(query, *sanction, targets, table, catalogue, &finding);
  return finding;
}

GovernmentLevel GovernmentOf(const reference::Authority& authority, const Catalogue& catalogue) {
  const reference::Region* region = catalogue.FindRegion(authority.region);
  if (region == nullptr) return GovernmentLevel::kCentral;
  return region->level == reference::RegionLevel::kProvince ? GovernmentLevel::kProvince
                                                            : GovernmentLevel::kRegency;
}

absl::StatusOr<MandateFinding> CheckMandate(absl::string_view mandate,
                                            reference::SanctionLevel level,
                                            const Catalogue& catalogue) {
  if (catalogue.FindCode("mandate", mandate) == nullptr) {
    return BadField("mandate", absl::StrCat("unknown mandate \"", mandate, "\""));
  }
  const reference::MandateRule* rule = catalogue.FindMandate(mandate);
  if (rule == nullptr) {
    return RuleForbids("acting_official",
                       absl::StrCat("mandates.tsv does not say what ", mandate, " may sign"));
  }
  MandateFinding finding;
  finding.may_sign = Holds(rule->levels, level);
  finding.grounds = {GroundOfRule("acting_official", catalogue), GroundOf(*rule)};
  if (!finding.may_sign) {
    finding.notices.push_back(
        {"MANDATE_TOO_WEAK",
         absl::StrCat(mandate, " does not sign sanctions of level ", reference::NameOf(level)),
         finding.grounds, std::string(mandate)});
  }
  return finding;
}

}  // namespace selaras::domain
