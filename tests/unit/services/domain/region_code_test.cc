#include "services/domain/region_code.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include "services/reference/catalogue.h"

namespace selaras::domain {
namespace {

std::string WhyNot(absl::string_view text) {
  const auto code = ParseRegionCode(text);
  return code.ok() ? "it is well formed" : std::string(code.status().message());
}

TEST(RegionCodes, HaveFourLevels) {
  EXPECT_EQ(ParseRegionCode("13")->level, PlaceLevel::kProvince);
  EXPECT_EQ(ParseRegionCode("13.04")->level, PlaceLevel::kKabupaten);
  EXPECT_EQ(ParseRegionCode("13.71")->level, PlaceLevel::kKota);
  EXPECT_EQ(ParseRegionCode("13.04.05")->level, PlaceLevel::kDistrict);
  EXPECT_EQ(ParseRegionCode("13.04.05.1001")->level, PlaceLevel::kKelurahan);
  const auto desa = ParseRegionCode(" 13.04.05.2001 ");
  EXPECT_EQ(desa->level, PlaceLevel::kDesa);
  EXPECT_EQ(desa->Province(), "13");
  EXPECT_EQ(desa->Regency(), "13.04");
  EXPECT_EQ(desa->Parent(), "13.04.05");
  EXPECT_EQ(ParseRegionCode("13")->Parent(), "");
  EXPECT_EQ(ParseRegionCode("13")->Regency(), "");
}

TEST(RegionCodes, AreReadWithOrWithoutDots) {
  EXPECT_EQ(ParseRegionCode("1304")->code, "13.04");
  EXPECT_EQ(ParseRegionCode("1304052001")->code, "13.04.05.2001");
}

TEST(RegionCodes, MalformedOnesSayWhy) {
  EXPECT_EQ(WhyNot(""), "0 digits; a code has 2, 4, 6 or 10");
  EXPECT_EQ(WhyNot("1"), "1 digit; a code has 2, 4, 6 or 10");
  EXPECT_EQ(WhyNot("13.4"), "3 digits; a code has 2, 4, 6 or 10");
  EXPECT_EQ(WhyNot("13-04"), "not digits and dots");
  EXPECT_EQ(WhyNot("130.4"), "dots not as in 13.04.05.2001");
  EXPECT_EQ(WhyNot("13.0405"), "dots not as in 13.04.05.2001");
  EXPECT_EQ(WhyNot("00"), "province 00");
  EXPECT_EQ(WhyNot("13.00"), "kabupaten 00 (01-69, kota 71-99)");
  EXPECT_EQ(WhyNot("13.70"), "kabupaten 70 (01-69, kota 71-99)");
  EXPECT_EQ(WhyNot("13.04.00"), "district 00");
  EXPECT_EQ(WhyNot("13.04.05.3001"), "village 3001 (kelurahan 1xxx, desa 2xxx)");
}

TEST(RegionCodes, EveryRegionOfTheCatalogueIsReadAtItsLevel) {
  const auto loaded = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  for (const reference::Region& region : (*loaded)->regions()) {
    for (const std::string& text : {region.code, absl::StrReplaceAll(region.code, {{".", ""}})}) {
      const auto code = ParseRegionCode(text);
      ASSERT_TRUE(code.ok()) << text << ": " << code.status();
      EXPECT_EQ(code->code, region.code);
      EXPECT_EQ(code->Parent(), region.parent);
      EXPECT_EQ(code->level == PlaceLevel::kKota, region.level == reference::RegionLevel::kKota);
    }
  }
}

TEST(BawasluOfficeCodes, AreAnotherSystem) {
  EXPECT_EQ(ParseBawasluOfficeCode("0319")->code, "03.19");
  EXPECT_EQ(ParseBawasluOfficeCode("03")->Province(), "03");
  EXPECT_EQ(ParseBawasluOfficeCode("03.19.01").status().message(), "6 digits; a code has 2 or 4");
  EXPECT_EQ(ParseBawasluOfficeCode("031.9").status().message(), "dots not as in 03.19");
  const auto loaded = reference::LoadCatalogue(SELARAS_SOURCE_DIR "/deploy/reference");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->FindBawasluOffice(ParseBawasluOfficeCode("0319")->code)->region, "13.04");
  EXPECT_EQ((*loaded)->FindBawasluOffice("03")->region, "13");
  EXPECT_EQ((*loaded)->FindBawasluOffice("13.04"), nullptr);
}

}  // namespace
}  // namespace selaras::domain
