#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Codes of places. Two systems that look alike and are kept apart: those of the Ministry of Home
// Affairs, and those of Bawaslu's offices, where Sumatera Barat is 03 and not 13.
namespace selaras::domain {

enum class PlaceLevel { kProvince, kKabupaten, kKota, kDistrict, kKelurahan, kDesa };

// A code of the Ministry, well formed. Whether it is or was in use, the catalogue says, down to
// kabupaten and kota.
struct RegionCode {
  std::string code;  // `PP`, `PP.KK`, `PP.KK.CC` or `PP.KK.CC.DDDD`
  PlaceLevel level = PlaceLevel::kProvince;

  std::string Province() const { return code.substr(0, 2); }
  // `PP.KK`; empty for a province.
  std::string Regency() const { return code.size() < 5 ? "" : code.substr(0, 5); }
  // The code above; empty for a province.
  std::string Parent() const;
};

// Reads `13.04.05.2001` and `1304052001`. INVALID_ARGUMENT with the reason alone: "not digits and
// dots", "3 digits; a code has 2, 4, 6 or 10", "dots not as in 13.04.05.2001", "province 00",
// "kabupaten 70 (01-69, kota 71-99)", "district 00", "village 3001 (kelurahan 1xxx, desa 2xxx)".
absl::StatusOr<RegionCode> ParseRegionCode(absl::string_view text);

// A code of an office of Bawaslu: `03` or `03.19`.
struct BawasluOfficeCode {
  std::string code;
  std::string Province() const { return code.substr(0, 2); }
};

// Reads `03.19` and `0319`. INVALID_ARGUMENT with the reason alone: "not digits and dots",
// "3 digits; a code has 2 or 4", "dots not as in 03.19".
absl::StatusOr<BawasluOfficeCode> ParseBawasluOfficeCode(absl::string_view text);

}  // namespace selaras::domain
