#include <algorithm>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/reference/deadline_words.h"
#include "services/reference/errors.h"
#include "services/reference/parse.h"
#include "services/reference/table.h"
#include "storage/base/status.h"

namespace selaras::reference {
namespace {

constexpr absl::string_view kDeadlineColumns[] = {
    "id",           "regime",  "step",    "anchor",  "n",          "unit",
    "basis",        "on_miss", "on",      "only_if", "count_from", "met_by",
    "suspended_by", "duty",    "watcher", "rungs",   "valid_from", "valid_to",
    "conflict",     "mark",    "source",  "note"};
constexpr absl::string_view kFollowUpColumns[] = {"authority", "n",    "unit",   "rungs",
                                                  "basis",     "mark", "source", "note"};
constexpr absl::string_view kYearColumns[] = {"year", "complete", "mark", "source", "note"};
constexpr absl::string_view kZoneColumns[] = {"region", "zone", "mark", "source", "note"};

constexpr absl::string_view kDueOf = "due:";
constexpr absl::string_view kEverybody = "*";
constexpr int kRungMax = 999;

absl::StatusOr<std::vector<std::string>> ReadMoments(const Cell& cell) {
  ASSIGN_OR_RETURN(std::vector<std::string> moments, ReadList(cell));
  for (const std::string& moment : moments) {
    if (std::find(std::begin(kDeadlineMoments), std::end(kDeadlineMoments), moment) ==
        std::end(kDeadlineMoments)) {
      Cell one = cell;
      one.text = moment;
      return UnknownWord(one, kDeadlineMoments);
    }
  }
  return moments;
}

absl::StatusOr<std::vector<int>> ReadRungs(const Cell& cell) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, ReadList(cell));
  std::vector<int> rungs;
  for (const std::string& word : words) {
    int rung = 0;
    // Written in one way only: no plus sign, no leading zero.
    if (!absl::SimpleAtoi(word, &rung) || absl::StrCat(rung) != word || rung < -kRungMax ||
        rung > kRungMax) {
      return BadCell(cell,
                     absl::StrCat("\"", word, "\" is not a number -", kRungMax, " to ", kRungMax));
    }
    if (!rungs.empty() && rung <= rungs.back()) {
      return BadCell(cell, absl::StrCat(rung, " does not come after ", rungs.back(),
                                        "; write them rising, e.g. -2,0,7"));
    }
    rungs.push_back(rung);
  }
  return rungs;
}

// `on` is moments, or the due day of a row above.
absl::Status ReadAnchor(const Cell& cell, const Index<Deadline>& above, Deadline* deadline) {
  absl::string_view id = cell.text;
  if (!absl::ConsumePrefix(&id, kDueOf)) {
    ASSIGN_OR_RETURN(deadline->on, ReadMoments(cell));
    if (deadline->on.empty()) return BadCell(cell, "empty");
    return absl::OkStatus();
  }
  const Deadline* other = above.Find(id);
  if (other == nullptr) return BadCell(cell, absl::StrCat("no row \"", id, "\" stands above"));
  if (other->unit == DeadlineUnit::kHours) {
    return BadCell(cell, absl::StrCat(id, " is due at an hour, not on a day"));
  }
  deadline->on_due_of = std::string(id);
  return absl::OkStatus();
}

absl::Status CheckWholes(const Row& row, const Deadline& deadline) {
  if ((deadline.unit == DeadlineUnit::kHours) != (deadline.count_from == CountFrom::kInstant)) {
    return BadCell(row["count_from"], "hours are counted from the instant, days are not");
  }
  if (deadline.unit == DeadlineUnit::kHours && !deadline.on_due_of.empty()) {
    return BadCell(row["on"], "hours are not counted from a due day");
  }
  if (deadline.met_by.empty() != (deadline.duty == DeadlineRole::kNobody)) {
    return BadCell(row["met_by"], "what somebody owes is met by something, and nothing else is");
  }
  if (deadline.watcher != DeadlineRole::kIntake && deadline.watcher != DeadlineRole::kReferral &&
      deadline.watcher != DeadlineRole::kSanction && deadline.watcher != DeadlineRole::kAuthor &&
      deadline.watcher != DeadlineRole::kNobody) {
    return BadCell(row["watcher"], "only an authority watches, or nobody");
  }
  if (!deadline.rungs.empty() && deadline.watcher == DeadlineRole::kNobody) {
    return BadCell(row["rungs"], "somebody must watch, so that a rung is recorded");
  }
  if (deadline.conflict.empty() == (deadline.provenance.mark == Mark::kConflict)) {
    return BadCell(row["conflict"], "names a conflict where the mark is C, and only there");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Index<Deadline>> ParseDeadlines(absl::string_view text) {
  Index<Deadline> deadlines;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("deadlines.tsv", text, kDeadlineColumns));
  for (const Row& row : rows) {
    Deadline deadline;
    ASSIGN_OR_RETURN(deadline.id, ReadText(row["id"]));
    ASSIGN_OR_RETURN(deadline.regime, ReadText(row["regime"]));
    if (std::find(std::begin(kDeadlineRegimes), std::end(kDeadlineRegimes), deadline.regime) ==
        std::end(kDeadlineRegimes)) {
      return UnknownWord(row["regime"], kDeadlineRegimes);
    }
    ASSIGN_OR_RETURN(deadline.step, ReadText(row["step"]));
    ASSIGN_OR_RETURN(deadline.anchor, ReadText(row["anchor"]));
    ASSIGN_OR_RETURN(deadline.count, ReadCount(row["n"]));
    ASSIGN_OR_RETURN(deadline.unit, ReadWord(row["unit"], kDeadlineUnits));
    ASSIGN_OR_RETURN(deadline.basis, ReadText(row["basis"]));
    deadline.on_miss = std::string(row["on_miss"].text);
    RETURN_IF_ERROR(ReadAnchor(row["on"], deadlines, &deadline));
    if (!row["only_if"].text.empty()) {
      ASSIGN_OR_RETURN(deadline.only_if, ReadWord(row["only_if"], kDeadlineConditions));
    }
    ASSIGN_OR_RETURN(deadline.count_from, ReadWord(row["count_from"], kCountFrom));
    ASSIGN_OR_RETURN(deadline.met_by, ReadMoments(row["met_by"]));
    ASSIGN_OR_RETURN(deadline.suspended_by, ReadMoments(row["suspended_by"]));
    ASSIGN_OR_RETURN(deadline.duty, ReadWord(row["duty"], kDeadlineRoles));
    ASSIGN_OR_RETURN(deadline.watcher, ReadWord(row["watcher"], kDeadlineRoles));
    ASSIGN_OR_RETURN(deadline.rungs, ReadRungs(row["rungs"]));
    ASSIGN_OR_RETURN(deadline.valid_from, ReadOptionalDate(row["valid_from"]));
    ASSIGN_OR_RETURN(deadline.valid_to, ReadOptionalDate(row["valid_to"]));
    RETURN_IF_ERROR(CheckInterval(row["valid_to"], deadline.valid_from, deadline.valid_to));
    deadline.conflict = std::string(row["conflict"].text);
    ASSIGN_OR_RETURN(deadline.provenance, ReadProvenance(row));
    deadline.note = std::string(row["note"].text);
    RETURN_IF_ERROR(CheckWholes(row, deadline));
    const std::string id = deadline.id;
    if (!deadlines.Add(id, std::move(deadline))) return Duplicate(row["id"]);
  }
  return deadlines;
}

absl::StatusOr<Index<Deadline>> ParseFollowUps(absl::string_view text,
                                               const Index<Authority>& authorities) {
  Index<Deadline> follow_ups;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("follow_up.tsv", text, kFollowUpColumns, MayBeEmpty::kYes));
  for (const Row& row : rows) {
    const Cell authority = row["authority"];
    const Authority* known = authorities.Find(authority.text);
    if (authority.text != kEverybody &&
        (known == nullptr || known->role != AuthorityRole::kSanction)) {
      return BadCell(authority, absl::StrCat("no PPK \"", authority.text,
                                             "\"; write an authority that decides on sanctions, "
                                             "or * for all"));
    }
    Deadline deadline;
    deadline.id = "D-29";
    deadline.regime = "tindak_lanjut";
    deadline.step = "PPK menindaklanjuti rekomendasi";
    deadline.anchor = "rekomendasi diterima";
    ASSIGN_OR_RETURN(deadline.count, ReadCount(row["n"]));
    ASSIGN_OR_RETURN(deadline.unit, ReadWord(row["unit"], kDeadlineUnits));
    deadline.count_from =
        deadline.unit == DeadlineUnit::kHours ? CountFrom::kInstant : CountFrom::kNextDay;
    ASSIGN_OR_RETURN(deadline.rungs, ReadRungs(row["rungs"]));
    ASSIGN_OR_RETURN(deadline.basis, ReadText(row["basis"]));
    deadline.on = {"recommendation_received"};
    deadline.met_by = {"decided", "not_sanctioned"};
    deadline.duty = DeadlineRole::kSanction;
    deadline.watcher = DeadlineRole::kReferral;
    ASSIGN_OR_RETURN(deadline.provenance, ReadProvenance(row));
    if (deadline.provenance.mark == Mark::kConflict) {
      return BadCell(row["mark"], "what an operator sets is not in conflict");
    }
    deadline.note = std::string(row["note"].text);
    if (!follow_ups.Add(std::string(authority.text), std::move(deadline))) {
      return Duplicate(authority);
    }
  }
  return follow_ups;
}

absl::StatusOr<Index<CalendarYear>> ParseCalendarYears(absl::string_view text) {
  Index<CalendarYear> years;
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   ParseTable("calendar_years.tsv", text, kYearColumns));
  for (const Row& row : rows) {
    CalendarYear year;
    ASSIGN_OR_RETURN(year.year, ReadCount(row["year"]));
    ASSIGN_OR_RETURN(year.complete, ReadWord(row["complete"], kYesNo));
    ASSIGN_OR_RETURN(year.provenance, ReadProvenance(row));
    year.note = std::string(row["note"].text);
    const std::string key = absl::StrCat(year.year);
    if (!years.Add(key, std::move(year))) return Duplicate(row["year"]);
  }
  return years;
}

absl::StatusOr<Index<ZoneRow>> ParseTimeZones(absl::string_view text,
                                              const Index<Region>& regions) {
  constexpr absl::string_view kFile = "time_zones.tsv";
  Index<ZoneRow> zones;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ParseTable(kFile, text, kZoneColumns));
  for (const Row& row : rows) {
    ZoneRow zone;
    ASSIGN_OR_RETURN(zone.region, ReadText(row["region"]));
    const Region* region = regions.Find(zone.region);
    if (region == nullptr || region->level != RegionLevel::kProvince) {
      return BadCell(row["region"], absl::StrCat("no province \"", zone.region, "\""));
    }
    ASSIGN_OR_RETURN(zone.zone, ReadWord(row["zone"], kTimeZones));
    ASSIGN_OR_RETURN(zone.provenance, ReadProvenance(row));
    zone.note = std::string(row["note"].text);
    if (!zones.Add(std::string(row["region"].text), std::move(zone))) {
      return Duplicate(row["region"]);
    }
  }
  for (const Region& region : regions.rows()) {
    if (region.level == RegionLevel::kProvince && zones.Find(region.code) == nullptr) {
      return BadTable(kFile, absl::StrCat("no zone for province ", region.code, "; add a row"));
    }
  }
  return zones;
}

}  // namespace selaras::reference
