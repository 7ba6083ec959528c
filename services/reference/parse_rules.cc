#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kSanctionColumns[] = {
    "code",     "regime",          "level",      "text_id",      "valid_from",
    "valid_to", "duration_months", "applies_to", "appeal_route", "replaces",
    "mark",     "source"};
constexpr absl::string_view kViolationColumns[] = {
    "code",           "class",          "phase", "slug", "text_id", "basis",
    "sanction_level", "sanction_basis", "tags",  "mark", "source"};
constexpr absl::string_view kClauseColumns[] = {"code",        "text_id", "level",
                                                "level_basis", "mark",    "source"};

// A level that nobody could impose would be a dead end for every case that has it.
absl::Status CheckLevel(const Cell& cell, SanctionLevel level, const Index<Sanction>& sanctions) {
  const auto rows = sanctions.rows();
  const bool exists = std::any_of(rows.begin(), rows.end(),
                                  [&](const Sanction& row) { return row.level == level; });
  if (exists) return absl::OkStatus();
  return BadCell(cell, absl::StrCat("sanctions.tsv has no sanction of level ", NameOf(level)));
}

}  // namespace

absl::StatusOr<Index<Sanction>> ParseSanctions(absl::string_view text) {
  Index<Sanction> sanctions;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("sanctions.tsv", text, kSanctionColumns));
  for (const Row& row : rows) {
    Sanction sanction;
    ASSIGN_OR_RETURN(sanction.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(sanction.regime, ReadText(row["regime"]));
    ASSIGN_OR_RETURN(sanction.level, ReadWord(row["level"], kSanctionLevels));
    ASSIGN_OR_RETURN(sanction.text, ReadText(row["text_id"]));
    ASSIGN_OR_RETURN(sanction.valid_from, ReadOptionalDate(row["valid_from"]));
    ASSIGN_OR_RETURN(sanction.valid_to, ReadOptionalDate(row["valid_to"]));
    RETURN_IF_ERROR(CheckInterval(row["valid_to"], sanction.valid_from, sanction.valid_to));
    ASSIGN_OR_RETURN(sanction.duration_months, ReadOptionalCount(row["duration_months"]));
    ASSIGN_OR_RETURN(sanction.applies_to, ReadWord(row["applies_to"], kEmploymentStatuses));
    ASSIGN_OR_RETURN(sanction.appeal_route, ReadWord(row["appeal_route"], kAppealRoutes));
    sanction.replaces = std::string(row["replaces"].text);
    ASSIGN_OR_RETURN(sanction.provenance, ReadProvenance(row));
    const std::string code = sanction.code;
    if (!sanctions.Add(code, std::move(sanction))) return Duplicate(row["code"]);
  }
  for (const Row& row : rows) {
    const Cell cell = row["replaces"];
    if (!cell.text.empty() && sanctions.Find(cell.text) == nullptr) {
      return BadCell(cell, absl::StrCat("no sanction \"", cell.text, "\""));
    }
  }
  return sanctions;
}

absl::StatusOr<Index<Violation>> ParseViolations(absl::string_view text,
                                                 const Index<Sanction>& sanctions) {
  Index<Violation> violations;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("violations.tsv", text, kViolationColumns));
  for (const Row& row : rows) {
    Violation violation;
    ASSIGN_OR_RETURN(violation.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(violation.violation_class, ReadWord(row["class"], kViolationClasses));
    ASSIGN_OR_RETURN(violation.phase, ReadWord(row["phase"], kViolationPhases));
    ASSIGN_OR_RETURN(violation.slug, ReadText(row["slug"]));
    ASSIGN_OR_RETURN(violation.text, ReadText(row["text_id"]));
    ASSIGN_OR_RETURN(violation.basis, ReadText(row["basis"]));
    ASSIGN_OR_RETURN(violation.sanction_level, ReadWord(row["sanction_level"], kSanctionLevels));
    RETURN_IF_ERROR(CheckLevel(row["sanction_level"], violation.sanction_level, sanctions));
    ASSIGN_OR_RETURN(violation.sanction_basis, ReadText(row["sanction_basis"]));
    ASSIGN_OR_RETURN(violation.tags, ReadList(row["tags"]));
    ASSIGN_OR_RETURN(violation.provenance, ReadProvenance(row));
    const std::string code = violation.code;
    if (!violations.Add(code, std::move(violation))) return Duplicate(row["code"]);
  }
  return violations;
}

absl::StatusOr<Index<DisciplineClause>> ParseClauses(absl::string_view text,
                                                     const Index<Sanction>& sanctions) {
  Index<DisciplineClause> clauses;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("pp94_pasal5n.tsv", text, kClauseColumns));
  for (const Row& row : rows) {
    DisciplineClause clause;
    ASSIGN_OR_RETURN(clause.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(clause.text, ReadText(row["text_id"]));
    for (const absl::string_view word : absl::StrSplit(row["level"].text, "_or_")) {
      Cell one = row["level"];
      one.text = word;
      ASSIGN_OR_RETURN(const SanctionLevel level, ReadWord(one, kSanctionLevels));
      RETURN_IF_ERROR(CheckLevel(one, level, sanctions));
      clause.levels.push_back(level);
    }
    ASSIGN_OR_RETURN(clause.level_basis, ReadText(row["level_basis"]));
    ASSIGN_OR_RETURN(clause.provenance, ReadProvenance(row));
    const std::string code = clause.code;
    if (!clauses.Add(code, std::move(clause))) return Duplicate(row["code"]);
  }
  return clauses;
}

}  // namespace selaras::reference
