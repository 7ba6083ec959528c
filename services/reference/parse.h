#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/reference/deadline_rows.h"
#include "services/reference/figure_rows.h"
#include "services/reference/index.h"
#include "services/reference/law_rows.h"
#include "services/reference/office_rows.h"
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

using CodeLists = std::map<std::string, std::vector<Code>, std::less<>>;
absl::StatusOr<CodeLists> ParseCodes(absl::string_view text);
bool Has(const CodeLists& codes, absl::string_view list, absl::string_view code);
absl::StatusOr<Index<Golongan>> ParseGolongan(absl::string_view text);

absl::StatusOr<Index<Election>> ParseElections(absl::string_view text, const Index<Region>& regions,
                                               const CodeLists& codes);
absl::StatusOr<std::vector<ImposerRule>> ParseImposerRules(absl::string_view text,
                                                           const CodeLists& codes,
                                                           const Index<Sanction>& sanctions);
absl::StatusOr<Index<MandateRule>> ParseMandates(absl::string_view text, const CodeLists& codes);
absl::StatusOr<std::vector<PppkSanction>> ParsePppkSanctions(absl::string_view text,
                                                             const Index<Authority>& authorities,
                                                             const Index<Sanction>& sanctions);
absl::StatusOr<std::vector<SbtState>> ParseSbtStates(absl::string_view text,
                                                     const CodeLists& codes);
absl::StatusOr<Index<Retention>> ParseRetentions(absl::string_view text);
absl::StatusOr<Index<LegalRule>> ParseRules(absl::string_view text);
absl::StatusOr<std::vector<ViolationPair>> ParseViolationPairs(absl::string_view text,
                                                               const Index<Violation>& violations);
// `files` are all tables: a conflict names rows of one by their first column.
absl::StatusOr<std::vector<Conflict>> ParseConflicts(
    absl::string_view text, const std::map<std::string, std::string>& files);

absl::StatusOr<Index<BawasluOffice>> ParseBawasluOffices(absl::string_view text,
                                                         const Index<Region>& regions);
// Patterns as in ParseAuthorities. By AgencyKey.
absl::StatusOr<Index<Agency>> ParseAgencies(absl::string_view text, const Index<Region>& regions,
                                            const Index<Authority>& authorities);

// Patterns as in ParseAuthorities; `{PP}` in `alternate` is the province of the one that stands for
// `{PP.KK}`. In the order of the table, those of a pattern last.
absl::StatusOr<std::vector<Alternate>> ParseAlternates(absl::string_view text,
                                                       const Index<Region>& regions,
                                                       const Index<Authority>& authorities);

absl::StatusOr<Index<Holiday>> ParseHolidays(absl::string_view text);
absl::StatusOr<Index<CalendarYear>> ParseCalendarYears(absl::string_view text);

// Exactly one zone for every province.
absl::StatusOr<Index<ZoneRow>> ParseTimeZones(absl::string_view text, const Index<Region>& regions);

absl::StatusOr<Index<Deadline>> ParseDeadlines(absl::string_view text);

absl::StatusOr<Index<PublishedFigure>> ParsePublished(absl::string_view text,
                                                      const Index<Region>& regions,
                                                      const Index<Election>& elections);

// By authority, or `*`. The only table that may have no rows.
absl::StatusOr<Index<Deadline>> ParseFollowUps(absl::string_view text,
                                               const Index<Authority>& authorities);

}  // namespace selaras::reference
