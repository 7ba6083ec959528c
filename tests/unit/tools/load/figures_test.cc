#include "tools/load/figures.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace selaras::load {
namespace {

Figures Hundred() {
  Figures figures{
      .name = "unary", .in_flight = 4, .operations = 200, .elapsed = absl::Milliseconds(500)};
  for (std::uint64_t i = 1; i <= 100; ++i) figures.latencies.push_back(i * 10);
  return figures;
}

TEST(Figures, AreOneLine) { EXPECT_EQ(FiguresLine(Hundred()), "unary,4,400.0,500,990"); }

TEST(Figures, AreAnObjectWithTheDistribution) {
  const auto object = nlohmann::json::parse(FiguresJson(Hundred()));
  EXPECT_EQ(object["name"], "unary");
  EXPECT_EQ(object["calls"], 100);
  EXPECT_EQ(object["ops_per_s"], 400.0);
  EXPECT_EQ(object["mean_us"], 505.0);
  EXPECT_EQ(object["percentiles_us"]["0"], 10);
  EXPECT_EQ(object["percentiles_us"]["50"], 500);
  EXPECT_EQ(object["percentiles_us"]["99.9"], 1000);
  EXPECT_EQ(object["percentiles_us"]["100"], 1000);
}

TEST(Figures, OfNothingAreZero) {
  EXPECT_EQ(FiguresLine({.name = "batch"}), "batch,1,0.0,0,0");
  EXPECT_EQ(nlohmann::json::parse(FiguresJson({}))["mean_us"], 0);
}

}  // namespace
}  // namespace selaras::load
