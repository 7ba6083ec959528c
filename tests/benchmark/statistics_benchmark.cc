// How long a node takes to answer about many cases, and how much memory that needs.
//
//   statistics_benchmark [CASES]      1,000,000 if not given
//
// Numbers are kept as the projector keeps them: one row for each election and region, with due
// moments and durations. Prints one line a question. Build it with `ninja statistics_benchmark`,
// for times that mean something in build/release.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>
#include <sys/resource.h>

#include "services/domain/fold.h"
#include "services/node/rows.h"
#include "services/node/statistics.h"
#include "services/statistics/count.h"
#include "services/statistics/counts.h"
#include "services/statistics/days.h"
#include "storage/base/check.h"
#include "tests/support/case_node.h"
#include "tests/support/commands.h"

namespace selaras {
namespace {

namespace v1 = query::v1;
using Block = std::pair<std::string, std::string>;

constexpr int kKinds = 5'000;  // different cases

std::uint64_t Below(std::mt19937_64& random, std::uint64_t limit) { return random() % limit; }

long MaxResidentMib() {
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

template <typename Values>
std::string Pick(std::mt19937_64& random, const Values& values) {
  return values[Below(random, values.size())];
}

std::vector<storage::v1::StoredCounts> Kinds(std::mt19937_64& random) {
  const auto catalogue = test::ShippedCatalogue();
  const statistics::Counter counter(catalogue);
  const auto values = [&](v1::StatisticsDimension dimension) {
    return statistics::ValuesOf(dimension, "", *catalogue);
  };
  const domain::CaseFold fold;
  std::vector<storage::v1::StoredCounts> kinds;
  for (int i = 0; i < kKinds; ++i) {
    v1::Case one;
    one.set_state(static_cast<v1::CaseState>(1 + Below(random, v1::CASE_STATE_DELEGATED)));
    one.set_phase(static_cast<event::v1::ElectionPhase>(1 + Below(random, 2)));
    one.add_violations_found(Pick(random, values(v1::STATISTICS_DIMENSION_VIOLATION_FOUND)));
    one.add_violations_alleged(Pick(random, values(v1::STATISTICS_DIMENSION_VIOLATION_FOUND)));
    one.set_sanction_recommended(Pick(random, values(v1::STATISTICS_DIMENSION_SANCTION_IMPOSED)));
    one.set_sanction_imposed(Pick(random, values(v1::STATISTICS_DIMENSION_SANCTION_IMPOSED)));
    one.add_motives(Pick(random, values(v1::STATISTICS_DIMENSION_MOTIVE)));
    one.set_source(Pick(random, values(v1::STATISTICS_DIMENSION_SOURCE)));
    one.set_position_kind(Pick(random, values(v1::STATISTICS_DIMENSION_POSITION)));
    one.set_employment_status("PNS");
    auto counts = counter.CountCase(one, {&fold, {}});
    for (const std::string deadline : {"", "D-16"}) {
      auto* due = counts.add_due();
      due->set_deadline(deadline);
      due->add_ends(1'700'000'000 + static_cast<std::int64_t>(Below(random, 1'500)) * 86'400);
      due->add_counts(1);
    }
    for (std::uint32_t stage = 1; stage <= 7; ++stage) {
      auto* days = counts.add_days();
      days->set_stage(stage);
      days->add_buckets(statistics::BucketOf(static_cast<std::uint32_t>(Below(random, 700))));
      days->add_counts(1);
    }
    kinds.push_back(std::move(counts));
  }
  return kinds;
}

// A person a case, but one in a hundred has cases in two places.
void AddPersons(std::uint64_t cases, const std::map<Block, statistics::Counts>& blocks,
                std::mt19937_64& random, std::map<std::string, storage::v1::StoredCounts>* rows) {
  std::vector<Block> places;
  for (const auto& [block, counts] : blocks) places.push_back(block);
  for (std::uint64_t i = 0; i < cases; ++i) {
    Block first = places[Below(random, places.size())];
    Block second = i % 100 == 0 ? places[Below(random, places.size())] : first;
    if (second < first) std::swap(first, second);
    std::string key = node::rows::Numbers("", first.first, first.second);
    if (second != first) key = node::rows::NumbersAlso(key, second.first, second.second);
    auto& row = (*rows)[key];
    row.set_persons(row.persons() + 1);
    if (second == first || row.also_size() > 0) continue;
    row.set_election(first.first);
    row.set_region(first.second);
    row.add_also()->set_election(second.first);
    row.mutable_also(0)->set_region(second.second);
  }
}

// The rows of so many cases in all elections and regions.
void Fill(log::Store& store, std::uint64_t cases, std::mt19937_64& random) {
  const auto catalogue = test::ShippedCatalogue();
  const auto kinds = Kinds(random);
  std::map<Block, statistics::Counts> blocks;
  for (std::uint64_t i = 0; i < cases; ++i) {
    const auto& election = catalogue->elections()[Below(random, catalogue->elections().size())];
    const auto& region = catalogue->regions()[Below(random, catalogue->regions().size())];
    blocks[{election.code, region.code}].Add(kinds[Below(random, kinds.size())]);
  }
  std::map<std::string, storage::v1::StoredCounts> rows;
  for (const auto& [block, counts] : blocks) {
    rows[node::rows::Numbers("", block.first, block.second)] =
        counts.ToStored(block.first, block.second);
  }
  AddPersons(cases, blocks, random, &rows);
  std::size_t bytes = 0;
  for (const auto& [key, counts] : rows) {
    const std::string row = counts.SerializeAsString();
    bytes += row.size();
    const auto written = store.Write({{log::Table::kView, key, row}}, log::Durability::kUnsynced);
    SELARAS_CHECK(written.ok()) << written.ToString();
  }
  std::printf("%zu rows, %.1f MiB\n", rows.size(), static_cast<double>(bytes) / (1 << 20));
}

void Measure(const char* name, const test::CaseNode& node,
             const v1::GetStatisticsRequest& request) {
  const node::StatisticsReader reader(node.store(), node.directory(), domain::Section::kIntake);
  double slowest = 0;
  std::uint64_t cases = 0;
  for (int i = 0; i < 5; ++i) {
    const auto began = std::chrono::steady_clock::now();
    const auto response = reader.GetStatistics(request, node.viewer(), node.now);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    SELARAS_CHECK(response.ok()) << response.status().ToString();
    slowest = std::max(slowest, took.count());
    cases = 0;
    for (const auto& figure : response->figures()) {
      if (figure.name() == "cases") cases += figure.count();
    }
  }
  std::printf("%-28s %10llu cases  slowest of 5: %7.1f ms\n", name,
              static_cast<unsigned long long>(cases), slowest);
}

void Run(std::uint64_t cases) {
  std::mt19937_64 random(1);
  test::CaseNode node(test::BawasluNode(), {test::BknNode(), test::TanahDatar()});
  Fill(node.store(), cases, random);
  ::malloc_trim(0);  // or the first question pays for what filling left behind
  const long before = MaxResidentMib();
  v1::GetStatisticsRequest overview;
  Measure("overview", node, overview);
  v1::GetStatisticsRequest all;
  for (int i = 1; i <= v1::StatisticsDimension_MAX; ++i) {
    all.add_by(static_cast<v1::StatisticsDimension>(i));
  }
  Measure("every dimension", node, all);
  v1::GetStatisticsRequest elections;
  elections.set_across(v1::STATISTICS_DIMENSION_ELECTION);
  elections.add_by(v1::STATISTICS_DIMENSION_VIOLATION_FOUND);
  Measure("violations of all elections", node, elections);
  v1::GetStatisticsRequest province;
  province.set_region("13");
  province.add_by(v1::STATISTICS_DIMENSION_REGION);
  Measure("regions of one province", node, province);
  v1::GetStatisticsRequest persons;
  persons.set_unit(v1::STATISTICS_UNIT_PERSON);
  persons.add_by(v1::STATISTICS_DIMENSION_ELECTION);
  persons.add_by(v1::STATISTICS_DIMENSION_REGION);
  Measure("persons", node, persons);
  all.set_public_(true);
  all.clear_by();
  all.add_by(v1::STATISTICS_DIMENSION_REGION);
  all.add_by(v1::STATISTICS_DIMENSION_VIOLATION_FOUND);
  Measure("for publication", node, all);
  std::printf("memory for the answers: %ld MiB above the rows\n", MaxResidentMib() - before);
}

}  // namespace
}  // namespace selaras

int main(int argc, char** argv) {
  selaras::Run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000);
  return 0;
}
