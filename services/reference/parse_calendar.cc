#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kHolidayColumns[] = {"date", "kind", "name", "mark", "source"};

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

}  // namespace selaras::reference
