#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kHolidayColumns[] = {"date", "kind", "name", "mark", "source"};
constexpr absl::string_view kDeadlineColumns[] = {
    "id", "regime", "step", "anchor", "n", "unit", "basis", "on_miss", "mark", "source", "note"};

}  // namespace

absl::StatusOr<Index<Holiday>> ParseHolidays(absl::string_view text) {
  Index<Holiday> holidays;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable("holidays.tsv", text, kHolidayColumns));
  for (const Row& row : rows) {
    Holiday holiday;
    ASSIGN_OR_RETURN(holiday.date, ReadDate(row["date"]));
    ASSIGN_OR_RETURN(holiday.kind, ReadWord(row["kind"], kHolidayKinds));
    ASSIGN_OR_RETURN(holiday.name, ReadText(row["name"]));
    ASSIGN_OR_RETURN(holiday.provenance, ReadProvenance(row));
    const std::string date = holiday.date.ToIso();
    if (!holidays.Add(date, std::move(holiday))) return Duplicate(row["date"]);
  }
  return holidays;
}

absl::StatusOr<Index<Deadline>> ParseDeadlines(absl::string_view text) {
  Index<Deadline> deadlines;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("deadlines.tsv", text, kDeadlineColumns));
  for (const Row& row : rows) {
    Deadline deadline;
    ASSIGN_OR_RETURN(deadline.id, ReadText(row["id"]));
    ASSIGN_OR_RETURN(deadline.regime, ReadText(row["regime"]));
    ASSIGN_OR_RETURN(deadline.step, ReadText(row["step"]));
    ASSIGN_OR_RETURN(deadline.anchor, ReadText(row["anchor"]));
    ASSIGN_OR_RETURN(deadline.count, ReadCount(row["n"]));
    ASSIGN_OR_RETURN(deadline.unit, ReadWord(row["unit"], kDeadlineUnits));
    ASSIGN_OR_RETURN(deadline.basis, ReadText(row["basis"]));
    deadline.on_miss = std::string(row["on_miss"].text);
    ASSIGN_OR_RETURN(deadline.provenance, ReadProvenance(row));
    deadline.note = std::string(row["note"].text);
    const std::string id = deadline.id;
    if (!deadlines.Add(id, std::move(deadline))) return Duplicate(row["id"]);
  }
  return deadlines;
}

}  // namespace selaras::reference
