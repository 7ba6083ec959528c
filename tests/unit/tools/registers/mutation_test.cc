#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "sample.h"
#include "tests/support/random.h"
#include "tools/registers/header.h"
#include "tools/registers/register.h"

namespace selaras::registers {
namespace {

constexpr int kMutations = 100'000;

// Changes that files suffer: bytes lost, doubled or replaced, and marks of the format.
void Mutate(std::mt19937_64& random, std::string& text) {
  constexpr absl::string_view kMarks[] = {"\"",   ",",    ";", "\t",   "\n",     "\r\n",
                                          "|",    "-",    "/", "\xFF", "\u00A0", "0",
                                          "E+17", "\"\"", " ", "\xC3", "99.99",  "diteruskan"};
  const std::size_t at = test::Between(random, 0, text.size());
  const std::size_t count = std::min<std::size_t>(test::Between(random, 1, 40), text.size() - at);
  switch (test::Between(random, 0, 4)) {
    case 0:
      text.erase(at, count);
      break;
    case 1:
      text.insert(at, text.substr(at, count));
      break;
    case 2:
      text.insert(at, std::string(kMarks[test::Between(random, 0, std::size(kMarks) - 1)]));
      break;
    case 3:
      if (at < text.size()) text[at] = static_cast<char>(test::Between(random, 0, 255));
      break;
    default:
      text.resize(at);
      break;
  }
}

// A plan is complete, and can be sent: a message with text that is not UTF-8 cannot be
// parsed again.
void CheckPlan(const Plan& plan) {
  EXPECT_FALSE(plan.authority.empty());
  EXPECT_FALSE(plan.number.empty());
  EXPECT_GT(plan.line, 1);
  EXPECT_LE(plan.request_id.size(), 128U);
  std::visit(
      [](const auto& commands) {
        EXPECT_FALSE(commands.empty());
        for (auto command : commands) {
          EXPECT_TRUE(command.ParseFromString(command.SerializeAsString()));
        }
      },
      plan.commands);
}

void CheckRefusal(Kind kind, const Refusal& refusal) {
  const auto columns = ColumnsOf(kind);
  EXPECT_NE(std::find(columns.begin(), columns.end(), refusal.column), columns.end());
  EXPECT_FALSE(refusal.why.empty());
}

TEST(Mutations, NoFileStopsTheReaderOrGivesHalfAPlan) {
  auto random = test::SeededRandom();
  const std::string files[] = {
      FileOf(Kind::kBawaslu, {BawasluCells(), BawasluCells({{"uraian", "a\n\"b\""}})}),
      FileOf(Kind::kBkn, {BknCells(), BknCells({{"nomor_agenda", "AG,2"}})}),
      FileOf(Kind::kBkpsdm, {BkpsdmCells()})};
  int read_count = 0;
  int plans = 0;
  int refusals = 0;
  for (int i = 0; i < kMutations && !testing::Test::HasFailure(); ++i) {
    std::string text = files[test::Between(random, 0, std::size(files) - 1)];
    for (auto times = test::Between(random, 1, 4); times > 0; --times) Mutate(random, text);
    const auto read = ReadRegister(text, ShippedCatalogue());
    if (!read.ok()) {
      EXPECT_FALSE(read.status().message().empty());
      continue;
    }
    ++read_count;
    for (const PlannedRow& row : read->rows) {
      if (const auto* plan = std::get_if<Plan>(&row)) {
        ++plans;
        CheckPlan(*plan);
      } else if (const auto* refusal = std::get_if<Refusal>(&row)) {
        ++refusals;
        CheckRefusal(read->kind, *refusal);
      }
    }
  }
  // The mutations reach what lies behind the header, and some leave a row good.
  EXPECT_GT(read_count, kMutations / 10);
  EXPECT_GT(plans, kMutations / 100);
  EXPECT_GT(refusals, kMutations / 100);
}

}  // namespace
}  // namespace selaras::registers
