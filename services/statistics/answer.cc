// What is asked, and adding up.
#include "services/statistics/answer.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/domain/refusal.h"
#include "services/statistics/suppress.h"
#include "storage/base/status.h"

namespace selaras::statistics {
namespace {

namespace v1 = query::v1;
using domain::BadField;

bool IsPrivate(Dimension dimension) {
  return dimension == v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED ||
         dimension == v1::STATISTICS_DIMENSION_MOTIVE ||
         dimension == v1::STATISTICS_DIMENSION_SOURCE ||
         dimension == v1::STATISTICS_DIMENSION_REPORT_SOURCE;
}

bool IsKnown(Dimension dimension) {
  return dimension != v1::STATISTICS_DIMENSION_UNSPECIFIED &&
         v1::StatisticsDimension_IsValid(dimension);
}

// Of two dimensions whose values are groups of each other's, published sums of one would give away
// what is withheld in the other.
absl::Status CheckPublic(const v1::GetStatisticsRequest& request) {
  const bool across = request.across() != v1::STATISTICS_DIMENSION_UNSPECIFIED;
  if (request.unit() == v1::STATISTICS_UNIT_PERSON && request.by_size() + (across ? 1 : 0) > 1) {
    return BadField("by",
                    "persons by several dimensions in one public answer would give away who stands "
                    "in several places; ask for one of them");
  }
  std::set<int> asked(request.by().begin(), request.by().end());
  asked.insert(request.across());
  for (const auto& [fine, coarse] :
       {std::pair{v1::STATISTICS_DIMENSION_REGION, v1::STATISTICS_DIMENSION_PROVINCE},
        std::pair{v1::STATISTICS_DIMENSION_STATE, v1::STATISTICS_DIMENSION_PLACE}}) {
    if (asked.count(fine) == 0 || asked.count(coarse) == 0) continue;
    return BadField("by", absl::StrCat(NameOf(fine), " and ", NameOf(coarse),
                                       " in one public answer would give away small numbers; "
                                       "ask for one of them"));
  }
  return absl::OkStatus();
}

// Of a plain dimension, or of none.
std::string PlainValue(Dimension dimension, const std::string& election,
                       const std::string& region) {
  switch (dimension) {
    case v1::STATISTICS_DIMENSION_ELECTION:
      return election;
    case v1::STATISTICS_DIMENSION_REGION:
      return region;
    case v1::STATISTICS_DIMENSION_PROVINCE:
      return std::string(ProvinceOf(region));
    default:
      return {};
  }
}

}  // namespace

absl::Status Answer::Check(const v1::GetStatisticsRequest& request, bool office,
                           const reference::Catalogue& catalogue) {
  for (const std::string& election : request.elections()) {
    if (catalogue.FindElection(election) == nullptr) {
      return BadField("elections", absl::StrCat("unknown election \"", election, "\""));
    }
  }
  if (!request.region().empty() && catalogue.FindRegion(request.region()) == nullptr) {
    return BadField("region", absl::StrCat("unknown region \"", request.region(), "\""));
  }
  if (request.across() != v1::STATISTICS_DIMENSION_UNSPECIFIED && !IsPlain(request.across())) {
    return BadField("across", "must be election, province or region");
  }
  const bool persons = request.unit() == v1::STATISTICS_UNIT_PERSON;
  if (request.unit() != v1::STATISTICS_UNIT_UNSPECIFIED && !persons) {
    return BadField("unit", "must be person, or unset");
  }
  std::set<int> seen = {request.across()};
  for (const int number : request.by()) {
    const auto dimension = static_cast<Dimension>(number);
    if (!IsKnown(dimension)) return BadField("by", "unknown dimension");
    if (persons && !IsPlain(dimension)) {
      return BadField("by", absl::StrCat(NameOf(dimension),
                                         " is said of a case; persons are counted by election, "
                                         "region or province"));
    }
    if (IsPrivate(dimension) && !office) {
      return BadField("by", absl::StrCat(NameOf(dimension),
                                         " never leaves Bawaslu; ask the node of the report's "
                                         "office"));
    }
    if (!seen.insert(number).second) {
      return BadField("by", absl::StrCat(NameOf(dimension), " is asked for twice"));
    }
  }
  return request.public_() ? CheckPublic(request) : absl::OkStatus();
}

Answer::Answer(v1::GetStatisticsRequest request, bool office, std::vector<std::string> jurisdiction,
               absl::Time as_of, const reference::Catalogue& catalogue)
    : request_(std::move(request)),
      office_(office),
      jurisdiction_(std::move(jurisdiction)),
      as_of_(absl::ToUnixSeconds(as_of)),
      catalogue_(catalogue),
      dimensions_{v1::STATISTICS_DIMENSION_PLACE} {
  for (const int number : request_.by()) dimensions_.insert(static_cast<Dimension>(number));
  for (const Dimension dimension : dimensions_) tables_[dimension];
  if (request_.across() == v1::STATISTICS_DIMENSION_UNSPECIFIED) cases_[""] = 0;
  if (request_.across() != v1::STATISTICS_DIMENSION_ELECTION) return;
  for (const std::string& election : request_.elections()) cases_[election] = 0;
}

bool Answer::Wants(absl::string_view election, absl::string_view region) const {
  const auto& wanted = request_.elections();
  const bool of_election =
      wanted.empty() || std::find(wanted.begin(), wanted.end(), election) != wanted.end();
  return of_election && IsIn(region, request_.region());
}

std::string Answer::GroupOf(const std::string& election, const std::string& region) const {
  return PlainValue(request_.across(), election, region);
}

// A person counts once in each group and cell in which it stands.
void Answer::TakePersons(const storage::v1::StoredCounts& counts) {
  std::set<std::string> groups;
  std::set<std::pair<Dimension, CellKey>> cells;
  const auto stands_in = [&](const std::string& election, const std::string& region) {
    if (!Wants(election, region)) return;
    const std::string group = GroupOf(election, region);
    groups.insert(group);
    if (!CountsPersons()) return;
    for (const int number : request_.by()) {
      const auto dimension = static_cast<Dimension>(number);
      cells.insert({dimension, {group, PlainValue(dimension, election, region)}});
    }
  };
  stands_in(counts.election(), counts.region());
  for (const auto& also : counts.also()) stands_in(also.election(), also.region());
  if (!groups.empty()) all_persons_ += counts.persons();
  for (const std::string& group : groups) persons_[group] += counts.persons();
  for (const auto& [dimension, cell] : cells) {
    tables_[dimension][cell.first][cell.second] += counts.persons();
  }
}

void Answer::Take(const storage::v1::StoredCounts& counts) {
  if (counts.persons() > 0) TakePersons(counts);
  if (counts.also_size() > 0 || !Wants(counts.election(), counts.region())) return;
  const std::string group = GroupOf(counts.election(), counts.region());
  cases_[group] += counts.cases();
  reports_[group] += counts.reports();
  recommendations_[group] += counts.recommendations();
  identity_open_[group] += counts.identity_open();
  by_election_[counts.election()] += counts.cases();
  const auto add = [&](Dimension dimension, absl::string_view value) {
    const auto table = tables_.find(dimension);
    if (table == tables_.end() || counts.cases() == 0 || CountsPersons()) return;
    table->second[group][std::string(value)] += counts.cases();
  };
  add(v1::STATISTICS_DIMENSION_ELECTION, counts.election());
  add(v1::STATISTICS_DIMENSION_REGION, counts.region());
  add(v1::STATISTICS_DIMENSION_PROVINCE, ProvinceOf(counts.region()));
  for (const auto& count : counts.counts()) {
    const auto table = tables_.find(static_cast<Dimension>(count.dimension()));
    if (table != tables_.end()) table->second[group][count.value()] += count.count();
  }
  TakeDue(counts, group);
  for (const auto& days : counts.days()) {
    Days& to = days_[{group, days.stage()}];
    to.out_of_order += days.out_of_order();
    // By pointer: the accessors of Debian's protobuf are calls into its library.
    const std::uint32_t* const buckets = days.buckets().data();
    const std::uint64_t* const cases = days.counts().data();
    for (int i = 0; i < days.buckets_size(); ++i) to.counts.Add(buckets[i], cases[i]);
  }
}

void Answer::TakeDue(const storage::v1::StoredCounts& counts, const std::string& group) {
  const auto table = tables_.find(v1::STATISTICS_DIMENSION_OVERDUE);
  for (const auto& due : counts.due()) {
    const bool earliest = due.deadline().empty();
    if (!earliest && table == tables_.end()) continue;
    std::uint64_t overdue = 0;
    const std::int64_t* const ends = due.ends().data();
    const auto met = std::upper_bound(ends, ends + due.ends_size(), as_of_) - ends;
    overdue = std::accumulate(due.counts().data(), due.counts().data() + met, overdue);
    if (overdue == 0) continue;
    (earliest ? overdue_[group] : table->second[group][due.deadline()]) += overdue;
  }
}

bool Answer::InJurisdiction(absl::string_view region) const {
  return std::any_of(jurisdiction_.begin(), jurisdiction_.end(),
                     [&](const std::string& own) { return IsIn(region, own); });
}

// What the reference data name and nothing was counted for, so that zero can be told from silence.
void Answer::AddZeros() {
  for (const auto& [group, count] : cases_) {
    reports_[group];
    recommendations_[group];
    overdue_[group];
    persons_[group];
    identity_open_[group];
  }
  for (auto& [dimension, table] : tables_) {
    for (const std::string& value : ValuesOf(dimension, request_.region(), catalogue_)) {
      const bool place = dimension == v1::STATISTICS_DIMENSION_REGION ||
                         dimension == v1::STATISTICS_DIMENSION_PROVINCE;
      if (place && !InJurisdiction(value)) continue;
      if (dimension == v1::STATISTICS_DIMENSION_ELECTION && !Wants(value, request_.region())) {
        continue;
      }
      for (const auto& [group, count] : cases_) {
        if (place &&
            !IsIn(value, request_.across() == v1::STATISTICS_DIMENSION_PROVINCE ? group : "")) {
          continue;
        }
        table[group][value];
      }
    }
  }
}

std::set<Answer::CellKey> Answer::Suppressed(const Table& table) {
  std::vector<CellKey> keys;
  std::vector<std::uint64_t> counts;
  std::vector<bool> hidden;
  std::map<std::string, Line> groups;
  std::map<std::string, Line> values;
  for (const auto& [group, cells] : table) {
    for (const auto& [value, count] : cells) {
      if (!Hidden(group)) groups[group].push_back(keys.size());
      values[value].push_back(keys.size());
      keys.emplace_back(group, value);
      counts.push_back(count);
      hidden.push_back(Hidden(group) && count > 0);
    }
  }
  std::vector<Line> lines;
  std::vector<std::string> names;
  for (const auto& [group, line] : groups) {
    lines.push_back(line);
    names.push_back(group);
  }
  // The sum of a value over all groups is another public answer.
  if (table.size() > 1) {
    for (const auto& [value, line] : values) lines.push_back(line);
  }
  for (const std::size_t line : statistics::Suppress(counts, lines, &hidden)) {
    if (line < names.size()) hidden_groups_.insert(names[line]);
  }
  std::set<CellKey> suppressed;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (hidden[i]) suppressed.insert(keys[i]);
  }
  return suppressed;
}

void Answer::HideSmallGroups() {
  std::vector<std::string> names;
  std::vector<std::uint64_t> counts;
  std::vector<bool> hidden;
  Line all;
  for (const auto& [group, count] : cases_) {
    all.push_back(names.size());
    names.push_back(group);
    counts.push_back(count);
    hidden.push_back(Hidden(group) && count > 0);
  }
  statistics::Suppress(counts, names.size() > 1 ? std::vector<Line>{all} : std::vector<Line>{},
                       &hidden);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (hidden[i]) hidden_groups_.insert(names[i]);
  }
}

// A group of which nothing can be shown takes others with it, so it goes round until nothing new
// is hidden.
void Answer::Suppress() {
  std::size_t before = 0;
  do {
    before = hidden_groups_.size();
    HideSmallGroups();
    for (const auto& [dimension, table] : tables_) hidden_[dimension] = Suppressed(table);
  } while (hidden_groups_.size() > before);
}

}  // namespace selaras::statistics
