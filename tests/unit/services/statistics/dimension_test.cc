#include "services/statistics/dimension.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/domain/transitions.h"
#include "tests/support/commands.h"

namespace selaras::statistics {
namespace {

namespace v1 = query::v1;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

TEST(Dimension, EveryStateOfACaseHasAPlace) {
  const auto places = ValuesOf(v1::STATISTICS_DIMENSION_PLACE, "", *test::ShippedCatalogue());
  EXPECT_EQ(places.size(), 10u);
  for (int state = 1; state <= v1::CaseState_MAX; ++state) {
    ASSERT_TRUE(v1::CaseState_IsValid(state));
    const std::string place(PlaceOf(static_cast<v1::CaseState>(state)));
    if (domain::IsOfNotice(static_cast<domain::State>(state))) {
      EXPECT_EQ(place, "") << "no case yet";
      continue;
    }
    EXPECT_THAT(places, Contains(place)) << state;
    EXPECT_TRUE(!IsRecommended(place) || IsForwarded(place)) << place;
  }
  EXPECT_EQ(PlaceOf(v1::CASE_STATE_UNSPECIFIED), "");
  EXPECT_FALSE(IsForwarded(""));
}

TEST(Dimension, TheReferenceDataNameValuesOfEach) {
  for (const Dimension dimension : Dimensions()) {
    const auto values = ValuesOf(dimension, "", *test::ShippedCatalogue());
    EXPECT_THAT(values, Not(IsEmpty())) << NameOf(dimension);
    EXPECT_EQ(std::set<std::string>(values.begin(), values.end()).size(), values.size())
        << NameOf(dimension);
    EXPECT_FALSE(SectionsOf(dimension).empty());
  }
}

TEST(Dimension, ARegionIsInItsProvinceAndNotInOneThatBeginsAlike) {
  EXPECT_TRUE(IsIn("13.04", "13"));
  EXPECT_TRUE(IsIn("13", "13"));
  EXPECT_TRUE(IsIn("", ""));
  EXPECT_TRUE(IsIn("13.04", ""));
  EXPECT_FALSE(IsIn("13", "13.04"));
  EXPECT_FALSE(IsIn("13.04", "1"));
  EXPECT_EQ(ProvinceOf("13.04"), "13");
  EXPECT_EQ(ProvinceOf("13"), "13");
  EXPECT_EQ(ValuesOf(v1::STATISTICS_DIMENSION_REGION, "13", *test::ShippedCatalogue()).size(), 20u);
}

}  // namespace
}  // namespace selaras::statistics
