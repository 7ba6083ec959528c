#include <algorithm>

#include "absl/strings/str_cat.h"

#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kElectionColumns[] = {"code", "name", "regime", "region", "stage",
                                                  "from", "to",   "mark",   "source", "note"};
constexpr absl::string_view kHolidayColumns[] = {"date", "kind", "name", "mark", "source"};
constexpr absl::string_view kDeadlineColumns[] = {
    "id", "regime", "step", "anchor", "n", "unit", "basis", "on_miss", "mark", "source", "note"};
constexpr absl::string_view kEverywhere = "*";

absl::StatusOr<ElectionPeriod> ReadPeriod(const Row& row, const Index<Region>& regions) {
  ElectionPeriod period;
  ASSIGN_OR_RETURN(period.region, ReadText(row["region"]));
  if (period.region != kEverywhere && regions.Find(period.region) == nullptr) {
    return BadCell(row["region"], absl::StrCat("no region \"", period.region, "\""));
  }
  ASSIGN_OR_RETURN(period.stage, ReadWord(row["stage"], kElectionStages));
  ASSIGN_OR_RETURN(period.from, ReadDate(row["from"]));
  ASSIGN_OR_RETURN(period.to, ReadDate(row["to"]));
  RETURN_IF_ERROR(CheckInterval(row["to"], period.from, period.to));
  ASSIGN_OR_RETURN(period.provenance, ReadProvenance(row));
  period.note = std::string(row["note"].text);
  return period;
}

}  // namespace

absl::StatusOr<Index<Election>> ParseElections(absl::string_view text,
                                               const Index<Region>& regions) {
  std::vector<Election> elections;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("elections.tsv", text, kElectionColumns));
  for (const Row& row : rows) {
    Election election;
    ASSIGN_OR_RETURN(election.code, ReadText(row["code"]));
    ASSIGN_OR_RETURN(election.name, ReadText(row["name"]));
    ASSIGN_OR_RETURN(election.regime, ReadWord(row["regime"], kElectionRegimes));
    ASSIGN_OR_RETURN(ElectionPeriod period, ReadPeriod(row, regions));

    auto known = std::find_if(elections.begin(), elections.end(),
                              [&](const Election& other) { return other.code == election.code; });
    if (known == elections.end()) {
      known = elections.insert(elections.end(), std::move(election));
    } else if (known->name != election.name) {
      return BadCell(row["name"], absl::StrCat(known->code, " is \"", known->name, "\" above"));
    } else if (known->regime != election.regime) {
      return BadCell(row["regime"],
                     absl::StrCat(known->code, " is ", NameOf(known->regime), " above"));
    }
    for (const ElectionPeriod& other : known->periods) {
      if (other.region == period.region && other.stage == period.stage) {
        return Duplicate(row["stage"]);
      }
    }
    known->periods.push_back(std::move(period));
  }

  Index<Election> index;
  for (Election& election : elections) {
    const std::string code = election.code;
    index.Add(code, std::move(election));
  }
  return index;
}

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
