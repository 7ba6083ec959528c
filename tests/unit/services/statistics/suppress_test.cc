#include "services/statistics/suppress.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "gtest/gtest.h"
#include "tests/support/random.h"

namespace selaras::statistics {
namespace {

using Numbers = std::vector<std::uint64_t>;

Line AllOf(const Numbers& counts) {
  Line line(counts.size());
  std::iota(line.begin(), line.end(), std::size_t{0});
  return line;
}

// All that a reader can think the hidden numbers of a line are: at least one each, with this sum.
void Solve(std::uint64_t left, std::size_t cells, std::vector<std::uint64_t>* so_far,
           std::vector<std::set<std::uint64_t>>* possible) {
  if (cells == 0) {
    if (left != 0) return;
    for (std::size_t i = 0; i < so_far->size(); ++i) (*possible)[i].insert((*so_far)[i]);
    return;
  }
  for (std::uint64_t count = 1; count + (cells - 1) <= left; ++count) {
    so_far->push_back(count);
    Solve(left - count, cells - 1, so_far, possible);
    so_far->pop_back();
  }
}

TEST(Suppress, ASmallNumberTakesTheNextSmallestWithIt) {
  const Numbers counts = {40, 3, 0, 12, 25};
  std::vector<bool> hidden(counts.size());
  EXPECT_TRUE(Suppress(counts, {AllOf(counts)}, &hidden).empty());
  EXPECT_EQ(hidden, (std::vector<bool>{false, true, false, true, false}));
}

TEST(Suppress, NothingIsHiddenWhereNothingIsSmall) {
  const Numbers counts = {40, kPublicMin, 0};
  std::vector<bool> hidden(counts.size());
  EXPECT_TRUE(Suppress(counts, {AllOf(counts)}, &hidden).empty());
  EXPECT_EQ(hidden, std::vector<bool>(3));
}

TEST(Suppress, ASumOfOnesGivesThemAway) {
  const Numbers counts = {1, 1, 1, 1, 1, 1};
  std::vector<bool> hidden(counts.size());
  EXPECT_EQ(Suppress(counts, {AllOf(counts)}, &hidden), std::vector<std::size_t>{0});
}

// The reader knows the sum and every number that is shown.
TEST(Suppress, NoHiddenNumberFollowsFromASum) {
  auto random = test::SeededRandom();
  for (int round = 0; round < 3'000; ++round) {
    Numbers counts(test::Between(random, 1, 6));
    for (auto& count : counts) count = test::Between(random, 0, 9);
    std::vector<bool> hidden(counts.size());
    const auto determined = Suppress(counts, {AllOf(counts)}, &hidden);
    std::uint64_t sum = 0;
    std::size_t cells = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      ASSERT_TRUE(hidden[i] || counts[i] == 0 || counts[i] >= kPublicMin) << "a small one is shown";
      ASSERT_FALSE(hidden[i] && counts[i] == 0);
      if (!hidden[i]) continue;
      sum += counts[i];
      ++cells;
    }
    std::vector<std::set<std::uint64_t>> possible(cells);
    std::vector<std::uint64_t> so_far;
    Solve(sum, cells, &so_far, &possible);
    const bool told = std::any_of(possible.begin(), possible.end(),
                                  [](const auto& values) { return values.size() == 1; });
    EXPECT_EQ(told, !determined.empty());
  }
}

TEST(Suppress, RowsAndColumnsHoldTogether) {
  auto random = test::SeededRandom();
  for (int round = 0; round < 1'000; ++round) {
    const std::size_t rows = test::Between(random, 2, 5);
    const std::size_t columns = test::Between(random, 2, 5);
    Numbers counts(rows * columns);
    for (auto& count : counts) count = test::Between(random, 0, 30);
    std::vector<Line> lines(rows + columns);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      lines[i / columns].push_back(i);
      lines[rows + i % columns].push_back(i);
    }
    std::vector<bool> hidden(counts.size());
    const auto determined = Suppress(counts, lines, &hidden);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (std::count(determined.begin(), determined.end(), i) > 0) continue;
      const auto inside = std::count_if(lines[i].begin(), lines[i].end(),
                                        [&](std::size_t cell) { return hidden[cell]; });
      EXPECT_NE(inside, 1);
    }
  }
}

}  // namespace
}  // namespace selaras::statistics
