#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/reference/catalogue.h"

// What an answer of a rule rests on, so that a refusal or a view can show it (rule 11), and
// what speaks against it without forbidding it.
namespace selaras::domain {

struct Ground {
  std::string rule;  // id of rules.tsv, or table and row: `violations HD-03`
  std::string text;
  std::string basis;
  reference::Provenance provenance;
};

// Of rules.tsv. A catalogue without it gives one that says so, marked R.
Ground GroundOfRule(absl::string_view rule, const reference::Catalogue& catalogue);
Ground GroundOf(const reference::Violation& violation);
Ground GroundOf(const reference::Sanction& sanction);
Ground GroundOf(const reference::ElectionPeriod& period, absl::string_view election);
Ground GroundOf(const reference::ImposerRule& rule);
Ground GroundOf(const reference::MandateRule& rule);
Ground GroundOf(const reference::Alternate& alternate);

// `PP 94/2021 Ps 35(3) [V2 L1]`.
std::string Describe(const Ground& ground);

// Something that a person should weigh. `code` is UPPER_SNAKE_CASE, for programs.
struct Notice {
  std::string code;
  std::string text;
  std::vector<Ground> grounds;
  std::string about = {};  // the code that it is about, e.g. of a violation; empty: all of it
};

// One notice CONFLICT for each disagreement of sources about that row.
void AddConflicts(absl::string_view table, absl::string_view row,
                  const reference::Catalogue& catalogue, std::vector<Notice>* notices);

}  // namespace selaras::domain
