#include "services/domain/ground.h"

#include "absl/strings/str_cat.h"

namespace selaras::domain {

Ground GroundOfRule(absl::string_view rule, const reference::Catalogue& catalogue) {
  const reference::LegalRule* found = catalogue.FindRule(rule);
  if (found == nullptr) {
    return Ground{std::string(rule), "", "rules.tsv does not state it", {}};
  }
  return Ground{found->id, found->text, found->basis, found->provenance};
}

Ground GroundOf(const reference::Violation& violation) {
  return Ground{absl::StrCat("violations ", violation.code), violation.text,
                violation.sanction_basis, violation.provenance};
}

Ground GroundOf(const reference::Sanction& sanction) {
  return Ground{absl::StrCat("sanctions ", sanction.code), sanction.text, sanction.regime,
                sanction.provenance};
}

Ground GroundOf(const reference::ElectionPeriod& period, absl::string_view election) {
  return Ground{absl::StrCat("elections ", election),
                absl::StrCat(reference::NameOf(period.stage), " ", period.from.ToIso(), " - ",
                             period.to.ToIso()),
                absl::StrCat("region ", period.region, ", contest ", period.contest),
                period.provenance};
}

Ground GroundOf(const reference::ImposerRule& rule) {
  return Ground{absl::StrCat("authority ", rule.imposer), rule.note, rule.basis, rule.provenance};
}

Ground GroundOf(const reference::MandateRule& rule) {
  return Ground{absl::StrCat("mandates ", rule.mandate), rule.note, rule.basis, rule.provenance};
}

Ground GroundOf(const reference::Alternate& alternate) {
  return Ground{absl::StrCat("alternates ", alternate.authority), alternate.note, alternate.basis,
                alternate.provenance};
}

std::string Describe(const Ground& ground) {
  const absl::string_view gap = ground.provenance.source.empty() ? "" : " ";
  return absl::StrCat(ground.basis, " [", reference::NameOf(ground.provenance.mark), gap,
                      ground.provenance.source, "]");
}

void AddConflicts(absl::string_view table, absl::string_view row,
                  const reference::Catalogue& catalogue, std::vector<Notice>* notices) {
  for (const reference::Conflict* conflict : catalogue.ConflictsOf(table, row)) {
    notices->push_back(
        {"CONFLICT",
         absl::StrCat(row, ": ", conflict->text, " (", conflict->id, ")"),
         {Ground{conflict->id, conflict->text, conflict->table, conflict->provenance}},
         std::string(row)});
  }
}

}  // namespace selaras::domain
