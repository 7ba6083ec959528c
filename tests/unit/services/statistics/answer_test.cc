#include "services/statistics/answer.h"

#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/refusal.h"
#include "services/statistics/count.h"
#include "services/statistics/counts.h"
#include "services/statistics/suppress.h"
#include "tests/support/case_values.h"
#include "tests/support/commands.h"
#include "tests/support/random.h"

namespace selaras::statistics {
namespace {

namespace v1 = query::v1;
using test::ValuesIn;
using testing::HasSubstr;

const reference::Catalogue& Catalogue() { return *test::ShippedCatalogue(); }

v1::StatisticsContact Heard(std::span<const domain::Section>, absl::string_view) {
  return v1::STATISTICS_CONTACT_HEARD;
}

// Cases as GetCase might show them, with any combination of values.
class Population {
 public:
  Population(std::mt19937_64& random, std::size_t cases) : random_(random) {
    for (std::size_t i = 0; i < cases; ++i) cases_.push_back(SomeCase());
  }

  const std::vector<v1::Case>& cases() const { return cases_; }

  // Added up block by block, as a node keeps them.
  std::map<std::pair<std::string, std::string>, Counts> Blocks() const {
    static const Counter counter(test::ShippedCatalogue());
    const domain::CaseFold fold;
    std::map<std::pair<std::string, std::string>, Counts> blocks;
    for (const v1::Case& one : cases_) {
      blocks[{one.election(), one.agency_region()}].Add(counter.CountCase(one, {&fold, {}}));
    }
    return blocks;
  }
  // The numbers of persons, by where each has cases.
  std::vector<storage::v1::StoredCounts> Persons() const {
    std::map<std::string, std::set<std::pair<std::string, std::string>>> stands;
    for (const v1::Case& one : cases_) {
      if (one.respondent().nip().empty()) continue;
      stands[one.respondent().nip()].insert({one.election(), one.agency_region()});
    }
    std::vector<storage::v1::StoredCounts> rows;
    for (const auto& [nip, blocks] : stands) {
      auto& row = rows.emplace_back();
      row.set_persons(1);
      row.set_election(blocks.begin()->first);
      row.set_region(blocks.begin()->second);
      for (auto block = std::next(blocks.begin()); block != blocks.end(); ++block) {
        row.add_also()->set_election(block->first);
        row.mutable_also()->rbegin()->set_region(block->second);
      }
    }
    return rows;
  }

 private:
  std::string Pick(std::initializer_list<const char*> values) {
    return *(values.begin() + test::Between(random_, 0, values.size() - 1));
  }
  v1::Case SomeCase() {
    v1::Case one;
    one.set_election(Pick({"PILKADA-2020", "PILKADA-2024", "PEMILU-2024", ""}));
    one.set_agency_region(Pick({"13.01", "13.04", "13", "73.71", "32.06", ""}));
    one.set_phase(static_cast<event::v1::ElectionPhase>(test::Between(random_, 0, 2)));
    one.set_incident_on(Pick({"2024-10-01", "2020-09-30", "2020-12-09", ""}));
    // What comes after are notices, which are no cases.
    one.set_state(static_cast<v1::CaseState>(test::Between(random_, 1, v1::CASE_STATE_DELEGATED)));
    for (std::uint64_t i = test::Between(random_, 0, 3); i > 0; --i) {
      one.add_violations_found(Pick({"KE-01", "KE-02", "HD-04"}));
      one.add_violations_alleged(Pick({"KE-01", "KE-05"}));
      one.add_motives(Pick({"karier", "persaudaraan", "dipaksa_atasan"}));
      one.add_blockers(Pick({"pejabat_plt", "tidak-ada-di-daftar"}));
    }
    one.set_sanction_recommended(Pick({"", "M-T", "R-1"}));
    one.set_sanction_imposed(Pick({"", "M-T", "R-1", "B-1"}));
    one.set_source(Pick({"temuan", "laporan", "wbs"}));
    one.set_position_kind(Pick({"fungsional", "pengawas", ""}));
    one.set_employment_status(Pick({"PNS", "PPPK", ""}));
    one.set_role(Pick({"", "terlapor", "penggerak"}));
    one.set_violation_recommended(Pick({"", "KE-01", "HD-04"}));
    one.set_identified(test::Between(random_, 0, 3) > 0);
    if (one.identified()) {
      one.mutable_respondent()->set_nip(absl::StrCat("nip-", test::Between(random_, 1, 60)));
    }
    one.set_objected(test::Between(random_, 0, 9) == 0);
    return one;
  }

  std::mt19937_64& random_;
  std::vector<v1::Case> cases_;
};

v1::GetStatisticsResponse Ask(const v1::GetStatisticsRequest& request,
                              const Population& population) {
  EXPECT_TRUE(Answer::Check(request, true, Catalogue()).ok());
  Answer answer(request, true, {""}, absl::FromUnixSeconds(1'740'000'000), Catalogue());
  for (const auto& [block, counts] : population.Blocks()) {
    answer.Take(counts.ToStored(block.first, block.second));
  }
  for (const auto& row : population.Persons()) answer.Take(row);
  v1::GetStatisticsResponse response;
  answer.Fill(Heard, &response);
  return response;
}

bool HasReference(Dimension dimension) {
  return dimension != v1::STATISTICS_DIMENSION_ELECTION_STAGE &&
         dimension != v1::STATISTICS_DIMENSION_PLACE &&
         dimension != v1::STATISTICS_DIMENSION_OVERDUE &&
         dimension != v1::STATISTICS_DIMENSION_REPORT_SOURCE;
}

bool Wanted(const v1::Case& one, const v1::GetStatisticsRequest& request) {
  bool election = request.elections().empty();
  for (const std::string& code : request.elections()) election |= code == one.election();
  return election && (request.region().empty() ||
                      (one.agency_region() + ".").rfind(request.region() + ".", 0) == 0);
}

std::string GroupIn(const v1::Case& one, const v1::GetStatisticsRequest& request) {
  const auto values = ValuesIn(one, request.across());
  return values.empty() ? "" : *values.begin();
}

v1::GetStatisticsRequest SomeQuestion(std::mt19937_64& random) {
  v1::GetStatisticsRequest request;
  if (test::Between(random, 0, 1) == 0) request.add_elections("PILKADA-2024");
  if (test::Between(random, 0, 2) == 0) request.add_elections("PILKADA-2020");
  const std::vector<std::string> regions = {"", "13", "13.04", "73"};
  const std::string& region = regions[test::Between(random, 0, regions.size() - 1)];
  request.set_region(region);
  request.set_across(static_cast<Dimension>(test::Between(random, 0, 3)));
  for (const Dimension dimension : Dimensions()) {
    if (dimension != request.across()) request.add_by(dimension);
  }
  return request;
}

using Cells = std::map<std::tuple<int, std::string, std::string>, std::uint64_t>;

TEST(Answer, EveryNumberIsThatOfTheObviousCount) {
  auto random = test::SeededRandom();
  for (int round = 0; round < 40; ++round) {
    const Population population(random, test::Between(random, 0, 150));
    const auto request = SomeQuestion(random);
    Cells expected;
    for (const v1::Case& one : population.cases()) {
      if (!Wanted(one, request)) continue;
      for (const int by : request.by()) {
        for (const auto& value : ValuesIn(one, static_cast<Dimension>(by))) {
          ++expected[{by, GroupIn(one, request), value}];
        }
      }
    }
    Cells counted;
    const auto response = Ask(request, population);
    for (const auto& table : response.tables()) {
      if (!HasReference(table.dimension())) continue;
      for (const auto& cell : table.cells()) {
        if (cell.count() > 0)
          counted[{table.dimension(), cell.group(), cell.value()}] = cell.count();
      }
    }
    EXPECT_EQ(counted, expected);
  }
}

TEST(Answer, TheCellsOfAPartitionAddUpToTheCasesOfTheirGroup) {
  auto random = test::SeededRandom();
  for (int round = 0; round < 40; ++round) {
    const Population population(random, test::Between(random, 0, 200));
    const auto response = Ask(SomeQuestion(random), population);
    std::map<std::string, std::uint64_t> cases;
    std::map<std::string, std::uint64_t> reports;
    for (const auto& figure : response.figures()) {
      if (figure.name() == "cases") cases[figure.group()] = figure.count();
      if (figure.name() == "reports") reports[figure.group()] = figure.count();
    }
    for (const auto& table : response.tables()) {
      const auto& totals = table.unit() == v1::STATISTICS_UNIT_DOCUMENT ? reports : cases;
      std::map<std::string, std::uint64_t> sums;
      for (const auto& [group, count] : totals) sums[group] = 0;
      for (const auto& cell : table.cells()) sums[cell.group()] += cell.count();
      for (const auto& [group, sum] : sums) {
        const std::uint64_t total = totals.at(group);
        if (!table.several()) {
          EXPECT_EQ(sum, total) << NameOf(table.dimension()) << " of " << group;
        } else if (table.dimension() != v1::STATISTICS_DIMENSION_OVERDUE) {
          EXPECT_GE(sum, total) << NameOf(table.dimension()) << " of " << group;
        }
      }
    }
  }
}

std::map<std::string, std::uint64_t> FigureByGroup(const v1::GetStatisticsResponse& response,
                                                   absl::string_view name) {
  std::map<std::string, std::uint64_t> found;
  for (const auto& figure : response.figures()) {
    if (figure.name() == name) found[figure.group()] = figure.count();
  }
  return found;
}

v1::GetStatisticsRequest OfPersons(const v1::GetStatisticsRequest& request) {
  v1::GetStatisticsRequest persons = request;
  persons.set_unit(v1::STATISTICS_UNIT_PERSON);
  persons.clear_by();
  for (const Dimension dimension : Dimensions()) {
    if (IsPlain(dimension) && dimension != request.across()) persons.add_by(dimension);
  }
  return persons;
}

TEST(Answer, APersonCountsOnceInEveryGroupAndCellAndWhoIsNotIdentifiedNowhere) {
  auto random = test::SeededRandom();
  int in_several = 0;
  for (int round = 0; round < 60; ++round) {
    const Population population(random, test::Between(random, 0, 150));
    const auto request = OfPersons(SomeQuestion(random));
    std::map<std::string, std::set<std::string>> persons;
    std::map<std::string, std::uint64_t> open;
    std::map<std::tuple<int, std::string, std::string>, std::set<std::string>> cells;
    for (const v1::Case& one : population.cases()) {
      if (!Wanted(one, request)) continue;
      const std::string& nip = one.respondent().nip();
      if (nip.empty()) {
        ++open[GroupIn(one, request)];
        continue;
      }
      persons[GroupIn(one, request)].insert(nip);
      for (const int by : request.by()) {
        const auto value = *ValuesIn(one, static_cast<Dimension>(by)).begin();
        cells[{by, GroupIn(one, request), value}].insert(nip);
      }
    }
    const auto response = Ask(request, population);
    for (const auto& [group, count] : FigureByGroup(response, "persons")) {
      EXPECT_EQ(count, persons[group].size()) << group;
    }
    for (const auto& [group, count] : FigureByGroup(response, "identity_open")) {
      EXPECT_EQ(count, open[group]) << group;
    }
    for (const auto& table : response.tables()) {
      EXPECT_EQ(table.unit(), v1::STATISTICS_UNIT_PERSON);
      EXPECT_TRUE(table.several()) << "they do not add up, and it says so";
      std::map<std::string, std::uint64_t> sums;
      for (const auto& cell : table.cells()) {
        const auto key =
            std::tuple(static_cast<int>(table.dimension()), cell.group(), cell.value());
        EXPECT_EQ(cell.count(), cells[key].size()) << cell.value();
        sums[cell.group()] += cell.count();
      }
      for (const auto& [group, sum] : sums) {
        EXPECT_GE(sum, persons[group].size());
        in_several += sum > persons[group].size() ? 1 : 0;
      }
    }
  }
  EXPECT_GT(in_several, 10);
}

TEST(Answer, NumbersOfPersonsSayThatTheyDoNotAddUp) {
  auto random = test::SeededRandom();
  const auto response = Ask({}, Population(random, 20));
  for (const auto& figure : response.figures()) {
    EXPECT_EQ(figure.several(), figure.unit() == v1::STATISTICS_UNIT_PERSON) << figure.name();
  }
}

// The sums and differences that a reader of one public answer can make.
void ExpectNothingSmallFollows(const v1::GetStatisticsResponse& shown) {
  const auto small = [](std::int64_t count) { return count > 0 && count < kPublicMin; };
  std::map<std::string, std::map<std::string, std::int64_t>> by_group;
  std::int64_t sum = 0;
  for (const auto& figure : shown.figures()) {
    if (figure.suppressed()) continue;
    const auto count = static_cast<std::int64_t>(figure.count());
    by_group[figure.group()][figure.name()] = count;
  }
  for (auto& [group, figures] : by_group) {
    const bool whole = figures.contains("cases") && figures.contains("identity_open");
    if (whole) {
      EXPECT_FALSE(small(figures["cases"] - figures["identity_open"])) << group;
    }
    if (!figures.contains("persons") || !figures.contains("cases")) continue;
    EXPECT_FALSE(small(figures["cases"] - figures["persons"])) << group;
    if (whole) {
      EXPECT_FALSE(small(figures["cases"] - figures["persons"] - figures["identity_open"]));
    }
    for (const auto& table : shown.tables()) {
      if (table.unit() != v1::STATISTICS_UNIT_PERSON) continue;
      sum = 0;
      bool all = true;
      for (const auto& cell : table.cells()) {
        if (cell.group() != group) continue;
        all = all && !cell.suppressed();
        sum += static_cast<std::int64_t>(cell.count());
      }
      if (all) {
        EXPECT_FALSE(small(sum - figures["persons"])) << "who stands in several";
      }
    }
  }
}

TEST(Answer, NothingSmallFollowsFromPublishedPersons) {
  auto random = test::SeededRandom();
  int shown = 0;
  int withheld = 0;
  for (int round = 0; round < 200; ++round) {
    const Population population(random, test::Between(random, 0, 200));
    auto request = OfPersons(SomeQuestion(random));
    request.set_public_(true);
    if (request.across() != v1::STATISTICS_DIMENSION_UNSPECIFIED) {
      request.clear_by();
    } else {
      request.mutable_by()->Truncate(1);
    }
    const auto response = Ask(request, population);
    for (const auto& figure : response.figures()) {
      EXPECT_TRUE(figure.count() == 0 || figure.count() >= kPublicMin) << figure.name();
      if (figure.name() != "persons" || (figure.count() == 0 && !figure.suppressed())) continue;
      ++(figure.suppressed() ? withheld : shown);
    }
    for (const auto& table : response.tables()) {
      for (const auto& cell : table.cells()) {
        EXPECT_TRUE(cell.count() == 0 || cell.count() >= kPublicMin);
      }
    }
    ExpectNothingSmallFollows(response);
  }
  EXPECT_GT(shown, 20);
  EXPECT_GT(withheld, 20);
}

TEST(Answer, GroupsAddUpToTheWhole) {
  auto random = test::SeededRandom();
  const Population population(random, 300);
  for (const Dimension across : {v1::STATISTICS_DIMENSION_ELECTION, v1::STATISTICS_DIMENSION_REGION,
                                 v1::STATISTICS_DIMENSION_PROVINCE}) {
    v1::GetStatisticsRequest request;
    for (const Dimension dimension : Dimensions()) {
      if (!IsPlain(dimension)) request.add_by(dimension);
    }
    const auto whole = Ask(request, population);
    request.set_across(across);
    const auto parts = Ask(request, population);
    for (int i = 0; i < whole.tables_size(); ++i) {
      std::map<std::string, std::uint64_t> left;
      for (const auto& cell : whole.tables(i).cells()) left[cell.value()] += cell.count();
      for (const auto& cell : parts.tables(i).cells()) left[cell.value()] -= cell.count();
      for (const auto& [value, count] : left) EXPECT_EQ(count, 0u) << value;
    }
  }
}

TEST(Answer, NothingSmallIsPublishedAndNothingFollowsFromATotal) {
  auto random = test::SeededRandom();
  int suppressed = 0;
  for (int round = 0; round < 60; ++round) {
    const Population population(random, test::Between(random, 0, 120));
    v1::GetStatisticsRequest request = SomeQuestion(random);
    request.set_public_(true);
    request.clear_by();
    for (const Dimension dimension : Dimensions()) {
      const bool nested = dimension == v1::STATISTICS_DIMENSION_STATE || IsPlain(dimension);
      if (!nested) request.add_by(dimension);
    }
    const auto open = [&] {
      v1::GetStatisticsRequest same = request;
      same.set_public_(false);
      return Ask(same, population);
    }();
    const auto shown = Ask(request, population);
    EXPECT_EQ(shown.suppressed_below(), kPublicMin);
    std::map<std::string, bool> total_shown;
    for (const auto& figure : shown.figures()) {
      EXPECT_TRUE(figure.count() == 0 || figure.count() >= kPublicMin) << figure.name();
      EXPECT_TRUE(!figure.suppressed() || figure.count() == 0);
      if (figure.name() == "cases") total_shown[figure.group()] = !figure.suppressed();
    }
    for (int t = 0; t < shown.tables_size(); ++t) {
      const auto& table = shown.tables(t);
      std::map<std::string, std::vector<std::uint64_t>> hidden;
      for (int c = 0; c < table.cells_size(); ++c) {
        const auto& cell = table.cells(c);
        EXPECT_TRUE(cell.suppressed() || cell.count() == 0 || cell.count() >= kPublicMin);
        if (!cell.suppressed()) continue;
        EXPECT_EQ(cell.count(), 0u);
        hidden[cell.group()].push_back(open.tables(t).cells(c).count());
        ++suppressed;
      }
      for (const auto& [group, counts] : hidden) {
        if (!total_shown[group]) continue;
        EXPECT_GE(counts.size(), 2u) << NameOf(table.dimension()) << " of " << group;
        std::uint64_t sum = 0;
        for (const auto count : counts) sum += count;
        EXPECT_GT(sum, counts.size()) << "all ones";
      }
    }
  }
  EXPECT_GT(suppressed, 100);
}

TEST(Answer, PublicDurationsNeitherRestOnFewCasesNorTellHowMany) {
  storage::v1::StoredCounts block;
  block.set_election("PILKADA-2024");
  block.set_region("13.04");
  block.set_cases(20);
  for (const std::uint64_t cases : {4u, 5u}) {
    auto* days = block.add_days();
    days->set_stage(static_cast<std::uint32_t>(cases));
    days->add_buckets(30);
    days->add_counts(cases);
    days->set_out_of_order(1);
  }
  v1::GetStatisticsRequest request;
  request.set_public_(true);
  Answer answer(request, true, {""}, absl::UnixEpoch(), Catalogue());
  answer.Take(block);
  v1::GetStatisticsResponse response;
  answer.Fill(Heard, &response);
  ASSERT_EQ(response.durations_size(), 2);
  EXPECT_TRUE(response.durations(0).suppressed());
  EXPECT_EQ(response.durations(0).median_days(), 0u);
  EXPECT_EQ(response.durations(1).median_days(), 30u);
  for (const auto& duration : response.durations()) {
    EXPECT_EQ(duration.cases(), 0u);
    EXPECT_EQ(duration.out_of_order(), 0u);
  }
}

TEST(Answer, OverdueIsCountedAsOfTheMomentOfTheQuestion) {
  storage::v1::StoredCounts block;
  block.set_cases(5);
  for (const std::string deadline : {"", "D-08"}) {
    auto* due = block.add_due();
    due->set_deadline(deadline);
    for (const int end : {100, 200, 300}) {
      due->add_ends(end);
      due->add_counts(end == 200 ? 3 : 1);
    }
  }
  for (const auto& [at, expected] : {std::pair{99, 0u}, {100, 1u}, {250, 4u}, {300, 5u}}) {
    v1::GetStatisticsRequest request;
    request.add_by(v1::STATISTICS_DIMENSION_OVERDUE);
    Answer answer(request, true, {""}, absl::FromUnixSeconds(at), Catalogue());
    answer.Take(block);
    v1::GetStatisticsResponse response;
    answer.Fill(Heard, &response);
    for (const auto& figure : response.figures()) {
      if (figure.name() == "overdue") {
        EXPECT_EQ(figure.count(), expected);
      }
    }
    for (const auto& cell : response.tables(0).cells()) {
      EXPECT_EQ(cell.count(), cell.value() == "D-08" ? expected : 0u);
    }
  }
}

TEST(Answer, ElectionsAreComparedByRegionThatVotedAndConflictsStayVisible) {
  Answer answer({}, true, {""}, absl::UnixEpoch(), Catalogue());
  storage::v1::StoredCounts block;
  block.set_region("13.04");
  block.set_election("PILKADA-2020");
  block.set_cases(1'010);
  answer.Take(block);
  block.set_election("PILKADA-2024");
  block.set_cases(109);
  answer.Take(block);
  v1::GetStatisticsResponse response;
  answer.Fill(Heard, &response);
  std::vector<std::string> rates;
  for (const auto& rate : response.rates()) {
    rates.push_back(absl::StrCat(rate.election(), " ", rate.cases(), "/", rate.voting_regions(),
                                 " = ", rate.rate(), " ", rate.mark()));
  }
  EXPECT_THAT(rates, testing::ElementsAre("PILKADA-2020 1010/270 = 3.74 C",
                                          "PILKADA-2020 1010/170 = 5.94 C",
                                          "PILKADA-2024 109/545 = 0.20 R"));
}

TEST(Answer, PublishedFiguresStandBesideAndAreOfTheSameElectionsAndRegion) {
  v1::GetStatisticsRequest request;
  request.add_elections("PEMILU-2019");
  request.set_region("13");
  request.set_published(true);
  Answer answer(request, true, {""}, absl::UnixEpoch(), Catalogue());
  v1::GetStatisticsResponse response;
  answer.Fill(Heard, &response);
  ASSERT_EQ(response.published_size(), 1);
  EXPECT_EQ(response.published(0).figure_id(), "ST-070");
  EXPECT_EQ(response.published(0).value(), "27");
  EXPECT_EQ(response.published(0).unit(), "kasus");
  EXPECT_EQ(response.published(0).publisher(), "Bawaslu Sumbar");
  EXPECT_EQ(response.figures(0).count(), 0u) << "never mixed";
}

TEST(Answer, AQuestionThatCannotBeAnsweredIsRefusedWithTheReason) {
  const auto refusal = [](auto change, bool office = true) {
    v1::GetStatisticsRequest request;
    change(request);
    const auto status = Answer::Check(request, office, Catalogue());
    EXPECT_EQ(domain::ReasonOf(status), status.ok() ? "" : "INVALID_FIELD");
    return std::string(status.message());
  };
  using R = v1::GetStatisticsRequest;
  EXPECT_THAT(refusal([](R& r) { r.add_elections("PILKADES"); }), HasSubstr("unknown election"));
  EXPECT_THAT(refusal([](R& r) { r.set_region("99"); }), HasSubstr("unknown region"));
  EXPECT_THAT(refusal([](R& r) { r.set_across(v1::STATISTICS_DIMENSION_STATE); }),
              HasSubstr("must be election, province or region"));
  EXPECT_THAT(refusal([](R& r) { r.add_by(v1::STATISTICS_DIMENSION_UNSPECIFIED); }),
              HasSubstr("unknown dimension"));
  EXPECT_THAT(refusal([](R& r) {
                r.add_by(v1::STATISTICS_DIMENSION_STATE);
                r.add_by(v1::STATISTICS_DIMENSION_STATE);
              }),
              HasSubstr("state is asked for twice"));
  EXPECT_THAT(refusal([](R& r) { r.add_by(v1::STATISTICS_DIMENSION_MOTIVE); }, false),
              HasSubstr("never leaves Bawaslu"));
  EXPECT_EQ(refusal([](R& r) { r.add_by(v1::STATISTICS_DIMENSION_MOTIVE); }), "");
  EXPECT_THAT(refusal([](R& r) {
                r.set_public_(true);
                r.add_by(v1::STATISTICS_DIMENSION_STATE);
                r.add_by(v1::STATISTICS_DIMENSION_PLACE);
              }),
              HasSubstr("would give away small numbers"));
  EXPECT_THAT(refusal([](R& r) { r.set_unit(v1::STATISTICS_UNIT_DOCUMENT); }),
              HasSubstr("must be person, or unset"));
  EXPECT_THAT(refusal([](R& r) {
                r.set_unit(v1::STATISTICS_UNIT_PERSON);
                r.add_by(v1::STATISTICS_DIMENSION_POSITION);
              }),
              HasSubstr("position is said of a case"));
  EXPECT_THAT(refusal([](R& r) {
                r.set_public_(true);
                r.set_unit(v1::STATISTICS_UNIT_PERSON);
                r.set_across(v1::STATISTICS_DIMENSION_ELECTION);
                r.add_by(v1::STATISTICS_DIMENSION_REGION);
              }),
              HasSubstr("who stands in several places"));
}

}  // namespace
}  // namespace selaras::statistics
