#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "selaras/query/v1/query.pb.h"

#include "services/reference/catalogue.h"

// Cases as tables of other systems: what their people can read in, or compare with. What is known
// of those systems, and how well, stands with every column (and in README.md).
namespace selaras::bridges {

enum class System { kHukdis, kSbt };

// `hukdis`, `sbt`.
absl::string_view NameOf(System system);

// How far one can rely on a column.
enum class Mark {
  kPublished,  // the words are those that the system itself shows in public
  kReported,   // name and form are those of a third party's client; never compared with the system
  kOwn,        // of Selaras; the system may have it under another name, or not at all
};

// `published`, `reported`, `own`.
absl::string_view NameOf(Mark mark);

struct Column {
  absl::string_view name;
  Mark mark = Mark::kOwn;
  bool filled = true;  // false: nobody but the system knows its codes; left empty
  absl::string_view about;
};

// Left to right.
std::span<const Column> ColumnsOf(System system);

// What a node shows of a case.
struct Shown {
  const query::v1::Case& the_case;
  const query::v1::GetTimelineResponse& timeline;
  std::string in_force_on;  // ListDeadlinesResponse.in_force_on; empty: not in force, or not known
};

// Whether the system has a row for the case: hukdis once a sanction was decided, SBT once it has a
// word for where the case stands. Without the timeline a guess on the safe side: never false for a
// case that has a row.
bool MayHaveRow(System system, const query::v1::Case& recorded);
bool HasRow(System system, const Shown& shown);

// One cell a column. Nothing that rule 8 protects, wherever it is read.
std::vector<std::string> RowOf(System system, const Shown& shown,
                               const reference::Catalogue& catalogue);

// The cells of a line of CSV (RFC 4180); none that a spreadsheet would take for a formula.
std::string CsvLine(const std::vector<std::string>& cells);
std::string HeaderLine(System system);

// `06-09-2024`, as SIASN is reported to write days. Empty, or as it is, for what is no day.
std::string DayMonthYear(absl::string_view iso);

}  // namespace selaras::bridges
