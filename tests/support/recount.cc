#include "tests/support/recount.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/node/statistics.h"
#include "tests/support/case_values.h"

namespace selaras::test {
namespace {

namespace v1 = query::v1;
// Number of the dimension and value; numbers of the overview stand at dimension 0, persons by a
// dimension at its negative.
using Numbers = std::map<std::pair<int, std::string>, std::uint64_t>;

constexpr v1::StatisticsDimension kOfPersons[] = {v1::STATISTICS_DIMENSION_ELECTION,
                                                  v1::STATISTICS_DIMENSION_REGION,
                                                  v1::STATISTICS_DIMENSION_PROVINCE};

// Only of a notice is a PPK the first party, also when it was taken back.
bool IsNotice(const v1::Case& shown) {
  return shown.parties_size() > 0 && absl::StartsWith(shown.parties(0), "ppk/");
}

absl::StatusOr<Numbers> Recount(const CaseNode& node, const node::Viewer& viewer) {
  Numbers numbers;
  std::map<std::pair<int, std::string>, std::set<std::string>> persons;
  v1::ListCasesRequest request;
  do {
    const auto page = node.reader().ListCases(request, viewer, node.now);
    if (!page.ok()) return page.status();
    for (const v1::Case& shown : page->cases()) {
      if (IsNotice(shown)) continue;
      ++numbers[{0, "cases"}];
      const std::string& nip = shown.respondent().nip();
      if (nip.empty()) {
        ++numbers[{0, "identity_open"}];
      } else {
        persons[{0, "persons"}].insert(nip);
        for (const auto dimension : kOfPersons) {
          persons[{-dimension, *ValuesIn(shown, dimension).begin()}].insert(nip);
        }
      }
      for (int dimension = 1; dimension <= v1::StatisticsDimension_MAX; ++dimension) {
        for (const auto& value : ValuesIn(shown, static_cast<v1::StatisticsDimension>(dimension))) {
          ++numbers[{dimension, value}];
        }
      }
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  for (const auto& [key, nips] : persons) numbers[key] = nips.size();
  return numbers;
}

absl::StatusOr<Numbers> Kept(const CaseNode& node, const node::Viewer& viewer) {
  const bool office = node.decider().section() == domain::Section::kIntake;
  const node::StatisticsReader reader(node.store(), node.directory(), node.decider().section());
  v1::GetStatisticsRequest request;
  for (int dimension = 1; dimension <= v1::StatisticsDimension_MAX; ++dimension) {
    const bool is_private = dimension == v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED ||
                            dimension == v1::STATISTICS_DIMENSION_MOTIVE ||
                            dimension == v1::STATISTICS_DIMENSION_SOURCE;
    const bool shown =
        !ValuesIn(v1::Case(), static_cast<v1::StatisticsDimension>(dimension)).empty();
    if (shown && (office || !is_private)) {
      request.add_by(static_cast<v1::StatisticsDimension>(dimension));
    }
  }
  const auto response = reader.GetStatistics(request, viewer, node.now);
  if (!response.ok()) return response.status();
  Numbers numbers;
  for (const auto& figure : response->figures()) {
    const bool recounted =
        figure.name() == "cases" || figure.name() == "persons" || figure.name() == "identity_open";
    if (recounted && figure.count() > 0) numbers[{0, figure.name()}] = figure.count();
  }
  v1::GetStatisticsRequest of_persons;
  of_persons.set_unit(v1::STATISTICS_UNIT_PERSON);
  for (const auto dimension : kOfPersons) of_persons.add_by(dimension);
  const auto told = reader.GetStatistics(of_persons, viewer, node.now);
  if (!told.ok()) return told.status();
  for (const auto& table : told->tables()) {
    for (const auto& cell : table.cells()) {
      if (cell.count() > 0) numbers[{-table.dimension(), cell.value()}] = cell.count();
    }
  }
  for (const auto& table : response->tables()) {
    for (const auto& cell : table.cells()) {
      if (cell.count() > 0) numbers[{table.dimension(), cell.value()}] = cell.count();
    }
  }
  return numbers;
}

std::string Difference(const CaseNode& node, const node::Viewer& viewer) {
  auto expected = Recount(node, viewer);
  const auto kept = Kept(node, viewer);
  if (!expected.ok()) return expected.status().ToString();
  if (!kept.ok()) return kept.status().ToString();
  if (node.decider().section() != domain::Section::kIntake) {
    // Not asked for, because only an office that receives reports may know them.
    std::erase_if(*expected, [](const auto& row) {
      return row.first.first == v1::STATISTICS_DIMENSION_VIOLATION_ALLEGED ||
             row.first.first == v1::STATISTICS_DIMENSION_MOTIVE ||
             row.first.first == v1::STATISTICS_DIMENSION_SOURCE;
    });
  }
  for (const Numbers* one : {&std::as_const(*expected), &*kept}) {
    for (const auto& [key, count] : *one) {
      const auto here = expected->find(key);
      const auto there = kept->find(key);
      const std::uint64_t counted = here == expected->end() ? 0 : here->second;
      const std::uint64_t told = there == kept->end() ? 0 : there->second;
      if (counted == told) continue;
      return absl::StrCat(node.name(), ": ", told, " instead of ", counted, " with dimension ",
                          key.first, " ", key.second);
    }
  }
  return {};
}

}  // namespace

std::string DifferenceFromRecount(const CaseNode& node) {
  std::string found = Difference(node, node.viewer());
  for (const std::string& authority : node.directory().own().authorities) {
    if (!found.empty()) break;
    found = Difference(node, {.authorities = {authority}});
  }
  return found;
}

}  // namespace selaras::test
