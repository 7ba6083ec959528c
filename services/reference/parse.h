#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/reference/index.h"
#include "services/reference/rows.h"

// One function per table: from text to checked rows. What a table refers to is handed
// in, so the arguments show the order in which tables can be read.
namespace selaras::reference {

absl::StatusOr<Index<Region>> ParseRegions(absl::string_view text);

// Rows whose id holds `{PP}` or `{PP.KK}` stand for every province, or every kabupaten
// and kota; a row with the id written out wins over them.
absl::StatusOr<Index<Authority>> ParseAuthorities(absl::string_view text,
                                                  const Index<Region>& regions);

absl::StatusOr<Index<Sanction>> ParseSanctions(absl::string_view text);
absl::StatusOr<Index<Violation>> ParseViolations(absl::string_view text,
                                                 const Index<Sanction>& sanctions);
absl::StatusOr<Index<DisciplineClause>> ParseClauses(absl::string_view text,
                                                     const Index<Sanction>& sanctions);
absl::StatusOr<std::vector<ImposerRule>> ParseImposerRules(absl::string_view text);

using CodeLists = std::map<std::string, std::vector<Code>, std::less<>>;
absl::StatusOr<CodeLists> ParseCodes(absl::string_view text);
bool Has(const CodeLists& codes, absl::string_view list, absl::string_view code);
absl::StatusOr<Index<Golongan>> ParseGolongan(absl::string_view text);

absl::StatusOr<Index<Election>> ParseElections(absl::string_view text, const Index<Region>& regions,
                                               const CodeLists& codes);
absl::StatusOr<Index<Holiday>> ParseHolidays(absl::string_view text);
absl::StatusOr<Index<Deadline>> ParseDeadlines(absl::string_view text);

}  // namespace selaras::reference
